import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { searchText } from "@/lib/platform/search";
import { appendCaseEvent } from "./append-case-event";
import { nextPublicId } from "./case-number";
import { accessOf, factsOf, lockCase, namesOf } from "./load-case";
import { caseOfPair } from "./pair";
import { actorOf, may } from "./policy";
import { type ClaimKind, type SubmitCaseInput, submitCaseInput } from "./schema";
import { transition } from "./state";

export type SubmitOutcome =
  | { readonly outcome: "submitted"; readonly publicId: string }
  | { readonly outcome: "joined"; readonly publicId: string };

/** Hands a draft to the moderators and gives it its number. Submitting it again changes nothing. */
export async function submitCase(ctx: Context, input: SubmitCaseInput): Promise<SubmitOutcome> {
  const userId = memberOf(ctx.viewer);
  const { caseId } = parseInput(submitCaseInput, input);
  return ctx.db.$transaction(async (tx) => {
    const row = await lockCase(tx, caseId);
    const access = accessOf(row);
    if (!may(ctx.viewer, access).see) throw new AppError("not-found");
    const now = ctx.clock.now();
    const result = transition(await factsOf(tx, row), { act: "submit" }, actorOf(ctx.viewer, access), now);
    if (!result.ok) {
      const again = row.publicId !== null && row.reporterId === userId && row.submittedAt !== null;
      if (again && row.publicId) return { outcome: "submitted", publicId: row.publicId };
      throw new AppError(result.code);
    }
    const release = (role: string) => row.releases.find((one) => one.role === role)?.release;
    const [original, suspect] = [release("original"), release("suspect")];
    if (!original || !suspect) throw new AppError("wrong-state");
    const existing = await caseOfPair(tx, original, suspect);
    if (existing) return { outcome: "joined", publicId: existing.publicId };

    const publicId = row.publicId ?? (await nextPublicId(tx, ctx.settings.casePrefix, now));
    const names = namesOf(row);
    await tx.case.update({
      where: { id: row.id },
      data: {
        publicId,
        submittedAt: now,
        refusedReason: null,
        searchText: searchText([
          publicId,
          names.original,
          names.suspect,
          ...row.claims.map((claim) => claim.text),
        ]),
      },
    });
    await appendCaseEvent(
      tx,
      row.id,
      {
        type: "case-submitted",
        data: {
          publicId,
          declared: row.declared,
          claims: row.claims.map((claim) => ({ number: claim.number, kind: claim.kind as ClaimKind })),
        },
      },
      { actorId: userId, at: now },
    );
    return { outcome: "submitted", publicId };
  });
}
