import { redactedDocument } from "@/lib/ledger";
import type { Transaction } from "@/lib/platform/database";

/**
 * Takes a run's result document away, which may quote what the releases hold, and its capsule, unless another standing
 * result was made from the very same bytes. The digest stays: whoever kept the document can still prove it.
 */
export async function eraseResult(
  tx: Transaction,
  runId: string,
  redactionId: string,
): Promise<{ readonly paths: readonly string[]; readonly blobs: readonly string[] }> {
  const run = await tx.run.findUnique({
    where: { id: runId },
    include: { result: true, case: { select: { publicId: true } } },
  });
  if (run?.result == null) return { paths: [], blobs: [] };
  const { capsuleSha256 } = run.result;
  if (run.result.redactionId === null)
    await tx.runResult.update({
      where: { runId },
      data: { document: redactedDocument, redactionId },
    });
  // Whoever stores a result takes the same lock (run-end.ts, holdCapsule).
  await tx.$queryRaw`SELECT sha256 FROM blob WHERE sha256 = ${capsuleSha256} FOR UPDATE`;
  const elsewhere = await tx.runResult.count({
    where: { capsuleSha256, runId: { not: runId }, redactionId: null },
  });
  const number = run.case?.publicId;
  return {
    paths: [`/runs/${runId}`, ...(number ? [`/cases/${number}`, "/cases", "/"] : [])],
    blobs: elsewhere > 0 ? [] : [capsuleSha256],
  };
}
