import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { claimAllowed, methodOfClaim } from "./claims";
import { accessOf, lockCase } from "./load-case";
import { may } from "./policy";
import { type UpdateDraftInput, updateDraftInput } from "./schema";
import { isExpiredDraft } from "./state";

/** Changes the words of a draft. Its releases stay: another pair is another report. */
export async function updateDraft(ctx: Context, input: UpdateDraftInput): Promise<void> {
  memberOf(ctx.viewer);
  const asked = parseInput(updateDraftInput, input);
  await ctx.db.$transaction(async (tx) => {
    const row = await lockCase(tx, asked.caseId);
    const allowed = may(ctx.viewer, accessOf(row));
    if (!allowed.see) throw new AppError("not-found");
    if (!allowed.editDraft) throw new AppError(row.state === "draft" ? "not-allowed" : "wrong-state");
    const now = ctx.clock.now();
    // While a moderator reads it, it stays as it was submitted.
    if (row.submittedAt || isExpiredDraft(row, now)) throw new AppError("wrong-state");
    if (asked.claims.some((claim) => !claimAllowed(claim.kind, row.declared)))
      throw new AppError("declared-derivative", { fields: { claims: "declared-derivative" } });
    await tx.claim.deleteMany({ where: { caseId: row.id } });
    await tx.case.update({
      where: { id: row.id },
      data: {
        interest: asked.interest,
        interestNote: asked.interestNote ?? null,
        draftStatement: asked.statement,
        updatedAt: now,
        version: { increment: 1 },
        claims: {
          create: asked.claims.map((claim, index) => ({
            id: newId("clm"),
            number: index + 1,
            kind: claim.kind,
            method: methodOfClaim[claim.kind],
            text: claim.text,
            createdAt: now,
          })),
        },
      },
    });
  });
}
