import { setTimeout as sleep } from "node:timers/promises";
import { log } from "@/lib/platform/telemetry";
import { type BackOff, backOff } from "../vouching/back-off";
import { createBell } from "../vouching/bell";
import { lastStamped, type StampingDeps, stampNewest } from "./stamp-newest";
import { noteTimestamp } from "./state";

export interface TimestampRun extends StampingDeps {
  /** Least time between two tokens, milliseconds. */
  readonly intervalMs: number;
  /** After a publication it waits this long, so that the witnesses' lines are in the note that is dated. */
  readonly settleMs: number;
  readonly backOffMs: BackOff;
  /** Without a ring it looks this often: another process may have published. */
  readonly pollMs: number;
}

/**
 * Has the newest checkpoint dated at the interval, until `signal`. `ring` says that one was published; nobody waits for
 * what follows.
 */
export function runTimestamps(run: TimestampRun, signal: AbortSignal): { ring(): void; done: Promise<void> } {
  const bell = createBell();
  const keepStamping = async () => {
    let failures = 0;
    while (!signal.aborted) {
      const waitMs = await oneRound(run, failures, signal);
      failures = waitMs.failed ? failures + 1 : 0;
      if (waitMs.ms > 0) await sleep(waitMs.ms, undefined, { signal }).catch(() => undefined);
      else {
        await bell.wait(run.pollMs, signal);
        await sleep(run.settleMs, undefined, { signal }).catch(() => undefined);
      }
    }
  };
  return { ring: () => bell.ring(), done: keepStamping() };
}

/** How long to wait; 0: until something is published. */
async function oneRound(
  run: TimestampRun,
  failures: number,
  signal: AbortSignal,
): Promise<{ readonly ms: number; readonly failed: boolean }> {
  try {
    const last = await lastStamped(run.db);
    const due = last === null ? 0 : last.keptAt.getTime() + run.intervalMs - run.clock.now().getTime();
    if (due > 0) return { ms: Math.min(due, run.intervalMs), failed: false };
    const round = await stampNewest(run, signal);
    if (round.outcome === "problem") {
      if (failures === 0) log.warn({ problem: round.problem }, "the timestamp authority gives no token");
      await noteTimestamp(run.db, round.problem, run.clock.now());
      return { ms: backOff(run.backOffMs, failures, round.retryAfter), failed: true };
    }
    if (round.outcome === "stamped") await noteTimestamp(run.db, null, run.clock.now());
    return { ms: round.outcome === "stamped" ? run.intervalMs : 0, failed: false };
  } catch (error) {
    if (!signal.aborted) log.error({ err: error }, "while asking the timestamp authority");
    return { ms: backOff(run.backOffMs, failures, null), failed: true };
  }
}
