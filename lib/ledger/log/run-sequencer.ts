import { Pool, type PoolClient } from "pg";
import { LogError, openCheckpoint, parseVerifierKey } from "@/lib/engine/log";
import { log } from "@/lib/platform/telemetry";
import { setLogCondition } from "./condition";
import { readGuard } from "./guard";
import type { InstanceKeys } from "./keys";
import { ForkDanger, type KnownHead, requireContains } from "./known-heads";
import { checkpointFile } from "./log-files";
import { type Published, type PublishOptions, publishCheckpoint } from "./publish";
import { registerKeys, verifierKeys } from "./registered-keys";
import { type LogHead, requireOrigin, sequenceBatch } from "./sequence";
import { signCheckpoints } from "./sign-checkpoints";

/** Called with every published checkpoint: witnesses, timestamps. Never waited for; one call of each at a time. */
export type CheckpointHook = (checkpoint: Published, signal: AbortSignal) => Promise<void>;

export interface SequencerOptions extends PublishOptions {
  readonly databaseUrl: string;
  readonly keys: InstanceKeys;
  /** Opens the keys again: after one was rotated while this runs. */
  readonly reopenKeys?: () => InstanceKeys;
  readonly guardFile: string;
  /** Entries per transaction. */
  readonly batch: number;
  /** Told of a pending act that cannot become an entry. */
  readonly onRefused?: (problem: Error) => void;
  /** Least time between two checkpoints, milliseconds. */
  readonly intervalMs: number;
  readonly hooks?: readonly CheckpointHook[];
  /** What others know of this log: asked at start and after every refusal. */
  readonly knownHeads?: () => Promise<readonly KnownHead[]>;
  /** Calls back when an act was committed; returns how to stop. */
  readonly onAct: (wake: () => void) => () => void;
}

/** Without a notification it looks this often. */
const pollMs = 2_000;
/** After a refusal it looks again this often: the log may have been recovered meanwhile. */
const haltedMs = 5_000;

/**
 * Appends, signs and publishes until told to stop. Any number of them may run at once, in any processes. An error is
 * logged and tried again; a danger of forking the log stops all signing and says so on the status page.
 */
export async function runSequencer(options: SequencerOptions, signal: AbortSignal): Promise<void> {
  const pool = new Pool({
    connectionString: options.databaseUrl,
    max: 1,
    application_name: "slipmark log",
    idleTimeoutMillis: 60_000,
  });
  pool.on("error", (error) => log.warn({ err: error }, "connection of the log"));
  const alarm = createAlarm(signal);
  const stopListening = options.onAct(alarm.wake);
  const told = hookRunner(options.hooks ?? [], signal);
  let checked = false;
  let keys = options.keys;
  let newestKey: string | null = null;
  try {
    while (!signal.aborted) {
      let pause = pollMs;
      const refused: Error[] = [];
      try {
        const published = await withClient(pool, async (client) => {
          const newest = await newestKeyId(client);
          if (newestKey !== null && newest !== newestKey) {
            keys = options.reopenKeys?.() ?? keys;
            checked = false;
          }
          if (!checked) await checkPast(client, { ...options, keys });
          checked = true;
          newestKey = newest ?? (await newestKeyId(client));
          return step(client, { ...options, keys, onRefused: (problem) => refused.push(problem) });
        });
        if (published !== null) told(published);
        for (const err of refused) log.error({ err }, "the log");
        await setLogCondition(pool, refused[0] ?? null);
      } catch (error) {
        checked = false;
        pause = error instanceof ForkDanger || error instanceof LogError ? haltedMs : pollMs;
        if (signal.aborted) break;
        log.error({ err: error }, "the log");
        await setLogCondition(pool, error).catch(() => undefined);
      }
      // At most one checkpoint an interval, however many acts there are.
      await alarm.sleep(options.intervalMs, false);
      await alarm.sleep(pause - options.intervalMs, true);
    }
  } finally {
    stopListening();
    await pool.end();
  }
}

