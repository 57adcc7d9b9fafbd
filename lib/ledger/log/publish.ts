import type { ClientBase } from "pg";
import {
  edgeTiles,
  encodeBundle,
  formatCheckpoint,
  formatNote,
  hashesAtLevel,
  parseCheckpoint,
  parseNote,
  type TileId,
  tileWidth,
  utf8,
} from "@/lib/engine/log";
import type { BlobStore } from "@/lib/platform/blobs";
import type { NamedFiles } from "@/lib/platform/blobs/named-files";
import { copyBlobs } from "./blob-copies";
import { keptEntries, keptPartialsOf } from "./kept-entries";
import { ForkDanger } from "./known-heads";
import { checkpointFile, partialsOf, tileFile } from "./log-files";
import { orderLines, type SignatureLine } from "./order-lines";

export const publisherLock = 5_349_120_003;

export interface PublishOptions {
  readonly blobs: BlobStore;
  readonly files: NamedFiles;
  readonly origin: string;
}

export interface Published {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}

/**
 * Puts in place what a checkpoint of `size` covers: statements, payloads, tiles, bundles. Inside the signer's
 * transaction, whose lock keeps a second one away. Throws ForkDanger when the store belongs to a longer log.
 */
export async function publishContents(
  client: ClientBase,
  options: Pick<PublishOptions, "blobs" | "files">,
  size: number,
): Promise<void> {
  await refuseToShrink(options.files, size);
  const before = await publishedSize(client);
  if (size <= before) return;
  await copyBlobs(client, options.blobs, before, size);
  await publishTiles(client, options.files, before, size);
}

/**
 * Makes the newest signed checkpoint fetchable. What it covers is there since before it was signed, so that nobody ever
 * sees a checkpoint whose tree is not there. Again with the same size: only the signature lines may have become more.
 * Null while nothing is signed.
 */
export async function publishCheckpoint(
  client: ClientBase,
  options: PublishOptions,
): Promise<Published | null> {
  const { files, origin } = options;
  await client.query("BEGIN");
  try {
    // Held until the files are there: publishing twice at once would do no harm, but an older one must not come last.
    await client.query("SELECT pg_advisory_xact_lock($1)", [publisherLock]);
    const signed = await newestSigned(client, origin);
    if (signed === null) {
      await client.query("COMMIT");
      return null;
    }
    const before = await publishedSize(client);
    await refuseToShrink(files, signed.size);
    const note = formatNote(formatCheckpoint({ ...signed, origin }), signed.lines);
    await files.put(checkpointFile, utf8(note));
    await client.query("UPDATE log_state SET published_size = greatest(published_size, $1) WHERE id = 1", [
      signed.size,
    ]);
    await client.query("COMMIT");
    await dropFilledPartials(files, before, signed.size);
    return { size: signed.size, root: signed.root, note };
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function publishedSize(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ size: string }>(
    "SELECT published_size::text AS size FROM log_state WHERE id = 1",
  );
  return Number(rows[0]?.size ?? 0);
}

/** What is published stays: a store that another, longer log writes to must not get a shorter one. */
async function refuseToShrink(files: NamedFiles, size: number): Promise<void> {
  const known = await files.get(checkpointFile);
  if (known === null) return;
  const published = parseCheckpoint(parseNote(known).text);
  if (published.size > size)
    throw new ForkDanger(`the published checkpoint has ${published.size} entries, the database ${size}`);
}

/** The newest checkpoint that the log signed, with all its lines in order. */
async function newestSigned(
  client: ClientBase,
  origin: string,
): Promise<{ readonly size: number; readonly root: Uint8Array; readonly lines: readonly string[] } | null> {
  const { rows } = await client.query<{
    size: string;
    root: Buffer;
    lines: (Omit<SignatureLine, "createdAt"> & { readonly createdAt: string })[];
    keys: Buffer[];
  }>(
    `SELECT c.size::text, c.root,
            (SELECT json_agg(json_build_object('line', line, 'signer', signer, 'name', name, 'keyId', key_id,
                                               'createdAt', created_at))
             FROM log_signature s WHERE s.size = c.size) AS lines,
            array(SELECT public_key FROM log_key WHERE role = 'log' ORDER BY id DESC) AS keys
     FROM log_checkpoint c
     WHERE c.size = (SELECT max(size) FROM log_signature WHERE signer = 'log')`,
  );
  const row = rows[0];
  if (row === undefined) return null;
  const lines = row.lines.map((one) => ({ ...one, createdAt: new Date(one.createdAt) }));
  const keys = row.keys.map((key) => new Uint8Array(key));
  return {
    size: Number(row.size),
    root: new Uint8Array(row.root),
    lines: orderLines(origin, keys, lines),
  };
}

interface NewFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

async function publishTiles(client: ClientBase, files: NamedFiles, from: number, to: number): Promise<void> {
  const waiting: NewFile[] = [];
  // Forcing a file to the disk is mostly waiting: several at a time.
  const put = async (file: NewFile) => {
    waiting.push(file);
    if (waiting.length >= 8) await flush();
  };
  const flush = () => Promise.all(waiting.splice(0).map(({ name, bytes }) => files.put(name, bytes)));
  for (const { level } of edgeTiles(to)) {
    const first = Math.floor(hashesAtLevel(from, level) / tileWidth);
    const { rows } = await client.query<{ index: string; bytes: Buffer }>(
      "SELECT index::text, bytes FROM log_tile WHERE level = $1 AND index >= $2 ORDER BY index",
      [level, first],
    );
    for (const row of rows) {
      const tile = tileAt(level, Number(row.index), to);
      if (tile !== null)
        await put({ name: tileFile(tile), bytes: new Uint8Array(row.bytes.subarray(0, tile.width * 32)) });
    }
  }
  for (let index = Math.floor(from / tileWidth); index * tileWidth < to; index += 1) {
    const start = index * tileWidth;
    const bundle = { level: "entries", index, width: Math.min(tileWidth, to - start) } as const;
    const { rows } = await client.query<{ leaf: Buffer }>(
      "SELECT leaf FROM log_entry WHERE index >= $1 AND index < $2 ORDER BY index",
      [start, start + bundle.width],
    );
    await put(await keptEntries(client, bundle));
    await put({
      name: tileFile(bundle),
      bytes: encodeBundle(rows.map(({ leaf }) => new Uint8Array(leaf))),
    });
  }
  await flush();
}

function tileAt(level: number, index: number, size: number): TileId | null {
  const count = hashesAtLevel(size, level) - index * tileWidth;
  return count <= 0 ? null : { level, index, width: Math.min(count, tileWidth) };
}

/** A tile that is full needs its partial forms no more (C2SP tlog-tiles, "Partial Tiles"). */
async function dropFilledPartials(files: NamedFiles, from: number, to: number): Promise<void> {
  for (const { level } of edgeTiles(to))
    for (
      let index = Math.floor(hashesAtLevel(from, level) / tileWidth);
      (index + 1) * tileWidth <= hashesAtLevel(to, level);
      index += 1
    ) {
      const tiles =
        level === 0
          ? [
              { level, index, width: 1 },
              { level: "entries" as const, index, width: 1 },
            ]
          : [{ level, index, width: 1 }];
      const folders = tiles.map(partialsOf);
      if (level === 0) folders.push(keptPartialsOf(index));
      for (const folder of folders) for (const name of await files.list(folder)) await files.delete(name);
    }
}
