import type { ClientBase } from "pg";
import { type GrownTile, hex, type OpenedCheckpoint } from "@/lib/engine/log";
import { citedPayloads } from "@/lib/ledger/show/cited-payloads";
import type { BlobStore } from "@/lib/platform/blobs";
import type { RecoveredEntry } from "./recovered-entry";

export async function insertEntries(client: ClientBase, entries: readonly RecoveredEntry[]): Promise<void> {
  await client.query(
    `INSERT INTO log_entry (index, pending_id, dedup_key, kind, about, leaf, pae, t)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::timestamptz[])`,
    [
      entries.map(({ index }) => index),
      entries.map(({ pendingId }) => pendingId),
      entries.map(({ dedupKey }) => dedupKey),
      entries.map(({ parsed }) => parsed.kind),
      entries.map(({ about }) => about),
      entries.map(({ leaf }) => Buffer.from(leaf)),
      entries.map(({ parsed }) => hex(parsed.pae)),
      entries.map(({ parsed }) => parsed.t),
    ],
  );
  await client.query(
    `INSERT INTO log_dedup (key, kind, created_at) SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[])
     ON CONFLICT DO NOTHING`,
    [
      entries.map(({ dedupKey }) => dedupKey),
      entries.map(({ parsed }) => parsed.kind),
      entries.map(({ parsed }) => parsed.t),
    ],
  );
  for (const { index, stated } of entries)
    if (stated !== null)
      await client.query(
        "INSERT INTO log_statement (index, statement, public_key, payloads) VALUES ($1, $2, $3, $4)",
        [index, stated.statement, Buffer.from(stated.publicKey), payloadsOf(stated.statement)],
      );
}

const payloadsOf = (statement: string): string[] =>
  citedPayloads(statement).map((digest) => `sha256:${digest}`);

/** Payloads that the entries cite and the database has lost, from their published preimages. */
export async function insertPayloads(
  client: ClientBase,
  blobs: BlobStore,
  entries: readonly RecoveredEntry[],
): Promise<void> {
  const label = Buffer.byteLength("slipmark/payload/v1\n");
  for (const { stated } of entries)
    for (const digest of stated === null ? [] : payloadsOf(stated.statement)) {
      const preimage = await blobs.get(digest.slice("sha256:".length));
      if (preimage === null) continue;
      const bytes = Buffer.from(preimage);
      await client.query(
        "INSERT INTO log_payload (digest, salt, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        [digest, bytes.subarray(label, label + 32), bytes.subarray(label + 40)],
      );
    }
}

export async function insertTiles(client: ClientBase, tiles: readonly GrownTile[]): Promise<void> {
  for (const { level, index, bytes } of tiles)
    await client.query(
      `INSERT INTO log_tile (level, index, bytes) VALUES ($1, $2, $3)
       ON CONFLICT (level, index) DO UPDATE SET bytes = EXCLUDED.bytes`,
      [level, index, Buffer.from(bytes)],
    );
}

/** The lines under the published checkpoint: ours were verified, the witnesses' are shown as theirs and checked by readers. */
export async function insertSignatures(client: ClientBase, published: OpenedCheckpoint): Promise<void> {
  await client.query("INSERT INTO log_checkpoint (size, root) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
    published.size,
    Buffer.from(published.root),
  ]);
  for (const { name, keyId, line, signature } of published.note.signatures) {
    const own = name === published.origin;
    // A cosignature begins with its time (C2SP tlog-cosignature).
    const time =
      own || signature.length !== 72
        ? null
        : new Date(Number(Buffer.from(signature.slice(0, 8)).readBigUInt64BE()) * 1000);
    await client.query(
      `INSERT INTO log_signature (size, line, signer, name, key_id, time) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT DO NOTHING`,
      [published.size, line, own ? "log" : "witness", name, hex(keyId), time],
    );
  }
}
