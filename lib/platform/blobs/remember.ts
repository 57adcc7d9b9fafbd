import type { Database, Transaction } from "@/lib/platform/database";

/** Keeps the row of a stored blob, in the transaction of the act that refers to it. The same bytes twice are one row. */
export async function rememberBlob(
  tx: Database | Transaction,
  blob: { readonly sha256: string; readonly size: number; readonly mediaType: string; readonly at: Date },
): Promise<void> {
  await tx.blob.createMany({
    data: [{ sha256: blob.sha256, size: blob.size, mediaType: blob.mediaType, createdAt: blob.at }],
    skipDuplicates: true,
  });
}
