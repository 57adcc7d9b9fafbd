import { Pool, type PoolClient } from "pg";
import { LogError, openCheckpoint, parseVerifierKey } from "@/lib/engine/log";
import { log } from "@/lib/platform/telemetry";
import { checkCopies } from "./blob-copies";
import { setLogCondition } from "./condition";
import { readGuard } from "./guard";
import type { InstanceKeys } from "./keys";
import { ForkDanger, type KnownHead, requireContains } from "./known-heads";
import { checkpointFile } from "./log-files";
import { type Published, type PublishOptions, publishCheckpoint } from "./publish";
import { registerKeys, verifierKeys } from "./registered-keys";
import { type LogHead, requireOrigin, type SequenceOptions, sequenceBatch } from "./sequence";
import { signCheckpoints } from "./sign-checkpoints";

/** Called with every published checkpoint: witnesses, timestamps. Never waited for; one call of each at a time. */
export type CheckpointHook = (checkpoint: Published, signal: AbortSignal) => Promise<void>;

export interface SequencerOptions extends PublishOptions {
  readonly databaseUrl: string;
  readonly keys: InstanceKeys;
  /** Opens the keys again: after one was rotated while this runs, and after a refusal. */
  readonly reopenKeys?: () => Promise<InstanceKeys>;
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
/** After an act it goes on looking every interval for this long: writers send few notifications (append-entry.ts). */
const awakeMs = 3_000;
/** Entries in one round of publishing after which it rests: nine times what the round took, and no longer than this. */
const many = 128;
const longestRestMs = 10_000;
/** After a refusal it looks again this often: the log may have been recovered meanwhile. */
const haltedMs = 5_000;

/**
 * Appends, signs and publishes until told to stop. Any number of them may run at once, in any processes. Two loops, so
 * that acts need not wait for files: one appends, the other signs and publishes what was appended. An error is logged
 * and tried again; a danger of forking the log stops all signing and says so on the status page.
 */
export async function runSequencer(options: SequencerOptions, signal: AbortSignal): Promise<void> {
  const pool = new Pool({
    connectionString: options.databaseUrl,
    max: 3,
    application_name: "slipmark log",
    idleTimeoutMillis: 60_000,
  });
  pool.on("error", (error) => log.warn({ err: error }, "connection of the log"));
  const alarms = { append: createAlarm(signal), seal: createAlarm(signal) };
  const stopListening = options.onAct(alarms.append.wake);
  const told = hookRunner(options.hooks ?? [], signal);
  const condition = conditionKeeper(pool);
  /** Null until the past was checked, and again after every refusal. */
  let checked: { readonly keys: InstanceKeys; readonly newestKey: string | null } | null = null;
  let keys = options.keys;
  let copiesChecked = false;
  let sealed = 0;
  let sealedMany = false;
  let activeAt = Number.NEGATIVE_INFINITY;

  const appendRound = async (client: PoolClient): Promise<number> => {
    const newest = await newestKeyId(client);
    if (checked === null || newest !== checked.newestKey) {
      checked = null;
      // Also after a refusal: the key may have been brought meanwhile.
      keys = (await options.reopenKeys?.()) ?? keys;
      await checkPast(client, { ...options, keys });
      checked = { keys, newestKey: newest ?? (await newestKeyId(client)) };
      alarms.seal.wake();
    }
    const refused: Error[] = [];
    const appended = await appendAll(client, {
      ...options,
      keys,
      newestKey: checked.newestKey,
      onRefused: (one) => refused.push(one),
    });
    if (appended > 0) {
      activeAt = performance.now();
      alarms.seal.wake();
    }
    await condition("append", refused[0] ?? null);
    return performance.now() - activeAt < awakeMs ? options.intervalMs : pollMs;
  };
  const sealRound = async (client: PoolClient): Promise<number> => {
    if (checked === null) return pollMs;
    if (!copiesChecked) await checkCopies(client, options.blobs);
    copiesChecked = true;
    const published = await seal(client, { ...options, keys: checked.keys });
    const size = published?.size ?? sealed;
    sealedMany = size - sealed >= many;
    sealed = size;
    if (published !== null) told(published);
    await condition("seal", null);
    return pollMs;
  };
  const repeat = async (
    name: "append" | "seal",
    round: (client: PoolClient) => Promise<number>,
    rest: (took: number) => number,
  ) => {
    while (!signal.aborted) {
      const start = performance.now();
      let pause = pollMs;
      try {
        pause = await withClient(pool, round);
      } catch (error) {
        checked = null;
        pause = error instanceof ForkDanger || error instanceof LogError ? haltedMs : pollMs;
        if (signal.aborted) break;
        await condition(name, error).catch(() => undefined);
      }
      await alarms[name].sleep(rest(performance.now() - start), false);
      await alarms[name].sleep(pause - options.intervalMs, true);
    }
  };
  try {
    await Promise.all([
      // At most one round an interval, however many acts there are.
      repeat("append", appendRound, (took) => options.intervalMs - took),
      // At once after an append; but publishing a great many leaves most of the time to writers and to appending.
      repeat("seal", sealRound, (took) => (sealedMany ? Math.min(9 * took, longestRestMs) : 0)),
    ]);
  } finally {
    stopListening();
    await pool.end();
  }
}

/** Keeps the row that says why the log stands still; writes it only when that changes. */
function conditionKeeper(pool: Pool): (of: "append" | "seal", problem: unknown) => Promise<void> {
  const problems = new Map<string, unknown>();
  let written: string | undefined;
  return async (of, problem) => {
    const known = problems.get(of);
    problems.set(of, problem);
    if (problem !== null && String(known) !== String(problem)) log.error({ err: problem }, "the log");
    const worst = [...problems.values()].find((one) => one !== null) ?? null;
    if (written === String(worst)) return;
    await setLogCondition(pool, worst);
    written = String(worst);
  };
}

/** One round: everything that waits is appended, then signed, then published. Null when nothing had to be published. */
export async function step(client: PoolClient, options: SequencerOptions): Promise<Published | null> {
  await appendAll(client, options);
  return seal(client, options);
}

async function appendAll(
  client: PoolClient,
  options: SequencerOptions & Pick<SequenceOptions, "newestKey">,
): Promise<number> {
  let appended = 0;
  for (;;) {
    const done = await sequenceBatch(client, { ...options, limit: options.batch });
    // After a rotation the next round opens the keys again.
    if (done === "busy" || done === "rotated") return appended;
    appended += done.appended;
    if (done.appended < options.batch) return appended;
  }
}

async function seal(client: PoolClient, options: SequencerOptions): Promise<Published | null> {
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
