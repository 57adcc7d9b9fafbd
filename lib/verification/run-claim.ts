import { setTimeout as sleep } from "node:timers/promises";
import type { RunJob } from "@/lib/engine/run-job";
import type { Context } from "@/lib/platform/context";
import { Prisma } from "@/lib/platform/database/generated/client";
import { staleMs } from "@/lib/platform/jobs/watch-job";
import { runNotify } from "./notify-run";
import { type RunParameters, type RunRole, runParametersSchema } from "./schema";
import { afterRunEvent } from "./state";

/** A run in the hands of this worker. `attempt` fences it: whoever claims it later has a higher one. */
export interface ClaimedRun {
  readonly id: string;
  readonly caseId: string | null;
  readonly attempt: number;
  readonly parameters: RunParameters;
  readonly inputs: readonly {
    readonly role: RunRole;
    readonly position: number;
    readonly releaseId: string;
    readonly spec: RunJob["inputs"]["original"];
  }[];
}

/**
 * Marks the run as running, as the next attempt. Null when it has ended, or when another worker is alive on it:
 * then that worker brings it to its end.
 */
export async function claimRun(ctx: Context, runId: string, signal: AbortSignal): Promise<ClaimedRun | null> {
  const giveUp = Date.now() + 2 * staleMs;
  for (;;) {
    const claimed = await tryClaim(ctx, runId);
    if (claimed !== "held") return claimed;
    // The queue gave up on that worker, but its last sign of life is fresh: wait for the next one, or for none.
    if (Date.now() > giveUp || signal.aborted) throw new Error(`run ${runId} is being executed elsewhere`);
    await sleep(500);
  }
}

async function tryClaim(ctx: Context, runId: string): Promise<ClaimedRun | null | "held"> {
  return ctx.db.$transaction(async (tx) => {
    // By the database's clock alone: those of two machines may differ by more than a sign of life.
    const [sign] = await tx.$queryRaw<{ now: Date; fresh: boolean }[]>`
      SELECT clock_timestamp() AS now,
        coalesce(progress_at > clock_timestamp() - ${staleMs} * interval '1 millisecond', false) AS fresh
      FROM run WHERE id = ${runId} FOR UPDATE`;
    const run = await tx.run.findUnique({
      where: { id: runId },
      include: { inputs: { include: { release: true }, orderBy: [{ role: "asc" }, { position: "asc" }] } },
    });
    if (run === null || sign === undefined) return null;
    const state = afterRunEvent(run.state, "claim");
    if (state === null) return null;
    if (run.state === "running" && sign.fresh) return "held";
    const attempt = run.attempt + 1;
    await tx.run.update({
      where: { id: runId },
      data: {
        state,
        attempt,
        startedAt: run.startedAt ?? ctx.clock.now(),
        progressAt: sign.now,
        progress: Prisma.DbNull,
        failure: Prisma.DbNull,
      },
    });
    await runNotify(tx, runId);
    return claimedOf(run, attempt);
  });
}

function claimedOf(
  run: Prisma.RunGetPayload<{ include: { inputs: { include: { release: true } } } }>,
  attempt: number,
): ClaimedRun {
  return {
    id: run.id,
    caseId: run.caseId,
    attempt,
    parameters: runParametersSchema.parse(run.parameters),
    inputs: run.inputs.map((input) => ({
      role: input.role as RunRole,
      position: input.position,
      releaseId: input.releaseId,
      spec: {
        kind: input.release.source === "github" ? "github" : "hf",
        repository: input.release.repository,
        revision: input.release.commit,
      },
    })),
  };
}
