import { casePaths } from "@/lib/cases/server";
import { redactionMark } from "@/lib/ledger";
import type { Transaction } from "@/lib/platform/database";
import { erasedCapture } from "./erase-capture";

/**
 * Takes the words of one version of a text away, with its links, what they answered, and the note beside it. The post
 * keeps its place, permalink, versions and replies. Returns the pages that showed it.
 */
export async function eraseVersion(
  tx: Transaction,
  at: { readonly postId: string; readonly version: number },
  redactionId: string,
): Promise<readonly string[]> {
  const post = await tx.post.findUnique({
    where: { id: at.postId },
    include: { case: { select: { id: true, publicId: true } } },
  });
  const version = await tx.postVersion.findUnique({ where: { postId_version: at } });
  if (post === null || version === null) return [];
  const links = await tx.postLink.findMany({ where: { versionId: version.id }, select: { captureId: true } });
  await tx.postLink.deleteMany({ where: { versionId: version.id } });
  for (const id of new Set(links.flatMap(({ captureId }) => captureId ?? [])))
    if ((await tx.postLink.count({ where: { captureId: id } })) === 0)
      await tx.linkCapture.update({ where: { id }, data: erasedCapture });
  if (version.redactionId === null)
    await tx.postVersion.update({ where: { id: version.id }, data: { body: redactionMark, redactionId } });
  if (at.version === 1 && post.interestNote !== null)
    await tx.post.update({ where: { id: post.id }, data: { interestNote: redactionMark } });
  // The first version of the statement is what stood in the draft.
  if (at.version === 1 && post.kind === "statement") {
    const { interestNote } = await tx.case.findUniqueOrThrow({ where: { id: post.case.id } });
    await tx.case.update({
      where: { id: post.case.id },
      data: {
        draftStatement: redactionMark,
        ...(interestNote === null ? {} : { interestNote: redactionMark }),
      },
    });
  }
  return [
    ...casePaths(post.case.publicId),
    `/evidence/${post.id}`,
    ...(post.parentId === null ? [] : [`/evidence/${post.parentId}`]),
  ];
}
