import { type CaseRow, lockCase } from "@/lib/cases/server";
import type { Transaction } from "@/lib/platform/database";
import { AppError } from "@/lib/platform/errors";

/** A post with its case locked: whoever replies, edits or withdraws in one case takes turns. */
export async function lockPost(tx: Transaction, postId: string) {
  const found = await tx.post.findUnique({ where: { id: postId }, select: { caseId: true } });
  if (!found) throw new AppError("not-found");
  const row: CaseRow = await lockCase(tx, found.caseId);
  const post = await tx.post.findUniqueOrThrow({
    where: { id: postId },
    include: {
      claim: { select: { number: true } },
      versions: { orderBy: { version: "desc" }, take: 1 },
      _count: { select: { replies: true } },
    },
  });
  return { row, post };
}
