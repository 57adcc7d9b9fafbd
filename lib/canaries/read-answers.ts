import { type Answer, parseAnswers } from "@/lib/engine/canary/transcript";
import type { Context } from "@/lib/platform/context";
import { mayReadHeld } from "./dto-of";
import { answerSetIdSchema } from "./schema";

export interface ReadableAnswers {
  readonly rows: readonly Answer[];
  /** False while only answers to revealed items may be read. */
  readonly complete: boolean;
  /** Lines of the whole file. */
  readonly lines: number;
}

/**
 * The answers of a set as far as the viewer may read them: all once they are public; before, those to items that are
 * revealed. Their collector reads all. Null when there are none, or where they were redacted.
 */
export async function answersOf(
  ctx: Pick<Context, "db" | "blobs" | "viewer">,
  id: string,
): Promise<ReadableAnswers | null> {
  if (!answerSetIdSchema.safeParse(id).success) return null;
  const row = await ctx.db.canaryAnswerSet.findUnique({
    where: { id },
    include: { set: { select: { id: true } } },
  });
  if (row === null || row.redactionId !== null) return null;
  const bytes = await ctx.blobs.get(row.answersBlob);
  if (bytes === null) return null;
  const all = parseAnswers(bytes);
  if (row.status === "logged" || mayReadHeld(row, ctx.viewer.userId))
    return { rows: all, complete: true, lines: row.lines };
  const revealed = await ctx.db.canaryReveal.findMany({
    where: { canarySetId: row.set.id },
    select: { itemId: true },
  });
  const open = new Set(revealed.map(({ itemId }) => itemId));
  return { rows: all.filter((answer) => open.has(answer.id)), complete: false, lines: row.lines };
}
