import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { openCheckpoint, parseVerifierKey, rootFromTiles } from "@/lib/engine/log";
import { tileReader } from "@/lib/ledger/log/log-files";
import { logVerifierKeys } from "@/lib/ledger/log/read";
import { connect, type Database } from "@/lib/platform/database";
import { type LogPlace, logPlace, recordCommit, requireSoundLog } from "./log-place";
import type { SequencerProcessSettings } from "./sequencer-process";

const mostWaiting = 400;
/** Without any step for so long it stands still. */
const stillMs = 120_000;

/**
 * Two sequencer processes and four writers on one database; one of the processes is killed with -9 at a random moment,
 * `kills` times. Afterwards every act that was committed is in the log once, and every checkpoint that was ever readable
 * is a beginning of the last one.
 */
export async function killSequencers(databaseUrl: string, kills: number): Promise<{ readonly size: number }> {
  const place = await logPlace(databaseUrl);
  const db = connect(databaseUrl, { max: 6 });
  const processes: ChildProcess[] = [];
  let writing = true;
  const recorded: string[] = [];
  const write = async () => {
    while (writing) {
      // Always more than one batch waits, and never more than a slow machine gets done afterwards.
      if ((await db.logPending.count()) < mostWaiting) recorded.push(await recordCommit(db));
      await sleep(Math.random() * 20);
    }
  };
  try {
    for (let at = 0; at < 2; at += 1) processes.push(await startSequencer(databaseUrl, place));
    const writers = [write(), write(), write(), write()];
    const watch = watchCheckpoints(place);
    for (let kill = 0; kill < kills; kill += 1) {
      await sleep(Math.random() * 400);
      const at = kill % 2;
      const victim = processes[at];
      const gone = victim && once(victim, "exit");
      victim?.kill("SIGKILL");
      await gone;
      processes[at] = await startSequencer(databaseUrl, place);
    }
    writing = false;
    await Promise.all(writers);
    await untilDrained(db);
    await Promise.all(processes.map(ended));
    const logged = await requireSoundLog(place.options);
    expect([...logged].sort()).toEqual([...recorded].sort());
    await requireBeginnings(place, db, await watch());
    return { size: logged.length };
  } finally {
    writing = false;
    for (const child of processes) child.kill("SIGKILL");
    await db.$disconnect();
    await place.remove();
  }
}

/** However long it takes, as long as it goes on. */
async function untilDrained(db: Database): Promise<void> {
  let before = "";
  for (let still = 0; still < stillMs; still += 100) {
    const waiting = await db.logPending.count();
    const state = await db.logState.findUnique({ where: { id: 1 } });
    if (waiting === 0 && state?.size === state?.publishedSize) return;
    const now = `${waiting} ${state?.size} ${state?.publishedSize}`;
    if (now !== before) still = 0;
    before = now;
    await sleep(100);
  }
  throw new Error(`the log stands still: waiting, size, published: ${before}`);
}

async function startSequencer(databaseUrl: string, { folder, options }: LogPlace): Promise<ChildProcess> {
  const { origin } = options;
  const settings: SequencerProcessSettings = { databaseUrl, folder, origin, batch: 16, intervalMs: 10 };
  const child = fork(join("tests", "support", "sequencer-process.ts"), [JSON.stringify(settings)], {
    execArgv: ["--disable-warning=DeprecationWarning", "--import", "tsx"],
    env: { PATH: process.env.PATH, NODE_ENV: "test", LOG_LEVEL: "fatal" },
  });
  const early = once(child, "exit").then(([code]) => {
    throw new Error(`the sequencer ended before it began (${code})`);
  });
  early.catch(() => undefined);
  await Promise.race([once(child, "message"), early]);
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}

/** Every checkpoint that a reader could have fetched meanwhile, in the order of reading. */
function watchCheckpoints({ options }: LogPlace): () => Promise<readonly string[]> {
  const seen: string[] = [];
  let watching = true;
  const loop = (async () => {
    while (watching) {
      const bytes = await options.files.get("log/checkpoint");
      const note = bytes === null ? null : Buffer.from(bytes).toString("utf8");
      if (note !== null && seen.at(-1) !== note) seen.push(note);
      await sleep(2);
    }
  })();
  return async () => {
    watching = false;
    await loop;
    return seen;
  };
}

async function requireBeginnings(
  { options }: LogPlace,
  db: Parameters<typeof logVerifierKeys>[0],
  notes: readonly string[],
): Promise<void> {
  const keys = (await logVerifierKeys(db)).map(parseVerifierKey);
  const opened = notes.map((note) => openCheckpoint(note, { origin: options.origin, keys }));
  const sizes = opened.map(({ size }) => size);
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  expect(sizes.length).toBeGreaterThan(3);
  const read = tileReader(options.files);
  for (const { size, root } of opened) expect(await rootFromTiles(size, read)).toEqual(root);
}
