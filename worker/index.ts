import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { startLog, startVouching, witnessesOf } from "@/lib/ledger/server";
import { anonymous } from "@/lib/platform/context";
import { closeServices, serviceContext, services } from "@/lib/platform/context/server";
import { sourceIo } from "@/lib/platform/context/source-io";
import { env, siteOrigin } from "@/lib/platform/env";
import { consumeJobs } from "@/lib/platform/jobs/consumer";
import { sourceBudget } from "@/lib/platform/rate-limit/source-budget";
import { main } from "@/lib/platform/supervisor/main";
import { log } from "@/lib/platform/telemetry";
import { numberRedactions } from "@/lib/redaction/server";
import { bundlePath, publishEngineBuild, runnableEngine } from "@/lib/verification/server";
import { handlers } from "./handlers";

/** A run that waits for a source's next window waits at most this long before it goes back to the queue. */
const longestSourceWaitMs = 330_000;
/** Jobs in hand may end within this time after a stop was asked for. */
const stopMs = 6_000;
/** Whatever still holds the process by then: every job is safe in the queue, so it simply ends. */
const lastMs = 9_000;

/** Takes jobs until it is told to stop (SIGTERM, SIGINT, or the supervisor's channel closing). */
await main(async () => {
  const settings = env();
  const { db, databaseUrl, files, listener, sources } = services();
  const budget = sourceBudget(db, {
    requests: settings.SLIPMARK_REQUEST_BUDGET,
    maxWaitMs: longestSourceWaitMs,
  });
  // The worker acts for nobody: what a run may do was decided when it was queued.
  const ctx = { ...serviceContext(anonymous), sources: { ...sources, budget } };
  const { sha256 } = await publishEngineBuild(ctx, bundlePath(process.cwd()));
  const bundle = await runnableEngine(ctx, sha256, join(settings.SLIPMARK_DATA, "tmp", "engine"));
  const stopping = new AbortController();
  // Before the first job is taken: it is handed back, too.
  const askedToStop = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
    process.once("disconnect", () => resolve());
  });
  const consumer = await consumeJobs(
    databaseUrl,
    handlers(ctx, {
      concurrency: settings.SLIPMARK_WORKER_CONCURRENCY,
      stopping: stopping.signal,
      listener,
      bundle,
      temporaryFolder: join(settings.SLIPMARK_DATA, "tmp", "runs"),
      files: services().files,
      monitor: {
        site: siteOrigin(settings),
        // Our own site: its pace is for others, and the budget of the sources for theirs.
        io: sourceIo(sources, { limits: { maxRequests: Number.MAX_SAFE_INTEGER } }),
        contact: settings.SLIPMARK_CONTACT ?? null,
        witnesses: witnessesOf(settings).map(({ vkey }) => vkey),
      },
      memoryLimitBytes: Math.max(1280 * 1024 * 1024, Math.floor(totalmem() / 4)),
    }),
    { onError: (error) => log.error({ err: error }, "queue") },
  );
  // Outside of the queue: the log must go on while jobs wait, and several workers may all try.
  const { signal } = stopping;
  const vouching = startVouching(ctx, settings, { databaseUrl, files, signal });
  const { hook, knownHeads } = vouching;
  const sequencer = startLog(ctx, settings, {
    databaseUrl,
    files,
    listener,
    signal,
    hooks: [hook, () => numberRedactions(ctx, files)],
    knownHeads,
  });
  log.info({ engine: bundle.sha256, cores: availableParallelism() }, "worker takes jobs");

  await askedToStop;
  // Runs in hand go back to the queue at once: another worker, or this one after its restart, begins them anew.
  setTimeout(() => process.exit(0), lastMs).unref();
  stopping.abort();
  await Promise.all([consumer.stop(stopMs), sequencer, vouching.done]);
  await closeServices();
  return 0;
});
