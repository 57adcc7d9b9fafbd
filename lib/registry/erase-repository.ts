import { redactedRepository, redactionMark } from "@/lib/ledger";
import type { Transaction } from "@/lib/platform/database";
import { searchText } from "@/lib/platform/search";
import { pagesOf } from "./erase-words";

/** Takes the name of a repository off releases, registrations named after it, and what captured cards declare. */
export async function eraseRepositoryOfReleases(
  tx: Transaction,
  repository: string,
): Promise<{
  readonly releaseIds: readonly string[];
  readonly paths: readonly string[];
  readonly blobs: readonly string[];
}> {
  const releases = await tx.release.findMany({ where: { repository }, select: { id: true } });
  const releaseIds = releases.map(({ id }) => id);
  for (const id of releaseIds)
    await tx.release.update({ where: { id }, data: { repository: redactedRepository(id) } });
  const models = await tx.model.findMany({
    where: {
      OR: [
        { releaseId: { in: releaseIds } },
        { capture: { declared: { path: ["baseModels"], array_contains: [repository] } } },
      ],
    },
    include: { capture: { select: { licence: true } } },
  });
  const blobs: string[] = [];
  for (const { id, releaseId, name, statement, capture } of models) {
    if (!releaseIds.includes(releaseId)) continue;
    const named = name.toLowerCase().includes((repository.split("/")[0] ?? repository).toLowerCase());
    if (named) blobs.push(...(await erasePayloads(tx, name)));
    const kept = named ? redactionMark : name;
    const words = [kept, statement].filter((text) => text !== redactionMark);
    await tx.model.update({
      where: { id },
      data: { name: kept, searchText: searchText([...words, capture.licence]) },
    });
  }
  await tx.$executeRaw`
    UPDATE capture SET declared = jsonb_set(declared, '{baseModels}', (
      SELECT jsonb_agg(CASE WHEN base = to_jsonb(${repository}::text) THEN to_jsonb(redaction_mark()) ELSE base END)
      FROM jsonb_array_elements(declared->'baseModels') base))
    WHERE declared->'baseModels' @> to_jsonb(${repository}::text)`;
  // It names its release, and its digest is over that: the digest stays, the document goes.
  await tx.fingerprint.updateMany({
    where: { model: { releaseId: { in: releaseIds } } },
    data: { document: { redacted: true } },
  });
  // Files of fingerprints of the weights name it, too.
  const files = await tx.weightFingerprint.findMany({
    where: { model: { releaseId: { in: releaseIds } } },
    select: { blobSha256: true },
  });
  blobs.push(...files.map(({ blobSha256 }) => blobSha256));
  const paths = [...models.flatMap(({ id }) => pagesOf(id)), ...releaseIds.map((id) => `/releases/${id}`)];
  return { releaseIds, paths: [...new Set(["/", "/models", ...paths])], blobs };
}

/** Payloads that are nothing but this name. Returns their addresses among the blobs. */
async function erasePayloads(tx: Transaction, name: string): Promise<readonly string[]> {
  const where = { bytes: new Uint8Array(Buffer.from(name, "utf8")) };
  const rows = await tx.logPayload.findMany({ where, select: { digest: true } });
  await tx.logPayload.deleteMany({ where });
  return rows.map(({ digest }) => digest.replace(/^sha256:/, ""));
}
