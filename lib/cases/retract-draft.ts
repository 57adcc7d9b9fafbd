import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { appendCaseEvent } from "./append-case-event";
import { applyPatch } from "./apply-transition";
import { accessOf, factsOf, lockCase } from "./load-case";
import { actorOf, may } from "./policy";
import { type SubmitCaseInput, submitCaseInput } from "./schema";
import { transition } from "./state";

/** Takes a submitted draft back to change it, before a moderator has acted. Its number stays with it. */
export async function retractDraft(ctx: Context, input: SubmitCaseInput): Promise<void> {
  const userId = memberOf(ctx.viewer);
  const { caseId } = parseInput(submitCaseInput, input);
  await ctx.db.$transaction(async (tx) => {
    const row = await lockCase(tx, caseId);
    const access = accessOf(row);
    if (!may(ctx.viewer, access).see) throw new AppError("not-found");
    const now = ctx.clock.now();
    const result = transition(await factsOf(tx, row), { act: "retract" }, actorOf(ctx.viewer, access), now);
    if (!result.ok) throw new AppError(result.code, { detail: { state: row.state } });
    await applyPatch(tx, row.id, result.patch);
    await appendCaseEvent(tx, row.id, { type: "case-retracted", data: {} }, { actorId: userId, at: now });
  });
}
