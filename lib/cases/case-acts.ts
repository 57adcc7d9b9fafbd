import {
  type ActorRole,
  type Facts,
  heldForAuthor,
  recordAct,
  releaseHeldActs,
  type Subject,
  type UsedKind,
  untilPublic,
} from "@/lib/ledger/server";
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

/**
 * Records an act about a case, under its public id. `key` tells the act apart from others of its kind. While the case is
 * not listed (nobody but those named has been told), its acts wait outside of the log, where anybody could read them;
 * `publishCaseActs` lets them in. One that its author wants to sign waits for that, too.
 */
export async function recordCaseAct<Kind extends UsedKind>(
  ctx: Context,
  tx: Transaction,
  row: CaseRow,
  act: {
    kind: Kind;
    predicate: Facts<Kind>;
    key: string | number;
    role: ActorRole;
    /** Its author signs it with a key of their own. */
    ownKey?: boolean | undefined;
  },
): Promise<void> {
  await recordAct(tx, {
    ...((await isListed(tx, row.id))
      ? heldForAuthor(ctx, act.ownKey)
      : { held: { until: untilPublic, forId: act.ownKey ? ctx.viewer.userId : null } }),
    kind: act.kind,
    about: `case:${row.publicId}`,
    subjects: caseSubjects(row),
    predicate: act.predicate,
    actor: { role: act.role, name: ctx.viewer.name },
    dedupKey: `${act.kind}:${row.publicId}:${act.key}`,
    t: ctx.clock.now(),
  });
}

/** Whether everybody may read the case; before that only those named have been told of it. */
export async function isListed(tx: Transaction, caseId: string): Promise<boolean> {
  const { state } = await tx.case.findUniqueOrThrow({ where: { id: caseId }, select: { state: true } });
  return state !== "draft" && state !== "notified";
}

/** To be called when a case has become readable for everybody: opened, or withdrawn before that. */
export async function publishCaseActs(tx: Transaction, row: CaseRow): Promise<void> {
  await releaseHeldActs(tx, `case:${row.publicId}`);
}
