import { readFile } from "node:fs/promises";
import { Client } from "pg";
import { growTiles, leafHash, type TileEdge, utf8 } from "@/lib/engine/log";
import { checkPast, step } from "@/lib/ledger/log/run-sequencer";
import { sequenceBatch } from "@/lib/ledger/log/sequence";
import { benchOptions, fillPending, origin } from "./place";

/** A backlog appended by one sequencer, with nobody else at work; then signed and published. */
export async function sequencerAlone(databaseUrl: string, folder: string, count: number) {
  const options = benchOptions(databaseUrl, folder);
  return withClient(databaseUrl, async (client) => {
    await fillPending(client, count);
    await client.query("VACUUM ANALYZE");
    await checkPast(client as never, options);
    const backend = await backendCpu(client);
    const cpu = process.cpuUsage();
    const start = performance.now();
    while (await appended(client, options)) {}
    const sequenced = performance.now();
    const { user, system } = process.cpuUsage(cpu);
    const ended = await backendCpu(client);
    await step(client as never, options);
    const published = performance.now();
    return {
      /** Of this process and of the database's, microseconds an entry: what a busy machine does not change much. */
      cpu: (user + system + (ended - backend)) / count,
      sequenced: (count / (sequenced - start)) * 1000,
      published: (count / (published - start)) * 1000,
    };
  });
}

/** CPU time of our backend in microseconds; not a number where the system does not tell (other than Linux). */
async function backendCpu(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const stat = await readFile(`/proc/${rows[0]?.pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // utime and stime, in hundredths of a second.
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** Microseconds of an entry in logs of 10^4, 10^5, … entries: the log is made long in bulk, the next entries as always. */
export async function costAtSizes(databaseUrl: string, folder: string, most: number) {
  const options = benchOptions(databaseUrl, folder);
  const measured = 8192;
  return withClient(databaseUrl, async (client) => {
    await checkPast(client as never, options);
    const costs: { size: number; microseconds: number }[] = [];
    let tree = { size: 0, edge: new Map() as TileEdge };
    for (let size = 10_000; size <= most; size *= 10) {
      tree = await lengthen(client, tree, size);
      await fillPending(client, measured);
      await client.query("VACUUM ANALYZE log_pending, log_entry, log_statement, log_tile");
      const start = performance.now();
      while (await appended(client, options)) {}
      costs.push({ size, microseconds: ((performance.now() - start) * 1000) / measured });
      await client.query("CHECKPOINT").catch(() => undefined);
      tree = await treeOf(client);
    }
    return costs;
  });
}

async function appended(client: Client, options: ReturnType<typeof benchOptions>): Promise<boolean> {
  const done = await sequenceBatch(client, { ...options, limit: options.batch });
  return typeof done === "object" && done.appended > 0;
}

/** Entries of ordinary length up to `size`, with their tiles and state. */
async function lengthen(client: Client, from: { size: number; edge: TileEdge }, size: number) {
  let tree = from;
  while (tree.size < size) {
    const count = Math.min(4096, size - tree.size);
    const leaves = Array.from({ length: count }, (_, at) => `${tree.size + at}`.padEnd(330, "."));
    await client.query(
      `INSERT INTO log_entry (index, pending_id, dedup_key, kind, about, leaf, pae, t)
       SELECT $1 + n - 1, -($1 + n), 'filler:' || ($1 + n), 'commit', 'model:' || ($1 + n), convert_to(leaf, 'UTF8'),
              encode(sha256(convert_to(leaf, 'UTF8')), 'hex'), now()
       FROM unnest($2::text[]) WITH ORDINALITY AS given (leaf, n)`,
      [tree.size, leaves],
    );
    const grown = growTiles({ ...tree, leaves: leaves.map((leaf) => leafHash(utf8(leaf))) });
    for (const { level, index, bytes } of grown.tiles)
      await client.query(
        `INSERT INTO log_tile (level, index, bytes) VALUES ($1, $2, $3)
         ON CONFLICT (level, index) DO UPDATE SET bytes = EXCLUDED.bytes`,
        [level, index, Buffer.from(bytes)],
      );
    await client.query(
      `INSERT INTO log_state (id, origin, size, root) VALUES (1, $3, $1, $2)
       ON CONFLICT (id) DO UPDATE SET size = EXCLUDED.size, root = EXCLUDED.root`,
      [grown.size, Buffer.from(grown.root), origin],
    );
    tree = grown;
  }
  return tree;
}

async function treeOf(client: Client): Promise<{ size: number; edge: TileEdge }> {
  const { rows } = await client.query<{ size: string }>("SELECT size::text FROM log_state");
  const tiles = await client.query<{ level: number; bytes: Buffer }>(
    "SELECT DISTINCT ON (level) level, bytes FROM log_tile ORDER BY level, index DESC",
  );
  const partial = tiles.rows.filter(({ bytes }) => bytes.length < 8192);
  return {
    size: Number(rows[0]?.size),
    edge: new Map(partial.map(({ level, bytes }) => [level, new Uint8Array(bytes)])),
  };
}

async function withClient<Result>(
  connectionString: string,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
