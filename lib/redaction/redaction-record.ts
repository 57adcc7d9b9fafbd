import { z } from "zod";
import { redactionScopes } from "@/lib/ledger";
import type { NamedFiles } from "@/lib/platform/blobs/named-files";
import type { LogRedaction } from "@/lib/platform/database/generated/client";

/**
 * What stands beside the blobs of each redaction that was carried out: a database that is put back to an earlier state
 * has forgotten it, and the words with it have come back. Holds no words. Not under log/, which may be served as it is:
 * the key of an act about an unlisted case names the case.
 */
export const recordFolder = "redactions/";

export const recordSchema = z.strictObject({
  v: z.literal(1),
  id: z.string(),
  dedupKey: z.string(),
  scope: z.enum(redactionScopes),
  kind: z.string(),
  about: z.string(),
  index: z.number().nullable(),
  reason: z.string(),
  authority: z.string(),
  blobs: z.array(z.string()),
  paths: z.array(z.string()),
  proposedById: z.string(),
  proposedAt: z.iso.datetime(),
  erasedById: z.string(),
  erasedAt: z.iso.datetime(),
});
export type RedactionRecord = z.infer<typeof recordSchema>;

export async function keepRecord(files: NamedFiles, row: LogRedaction): Promise<void> {
  const record = recordSchema.parse({
    v: 1,
    id: row.id,
    dedupKey: row.dedupKey,
    scope: row.scope,
    kind: row.kind,
    about: row.about,
    index: row.index === null ? null : Number(row.index),
    reason: row.reason,
    authority: row.authority,
    blobs: row.blobs,
    paths: row.paths,
    proposedById: row.proposedById,
    proposedAt: row.proposedAt.toISOString(),
    erasedById: row.erasedById,
    erasedAt: row.erasedAt?.toISOString(),
  });
  await files.put(`${recordFolder}${row.id}.json`, Buffer.from(`${JSON.stringify(record)}\n`));
}

export async function readRecords(files: NamedFiles): Promise<readonly RedactionRecord[]> {
  const records: RedactionRecord[] = [];
  for (const name of await files.list(recordFolder)) {
    const bytes = await files.get(name);
    if (bytes !== null) records.push(recordSchema.parse(JSON.parse(Buffer.from(bytes).toString("utf8"))));
  }
  return records.sort((a, b) => a.erasedAt.localeCompare(b.erasedAt));
}
