import type { ClientBase } from "pg";
import { edgeTiles, emptyRoot, equal, growTiles, leafHash, tileWidth } from "@/lib/engine/log";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { readGuard } from "./guard";
import type { InstanceKeys } from "./keys";
import { requireContains } from "./known-heads";
import { type PendingRow, signAct } from "./statement-signer";

/** Of the transaction that appends: whoever has it is the one sequencer of the moment. */
export const sequencerLock = 5_349_120_001;

export interface SequenceOptions {
  readonly keys: InstanceKeys;
  /** The log's name, for its first entry; afterwards it has to be the same. */
  readonly origin: string;
  /** Entries per transaction. */
  readonly limit: number;
  readonly guardFile: string;
}

export interface LogHead {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

interface Pending extends PendingRow {
  readonly id: string;
  readonly dedup_key: string;
  readonly about: string;
  readonly payloads: string[];
}

/**
 * Moves pending acts into the log: one READ COMMITTED transaction writes entries, statements, tiles, the new state and an
 * unsigned checkpoint, and deletes what was pending. "busy": another sequencer is at it. Signs statements, never the
 * checkpoint: that waits for the commit.
 */
export async function sequenceBatch(
  client: ClientBase,
  options: SequenceOptions,
): Promise<{ readonly appended: number; readonly head: LogHead } | "busy"> {
  await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
  try {
    const lock = await client.query<{ mine: boolean }>("SELECT pg_try_advisory_xact_lock($1) AS mine", [
      sequencerLock,
    ]);
    if (!lock.rows[0]?.mine) {
      await client.query("ROLLBACK");
      return "busy";
    }
    const head = await lockedHead(client, options.origin);
    // Nothing can be committed here meanwhile, so the guard is never ahead of an honest database.
    const guard = await readGuard(options.guardFile);
    if (guard !== null) await requireContains(client, head.size, { who: "the guard", ...guard });
    const { rows: pending } = await client.query<Pending>(
      `SELECT id::text, dedup_key, kind, statement, about, t, payloads, signature, public_key
       FROM log_pending WHERE held_until IS NULL OR held_until <= now() ORDER BY log_pending.id LIMIT $1`,
      [options.limit],
    );
    const next = pending.length === 0 ? head : await append(client, head, pending, options.keys);
    await client.query("COMMIT");
    return { appended: pending.length, head: next };
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function lockedHead(client: ClientBase, origin: string): Promise<LogHead> {
  const find = () =>
    client.query<{ origin: string; size: string; root: Buffer }>(
      "SELECT origin, size::text, root FROM log_state WHERE id = 1 FOR UPDATE",
    );
  let row = (await find()).rows[0];
  if (row === undefined) {
    await client.query(
      "INSERT INTO log_state (id, origin, size, root) VALUES (1, $1, 0, $2) ON CONFLICT DO NOTHING",
      [origin, Buffer.from(emptyRoot)],
    );
    row = (await find()).rows[0];
  }
  if (row === undefined) throw new Error("log_state has no row");
  requireOrigin(row.origin, origin);
  return { origin, size: Number(row.size), root: new Uint8Array(row.root) };
}

/** A log keeps its name for ever; under another name every proof given so far would be worth nothing. */
export function requireOrigin(known: string, configured: string): void {
  if (known === configured) return;
  throw new StartProblem(
    `this database holds the log "${known}", and SLIPMARK_LOG_ORIGIN or the public origin now asks for "${configured}": a log keeps its name for ever. Set SLIPMARK_LOG_ORIGIN=${known}, or use a new database`,
  );
}

async function append(
  client: ClientBase,
  head: LogHead,
  pending: readonly Pending[],
  keys: InstanceKeys,
): Promise<LogHead> {
  const edge = await readEdge(client, head.size);
  if (!equal(growTiles({ size: head.size, edge, leaves: [] }).root, head.root))
    throw new Error(`the tiles in the database do not give the root of its ${head.size} entries`);
  const acts = pending.map((row) => signAct(row, keys));
  const grown = growTiles({ size: head.size, edge, leaves: acts.map(({ leaf }) => leafHash(leaf)) });
  const indices = pending.map((_, at) => head.size + at);
  await client.query(
    `INSERT INTO log_entry (index, pending_id, dedup_key, kind, about, leaf, pae, t)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::timestamptz[])`,
    [
      indices,
      pending.map(({ id }) => id),
      pending.map((row) => row.dedup_key),
      pending.map(({ kind }) => kind),
      pending.map(({ about }) => about),
      acts.map(({ leaf }) => Buffer.from(leaf)),
      acts.map(({ pae }) => pae),
      pending.map(({ t }) => t),
    ],
  );
  // Straight from the pending rows: arrays of arrays have to be of one length in PostgreSQL.
  await client.query(
    `INSERT INTO log_statement (index, statement, public_key, payloads)
     SELECT given.index, p.statement, given.public_key, p.payloads
     FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS given (index, id, public_key)
     JOIN log_pending p ON p.id = given.id`,
    [indices, pending.map(({ id }) => id), acts.map(({ spki }) => Buffer.from(spki))],
  );
  for (const tile of grown.tiles)
    await client.query(
      `INSERT INTO log_tile (level, index, bytes) VALUES ($1, $2, $3)
       ON CONFLICT (level, index) DO UPDATE SET bytes = EXCLUDED.bytes`,
      [tile.level, tile.index, Buffer.from(tile.bytes)],
    );
  const root = Buffer.from(grown.root);
  await client.query("INSERT INTO log_checkpoint (size, root) VALUES ($1, $2)", [grown.size, root]);
  await client.query("UPDATE log_state SET size = $1, root = $2 WHERE id = 1", [grown.size, root]);
  await client.query("DELETE FROM log_pending WHERE id = ANY($1::bigint[])", [pending.map(({ id }) => id)]);
  return { origin: head.origin, size: grown.size, root: grown.root };
}

/** The partial tiles at the right edge of a tree of this size. */
async function readEdge(client: ClientBase, size: number): Promise<Map<number, Uint8Array>> {
  const edge = new Map<number, Uint8Array>();
  for (const { level, index, width } of edgeTiles(size)) {
    if (width === tileWidth) continue;
    const { rows } = await client.query<{ bytes: Buffer }>(
      "SELECT bytes FROM log_tile WHERE level = $1 AND index = $2",
      [level, index],
    );
    const bytes = rows[0]?.bytes;
    if (bytes === undefined) throw new Error(`tile ${level}/${index} of a log of ${size} entries is missing`);
    edge.set(level, new Uint8Array(bytes.subarray(0, width * 32)));
  }
  return edge;
}
