import { createHash } from "node:crypto";
import type { ClientBase } from "pg";
import { pae, statementMediaType, utf8 } from "@/lib/engine/log";
import { payloadPreimage } from "@/lib/ledger/payload";
import type { BlobStore } from "@/lib/platform/blobs";

/** Blobs written at a time. */
const width = 16;

/**
 * Copies statements and payloads of entries into the blob store, by their digests; what was redacted meanwhile is not
 * there any more. Not forced to the disk one by one, which would cost more than all the rest: see checkCopies.
 */
export async function copyBlobs(
  client: ClientBase,
  blobs: BlobStore,
  from: number,
  to: number,
): Promise<void> {
  for (let start = from; start < to; start += 512)
    await each(await contentsOf(client, start, Math.min(start + 512, to)), (bytes) =>
      blobs.put(bytes, { durable: false }),
    );
}

/**
 * At start: a power cut may have taken the newest copies. Those of the last five minutes before the newest checkpoint are
 * read again, and written again from the database where they are missing or damaged.
 */
export async function checkCopies(client: ClientBase, blobs: BlobStore): Promise<void> {
  const { rows } = await client.query<{ from: string; to: string }>(
    `SELECT coalesce((SELECT max(size) FROM log_checkpoint
                      WHERE created_at < (SELECT max(created_at) FROM log_checkpoint) - interval '5 minutes'), 0)::text AS from,
            published_size::text AS to
     FROM log_state WHERE id = 1`,
  );
  const [from, to] = [Number(rows[0]?.from ?? 0), Number(rows[0]?.to ?? 0)];
  for (let start = from; start < to; start += 512) {
    // A redaction that begins now waits, and deletes the blob afterwards.
    await client.query("BEGIN");
    try {
      const contents = await contentsOf(client, start, Math.min(start + 512, to), "FOR SHARE");
      await each(contents, async (bytes) => {
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        if ((await blobs.get(sha256).catch(() => null)) !== null) return;
        await blobs.delete(sha256);
        await blobs.put(bytes);
      });
    } finally {
      await client.query("COMMIT");
    }
  }
}

async function contentsOf(
  client: ClientBase,
  from: number,
  to: number,
  lock: "" | "FOR SHARE" = "",
): Promise<readonly Uint8Array[]> {
  const statements = await client.query<{ statement: string; payloads: string[] }>(
    `SELECT statement, payloads FROM log_statement WHERE index >= $1 AND index < $2 ${lock}`,
    [from, to],
  );
  const payloads = await client.query<{ salt: Buffer; bytes: Buffer }>(
    `SELECT salt, bytes FROM log_payload WHERE digest = ANY($1::text[]) ${lock}`,
    [statements.rows.flatMap(({ payloads }) => payloads)],
  );
  return [
    ...statements.rows.map(({ statement }) => pae(statementMediaType, utf8(statement))),
    ...payloads.rows.map(({ salt, bytes }) => payloadPreimage(salt, bytes)),
  ];
}

async function each(
  contents: readonly Uint8Array[],
  write: (bytes: Uint8Array) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < contents.length; at += width)
    await Promise.all(contents.slice(at, at + width).map(write));
}
