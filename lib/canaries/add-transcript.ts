import { rememberBlob } from "@/lib/platform/blobs/remember";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { pagesChanged } from "@/lib/platform/pages";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { readWholeTranscript, requireSameAnswers } from "./answer-files";
import { knownItems } from "./known-items";
import { pathsOf } from "./load-set";
import { answerSetIdSchema } from "./schema";

/**
 * Adds the transcript whose root was registered with the answers: its collector may have kept it until the items were
 * revealed. An edited one is refused. Errors: sign-in-required, not-found, not-allowed, wrong-state (no root was
 * registered), invalid-input (transcript: edited-transcript, bad-transcript, other-answers, …).
 */
export async function addTranscript(
  ctx: Context,
  input: { readonly answersId: string; readonly transcript: Uint8Array },
): Promise<{ readonly added: boolean }> {
  const userId = memberOf(ctx.viewer);
  const row = answerSetIdSchema.safeParse(input.answersId).success
    ? await ctx.db.canaryAnswerSet.findUnique({ where: { id: input.answersId }, include: { set: true } })
    : null;
  if (row === null) throw new AppError("not-found");
  if (row.collectorId !== userId) throw new AppError("not-allowed");
  if (row.redactionId !== null) throw new AppError("wrong-state");
  if (row.transcriptRoot === null) throw new AppError("wrong-state", { detail: { reason: "no-root" } });
  if (row.transcriptBlob !== null) return { added: false };
  await consumeAct(ctx, "text");
  const known = await knownItems(ctx.db, row.set);
  const summary = readWholeTranscript(input.transcript, { ...row.set, known, root: row.transcriptRoot });
  const registered = await ctx.blobs.get(row.answersBlob);
  if (registered === null) throw new AppError("wrong-state");
  requireSameAnswers(Buffer.from(registered).toString("utf8"), summary);
  const blob = await ctx.blobs.put(input.transcript);
  await ctx.db.$transaction(async (tx) => {
    await rememberBlob(tx, { ...blob, mediaType: "application/jsonl", at: ctx.clock.now() });
    await tx.canaryAnswerSet.updateMany({
      where: { id: row.id, transcriptBlob: null },
      data: { transcriptBlob: blob.sha256, transcriptSize: blob.size },
    });
    await pagesChanged(tx, pathsOf(row.set));
  });
  return { added: true };
}
