import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Transaction } from "@/lib/platform/database";
import { pagesChanged } from "@/lib/platform/pages";
import { appendCaseEvent } from "./append-case-event";
import { applyPatch } from "./apply-transition";
import { recordCaseAct } from "./case-acts";
import { casePaths } from "./case-paths";
import { findingProblem } from "./finding";
import { findingBasis } from "./finding-basis";
import { accessOf, factsOf, lockCase } from "./load-case";
import { actorOf } from "./policy";
import { findingReason } from "./schema";
import { transition } from "./state";

/**
 * Takes a finding back to "not examined" when it does not stand without the results of a recalled version (which its
 * basis leaves out), by the very rule under which it was made. A resolved case is open again; a withdrawn one stays
 * withdrawn. What sources say of a documented case rests on no run. True when something changed.
 */
export async function returnFinding(
  ctx: Context,
  tx: Transaction,
  caseId: string,
  recalled: { readonly method: string; readonly version: string },
): Promise<boolean> {
  const userId = memberOf(ctx.viewer);
  const row = await lockCase(tx, caseId);
  if (row.documented || row.finding === "not_examined" || row.publicId === null) return false;
  const reasons = findingReason.array().parse(row.findingReasons);
  if (findingProblem(row.finding, reasons, await findingBasis(tx, row)) === null) return false;
  const now = ctx.clock.now();
  const by = { actorId: userId, at: now };
  const reopened = transition(
    await factsOf(tx, row),
    { act: "reopen", reason: "method-recalled" },
    actorOf(ctx.viewer, accessOf(row)),
    now,
  );
  await applyPatch(tx, row.id, {
    ...(reopened.ok ? reopened.patch : { proposal: null }),
    finding: "not_examined",
    findingReasons: [],
  });
  const common = { role: "moderator" } as const;
  const sequence = await appendCaseEvent(
    tx,
    row.id,
    { type: "finding-recalled", data: { finding: row.finding, ...recalled } },
    by,
  );
  await recordCaseAct(ctx, tx, row, {
    ...common,
    kind: "finding",
    key: sequence,
    predicate: {
      case: row.publicId,
      finding: "not_examined",
      reasons: ["method-recalled"],
      results: [],
    },
  });
  if (reopened.ok) {
    const reason = "method-recalled";
    const key = await appendCaseEvent(tx, row.id, { type: "case-reopened", data: { reason } }, by);
    await recordCaseAct(ctx, tx, row, {
      ...common,
      kind: "state",
      key,
      predicate: { case: row.publicId, from: row.state, to: "open", reason, note: null },
    });
  }
  await pagesChanged(tx, casePaths(row.publicId));
  return true;
}
