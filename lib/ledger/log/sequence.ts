import { createHash } from "node:crypto";
import type { ClientBase } from "pg";
import { edgeTiles, emptyRoot, equal, growTiles, tileWidth } from "@/lib/engine/log";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { readGuard } from "./guard";
import type { InstanceKeys } from "./keys";
import { requireContains } from "./known-heads";
import { type PendingRow, type SignedAct, signAct } from "./statement-signer";

/** Of the transaction that appends: whoever has it is the one sequencer of the moment. */
export const sequencerLock = 5_349_120_001;

export interface SequenceOptions {
  readonly keys: InstanceKeys;
  /** The log's name, for its first entry; afterwards it has to be the same. */
  readonly origin: string;
  /** Entries per transaction. */
  readonly limit: number;
  readonly guardFile: string;
  /** Told of a pending act that cannot become an entry: it stays where it is, and holds up nobody else. */
  readonly onRefused?: (problem: Error) => void;
  /** Id of the newest key that `keys` are known to go with; left out: nobody rotates keys meanwhile. */
  readonly newestKey?: string | null;
}

export interface LogHead {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

interface Pending extends PendingRow {
  readonly id: string;
  readonly newest_key: string | null;
}

interface NewEntry extends SignedAct {
  readonly id: string;
}

/**
 * Moves pending acts into the log: one READ COMMITTED transaction writes entries, statements, tiles, the new state and an
 * unsigned checkpoint, and deletes what was pending. "busy": another sequencer is at it; "rotated": one of the keys is not
 * in use any more. Signs statements, never the checkpoint: that waits for the commit.
 */
export async function sequenceBatch(
  client: ClientBase,
  options: SequenceOptions,
): Promise<{ readonly appended: number; readonly head: LogHead } | "busy" | "rotated"> {
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
    // Keys and acts as of one moment: no act that was recorded after a rotation is signed by what was in use before it.
    const { rows } = await client.query<Pending>({
      name: "log-pending",
      text: `SELECT id::text, kind, statement, t, signature, public_key, (SELECT max(id)::text FROM log_key) AS newest_key
       FROM log_pending WHERE held_until IS NULL OR held_until <= now() ORDER BY log_pending.id LIMIT $1`,
      values: [options.limit],
    });
    if (options.newestKey !== undefined && rows.some(({ newest_key }) => newest_key !== options.newestKey)) {
      await client.query("ROLLBACK");
      return "rotated";
    }
    const acts = rows.flatMap((row) => signOrLeave(row, options));
    const next = acts.length === 0 ? head : await append(client, head, acts);
    await client.query("COMMIT");
    return { appended: acts.length, head: next };
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

function signOrLeave(row: Pending, { keys, onRefused }: SequenceOptions): NewEntry[] {
  try {
    return [{ id: row.id, ...signAct(row, keys) }];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onRefused?.(new Error(`pending act ${row.id} cannot be appended: ${reason}`, { cause: error }));
    return [];
  }
}

async function append(client: ClientBase, head: LogHead, acts: readonly NewEntry[]): Promise<LogHead> {
  const edge = await readEdge(client, head.size);
  if (!equal(growTiles({ size: head.size, edge, leaves: [] }).root, head.root))
    throw new Error(`the tiles in the database do not give the root of its ${head.size} entries`);
  const grown = growTiles({ size: head.size, edge, leaves: acts.map(({ leaf }) => hashOf(leaf)) });
  // What was pending moves inside the database; a row that went meanwhile is missed at the end of this statement.
  const moved = await client.query({
    name: "log-move",
    text: `WITH given AS (
       SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bytea[])
         WITH ORDINALITY AS given (id, leaf, pae, public_key, n)
     ), gone AS (
       DELETE FROM log_pending p USING given WHERE p.id = given.id
       RETURNING $1::bigint + given.n - 1 AS index, p.id, p.dedup_key, p.kind, p.about, p.t, p.statement, p.payloads,
                 given.leaf, given.pae, given.public_key
     ), entry AS (
       INSERT INTO log_entry (index, pending_id, dedup_key, kind, about, leaf, pae, t)
       SELECT index, id, dedup_key, kind, about, convert_to(leaf, 'UTF8'), pae, t FROM gone ORDER BY index
     )
     INSERT INTO log_statement (index, statement, public_key, payloads)
     SELECT index, statement, public_key, payloads FROM gone ORDER BY index`,
    values: [
      head.size,
      acts.map(({ id }) => id),
      acts.map(({ leaf }) => Buffer.from(leaf).toString("utf8")),
      acts.map(({ pae }) => pae),
      acts.map(({ spki }) => Buffer.from(spki)),
    ],
  });
  if (moved.rowCount !== acts.length)
    throw new Error(`${acts.length - (moved.rowCount ?? 0)} pending acts went away while they were appended`);
  const root = Buffer.from(grown.root);
  await client.query({
    name: "log-tiles",
    text: `INSERT INTO log_tile (level, index, bytes) SELECT * FROM unnest($1::int[], $2::bigint[], $3::bytea[])
     ON CONFLICT (level, index) DO UPDATE SET bytes = EXCLUDED.bytes`,
    values: [
      grown.tiles.map(({ level }) => level),
      grown.tiles.map(({ index }) => index),
      grown.tiles.map(({ bytes }) => Buffer.from(bytes)),
    ],
  });
  await client.query("INSERT INTO log_checkpoint (size, root) VALUES ($1, $2)", [grown.size, root]);
  await client.query("UPDATE log_state SET size = $1, root = $2 WHERE id = 1", [grown.size, root]);
  return { origin: head.origin, size: grown.size, root: grown.root };
}

/** leafHash by the server's own SHA-256, which is many times as fast. */
const hashOf = (leaf: Uint8Array): Uint8Array =>
  new Uint8Array(createHash("sha256").update(leafPrefix).update(leaf).digest());
const leafPrefix = Uint8Array.of(0);

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
