import { casePaths } from "@/lib/cases/server";
import { captureKey, redactionMark } from "@/lib/ledger";
import type { Transaction } from "@/lib/platform/database";

/** What stands where the address and the answer of a captured link stood. */
export const erasedCapture = {
  url: redactionMark,
  finalUrl: null,
  sha256: null,
  size: null,
  contentType: null,
} as const;

/**
 * Takes away what a linked address answered, and the line about it under the text. The words of the text, an address in
 * them included, are an act of their own. Returns the pages that showed it.
 */
export async function eraseLinkCapture(tx: Transaction, captureId: string): Promise<readonly string[]> {
  const links = await tx.postLink.findMany({
    where: { captureId },
    select: { version: { select: { post: { select: { id: true, case: { select: { publicId: true } } } } } } },
  });
  await tx.postLink.deleteMany({ where: { captureId } });
  await tx.linkCapture.updateMany({ where: { id: captureId }, data: erasedCapture });
  return [
    ...new Set(
      links.flatMap(({ version: { post } }) => [...casePaths(post.case.publicId), `/evidence/${post.id}`]),
    ),
  ];
}

/**
 * Keys of the acts that hold the addresses of a text: of all its versions, or of one, as far as no other has the same
 * link. Who redacts the words means these, too.
 */
export async function captureKeysOfText(
  tx: Transaction,
  text: { readonly postId: string; readonly version: number | null },
): Promise<readonly string[]> {
  const links = await tx.postLink.findMany({
    where: { version: { postId: text.postId }, captureId: { not: null } },
    select: { captureId: true, version: { select: { version: true } } },
  });
  const others = new Set(
    links.flatMap(({ captureId, version }) =>
      text.version === null || version.version === text.version ? [] : [captureId],
    ),
  );
  const own = links.flatMap(({ captureId }) =>
    captureId === null || others.has(captureId) ? [] : [captureKey(captureId)],
  );
  return [...new Set(own)].sort();
}