/** One round: everything that waits is appended, then signed, then published. Null when nothing had to be published. */
export async function step(client: PoolClient, options: SequencerOptions): Promise<Published | null> {
  for (;;) {
    const done = await sequenceBatch(client, { ...options, limit: options.batch });
    if (done === "busy" || done.appended < options.batch) break;
  }
  await signCheckpoints(client, options);
  const { rows } = await client.query<{ behind: boolean }>(
    `SELECT coalesce((SELECT max(size) FROM log_signature WHERE signer = 'log'), 0) > published_size AS behind
     FROM log_state WHERE id = 1`,
  );
  return rows[0]?.behind ? publishCheckpoint(client, options) : null;
}

/** Before the first entry: nobody may know more of this log than the database does. */
export async function checkPast(
  client: PoolClient,
  options: Pick<SequencerOptions, "keys" | "origin" | "guardFile" | "files" | "knownHeads">,
): Promise<void> {
  await registerKeys(client, options.keys);
  const { rows } = await client.query<{ origin: string; size: string }>(
    "SELECT origin, size::text FROM log_state WHERE id = 1",
  );
  const head = rows[0];
  if (head !== undefined) requireOrigin(head.origin, options.origin);
  const size = Number(head?.size ?? 0);
  const guard = await readGuard(options.guardFile);
  if (guard !== null) {
    requireOrigin(guard.origin, options.origin);
    await requireContains(client, size, { who: "the guard", ...guard });
  }
  const published = await publishedHead(client, options);
  if (published !== null)
    await requireContains(client, size, { who: "our published checkpoint", ...published });
  for (const known of (await options.knownHeads?.().catch(() => [])) ?? [])
    await requireContains(client, size, known);
}

async function publishedHead(
  client: PoolClient,
  { files, origin }: Pick<SequencerOptions, "files" | "origin">,
): Promise<LogHead | null> {
  const note = await files.get(checkpointFile);
  if (note === null) return null;
  const keys = (await verifierKeys(client, origin)).map(parseVerifierKey);
  return openCheckpoint(note, { origin, keys });
}

async function newestKeyId(client: PoolClient): Promise<string | null> {
  const { rows } = await client.query<{ id: string | null }>("SELECT max(id)::text AS id FROM log_key");
  return rows[0]?.id ?? null;
}

async function withClient<Result>(pool: Pool, use: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    const result = await use(client);
    client.release();
    return result;
  } catch (error) {
    // A broken connection must not come back from the pool.
    client.release(true);
    throw error;
  }
}

function hookRunner(hooks: readonly CheckpointHook[], signal: AbortSignal): (published: Published) => void {
  const slots = hooks.map((hook) => ({ hook, running: false, next: null as Published | null }));
  const run = async (slot: (typeof slots)[number]) => {
    slot.running = true;
    while (slot.next !== null && !signal.aborted) {
      const published = slot.next;
      slot.next = null;
      await slot.hook(published, signal).catch((error) => log.warn({ err: error }, "after a checkpoint"));
    }
    slot.running = false;
  };
  return (published) => {
    for (const slot of slots) {
      slot.next = published;
      if (!slot.running) void run(slot);
    }
  };
}

/** Waiting that an act, or the end, cuts short. A wake-up in a wait that must not be cut short is kept for the next one. */
function createAlarm(signal: AbortSignal) {
  let rung = false;
  let onRing: (() => void) | null = null;
  const wake = () => {
    rung = true;
    onRing?.();
  };
  return {
    wake,
    async sleep(ms: number, wakeable: boolean): Promise<void> {
      if (ms > 0 && !signal.aborted && !(wakeable && rung))
        await new Promise<void>((resolve) => {
          const end = () => {
            clearTimeout(timer);
            signal.removeEventListener("abort", end);
            onRing = null;
            resolve();
          };
          const timer = setTimeout(end, ms);
          signal.addEventListener("abort", end, { once: true });
          if (wakeable) onRing = end;
        });
      if (wakeable) rung = false;
    },
  };
}
