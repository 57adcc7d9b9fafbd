import { setTimeout as sleep } from "node:timers/promises";
import { log } from "@/lib/platform/telemetry";
import { type BackOff, backOff } from "../vouching/back-off";
import { createBell } from "../vouching/bell";
import type { Witness } from "./configured";
import { type CosigningDeps, cosignNewest } from "./cosign-newest";
import { noteWitness } from "./state";

export interface WitnessRun extends CosigningDeps {
  readonly witnesses: readonly Witness[];
  /** Makes the newest checkpoint fetchable again, with the lines that have come. */
  readonly republish: () => Promise<void>;
  /** Least time between two submissions to one witness, milliseconds. */
  readonly leastIntervalMs: number;
  readonly backOffMs: BackOff;
  /** Without a ring it looks this often: another process may have published. */
  readonly pollMs: number;
}

/**
 * Asks every witness, each in its own time, until `signal`: one that is slow, gone or hostile delays neither the others
 * nor the log. `ring` says that a checkpoint was published; nobody waits for what follows.
 */
export function runWitnesses(run: WitnessRun, signal: AbortSignal): { ring(): void; done: Promise<void> } {
  const bells = run.witnesses.map(() => createBell());
  const loops = run.witnesses.map((witness, at) =>
    keepCosigned(run, witness, bells[at] as ReturnType<typeof createBell>, signal),
  );
  return {
    ring: () => {
      for (const bell of bells) bell.ring();
    },
    done: Promise.all(loops).then(() => undefined),
  };
}

async function keepCosigned(
  run: WitnessRun,
  witness: Witness,
  bell: ReturnType<typeof createBell>,
  signal: AbortSignal,
): Promise<void> {
  // A line that was kept shortly before a process ended may not have been published.
  const memory: Memory = { failures: 0, unpublished: true };
  while (!signal.aborted) {
    const waitMs = await oneRound(run, witness, memory, signal);
    if (signal.aborted) return;
    memory.failures = waitMs === null ? 0 : memory.failures + 1;
    // A ring does not cut a back-off short: it would come with every checkpoint.
    await sleep(waitMs ?? run.leastIntervalMs, undefined, { signal }).catch(() => undefined);
    if (waitMs === null) await bell.wait(run.pollMs, signal);
  }
}

interface Memory {
  /** In a row. */
  failures: number;
  /** Whether a line may be kept that is not in the published note. */
  unpublished: boolean;
}

/** Null when all is well, or how long to wait before the next try. */
async function oneRound(
  run: WitnessRun,
  witness: Witness,
  memory: Memory,
  signal: AbortSignal,
): Promise<number | null> {
  try {
    const round = await cosignNewest(run, witness, signal);
    if (round.outcome === "problem") {
      if (memory.failures === 0)
        log.warn({ witness: witness.key.name, problem: round.problem }, "a witness does not cosign");
      await noteWitness(run.db, witness, round.problem, run.clock.now());
      return backOff(run.backOffMs, memory.failures, round.retryAfter);
    }
    if (round.outcome === "cosigned") {
      await noteWitness(run.db, witness, null, run.clock.now());
      memory.unpublished ||= round.fresh;
      if (memory.unpublished) await run.republish();
      memory.unpublished = false;
    }
    return null;
  } catch (error) {
    if (!signal.aborted) log.error({ err: error, witness: witness.key.name }, "while asking a witness");
    return backOff(run.backOffMs, memory.failures, null);
  }
}
