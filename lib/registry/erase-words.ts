import { redactionMark } from "@/lib/ledger";
import type { Transaction } from "@/lib/platform/database";
import { searchText } from "@/lib/platform/search";

export interface ErasedOfModel {
  /** Pages that showed it. */
  readonly paths: readonly string[];
  /** SHA-256 of the files that have to leave the blob store. */
  readonly blobs: readonly string[];
}

export const pagesOf = (modelId: string) => ["/", "/models", `/models/${modelId}`];

/** Takes name and statement of a registration away; release, fingerprints and dates stay. */
export async function eraseRegistration(
  tx: Transaction,
  modelId: string,
  redactionId: string,
): Promise<ErasedOfModel> {
  const model = await tx.model.findUnique({
    where: { id: modelId },
    include: { release: true, capture: { select: { licence: true } } },
  });
  if (model === null) return { paths: [], blobs: [] };
  await tx.model.update({
    where: { id: modelId },
    data: {
      name: redactionMark,
      statement: model.statement === null ? null : redactionMark,
      searchText: searchText([model.release.repository, model.capture.licence]),
      redactionId,
    },
  });
  return { paths: pagesOf(modelId), blobs: [] };
}

/** Takes the words with which a registration was withdrawn away. */
export async function eraseWithdrawReason(tx: Transaction, modelId: string): Promise<ErasedOfModel> {
  await tx.model.updateMany({
    where: { id: modelId, withdrawReason: { not: null } },
    data: { withdrawReason: redactionMark },
  });
  return { paths: pagesOf(modelId), blobs: [] };
}

/** The file of a fingerprint that its author handed in; what we computed ourselves holds nobody's words. */
export async function eraseAuthorsFingerprint(
  tx: Transaction,
  at: { readonly modelId: string; readonly digest: string },
): Promise<ErasedOfModel> {
  const { modelId, digest } = at;
  const row = await tx.weightFingerprint.findFirst({ where: { modelId, digest, origin: "author" } });
  if (row === null) return { paths: [], blobs: [] };
  const elsewhere = await tx.weightFingerprint.count({
    where: { blobSha256: row.blobSha256, id: { not: row.id } },
  });
  return { paths: [`/models/${modelId}`], blobs: elsewhere > 0 ? [] : [row.blobSha256] };
}

/**
 * The captured files of one capture that no other release has: the words of this very repository. What others hold too
 * (a licence text, a common configuration) is not this release's to lose. Their hashes and sizes stay.
 */
export async function eraseCapturedFiles(tx: Transaction, captureId: string): Promise<ErasedOfModel> {
  const capture = await tx.capture.findUnique({
    where: { id: captureId },
    include: {
      models: { select: { id: true } },
      caseReleases: { select: { case: { select: { publicId: true } } } },
    },
  });
  if (capture === null) return { paths: [], blobs: [] };
  const blobs: string[] = [];
  for (const { sha256 } of capture.metadata as unknown as readonly { readonly sha256: string }[]) {
    const file = JSON.stringify([{ sha256 }]);
    const others = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM capture WHERE release_id <> ${capture.releaseId} AND metadata @> ${file}::jsonb LIMIT 1`;
    if (others.length === 0) blobs.push(sha256);
  }
  return {
    blobs,
    paths: [
      ...capture.models.flatMap(({ id }) => pagesOf(id)),
      ...capture.caseReleases.flatMap((one) =>
        one.case.publicId === null ? [] : [`/cases/${one.case.publicId}`],
      ),
    ],
  };
}
