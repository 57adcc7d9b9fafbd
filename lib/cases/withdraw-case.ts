import { storePayload } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { pagesChanged } from "@/lib/platform/pages";
import { appendCaseEvent } from "./append-case-event";
import { applyPatch } from "./apply-transition";
import { publishCaseActs, recordCaseAct } from "./case-acts";
import { casePaths } from "./case-paths";
import { accessOf, factsOf, lockCase } from "./load-case";
import { actorOf, may } from "./policy";
import { recordOutcome } from "./record-outcome";
import { type WithdrawCaseInput, withdrawCaseInput } from "./schema";
import { transition } from "./state";

/** The reporter takes the report back, with a reason. The case stays readable, marked. */
export async function withdrawCase(ctx: Context, input: WithdrawCaseInput): Promise<void> {
  const userId = memberOf(ctx.viewer);
  const { caseId, reason, ownKey } = parseInput(withdrawCaseInput, input);
  await ctx.db.$transaction(async (tx) => {
    const row = await lockCase(tx, caseId);
    const access = accessOf(row);
    if (!may(ctx.viewer, access).see) throw new AppError("not-found");
    const now = ctx.clock.now();
    const actor = actorOf(ctx.viewer, access);
    const result = transition(await factsOf(tx, row), { act: "withdraw", reason }, actor, now);
    if (!result.ok) throw new AppError(result.code, { detail: { state: row.state } });
    await applyPatch(tx, row.id, result.patch);
    const sequence = await appendCaseEvent(
      tx,
      row.id,
      { type: "case-withdrawn", data: { reason, by: "reporter", people: 1 } },
      { actorId: userId, at: now },
    );
    await publishCaseActs(tx, row);
    await recordCaseAct(ctx, tx, row, {
      kind: "withdraw",
      key: sequence,
      role: "reporter",
      predicate: { what: "case", id: row.publicId as string, reason: await storePayload(tx, reason) },
      ownKey,
    });
    await recordOutcome(ctx, tx, row, { state: "withdrawn", by: "reporter", people: 1, sequence });
    await pagesChanged(tx, casePaths(row.publicId));
  });
}
