import type { ClientBase } from "pg";
import { z } from "zod";
import { type BundleId, tilePath, tileWidth } from "@/lib/engine/log";
import type { NamedFiles } from "@/lib/platform/blobs/named-files";

/** What of an entry stands neither in its leaf nor in its statement, and a rebuilt database needs. */
const keptSchema = z.strictObject({
  pendingId: z.string().regex(/^-?\d{1,19}$/),
  dedupKey: z.string(),
  about: z.string(),
  /** SubjectPublicKeyInfo of the signer, base64; null once the statement was redacted. */
  publicKey: z.base64().nullable(),
});
export type KeptEntry = z.infer<typeof keptSchema>;

/** Outside of log/: `about` also names cases that are not listed, so no web server may hand these files out. */
const prefix = "recovery/";
const keptFile = (bundle: BundleId): string => prefix + tilePath(bundle);
export const keptPartialsOf = (index: number): string =>
  `${keptFile({ level: "entries", index, width: tileWidth })}.p/`;

/** The file, for the blob store beside the published bundle: `npm run log -- recover` reads it. */
export async function keptEntries(
  client: ClientBase,
  bundle: BundleId,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const start = bundle.index * tileWidth;
  const { rows } = await client.query<KeptEntry>(
    `SELECT e.pending_id::text AS "pendingId", e.dedup_key AS "dedupKey", e.about,
            translate(encode(s.public_key, 'base64'), E'\\n', '') AS "publicKey"
     FROM log_entry e LEFT JOIN log_statement s USING (index)
     WHERE e.index >= $1 AND e.index < $2 ORDER BY e.index`,
    [start, start + bundle.width],
  );
  return { name: keptFile(bundle), bytes: Buffer.from(JSON.stringify(rows)) };
}

/** Null when the file is lost: then the entries are rebuilt from what is published alone. */
export async function readKept(files: NamedFiles, bundle: BundleId): Promise<readonly KeptEntry[] | null> {
  const bytes =
    (await files.get(keptFile(bundle))) ?? (await files.get(keptFile({ ...bundle, width: tileWidth })));
  if (bytes === null) return null;
  const kept = z.array(keptSchema).parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  return kept.length < bundle.width ? null : kept.slice(0, bundle.width);
}
