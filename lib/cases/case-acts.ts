import { type ActorRole, type Facts, recordAct, type Subject, type UsedKind } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import type { Transaction } from "@/lib/platform/database";
import type { CaseRow } from "./load-case";

export function caseSubjects(row: CaseRow): Subject[] {
  return row.releases
    .filter((one) => one.role === "original" || one.role === "suspect")
    .map(({ release }) => ({
      name: `${release.source}:${release.repository}`,
      digest: { gitCommit: release.commit },
    }));
}

/** Records a public act about a case, under its public id. `key` tells the act apart from others of its kind. */
export async function recordCaseAct<Kind extends UsedKind>(
  ctx: Context,
  tx: Transaction,
  row: CaseRow,
  act: { kind: Kind; predicate: Facts<Kind>; key: string | number; role: ActorRole },
): Promise<void> {
  await recordAct(tx, {
    kind: act.kind,
    about: `case:${row.publicId}`,
    subjects: caseSubjects(row),
    predicate: act.predicate,
    actor: { role: act.role, name: ctx.viewer.name },
    dedupKey: `${act.kind}:${row.publicId}:${act.key}`,
    t: ctx.clock.now(),
  });
}
