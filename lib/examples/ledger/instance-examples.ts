import { systemClock } from "@/lib/platform/clock";
import { anonymous, type Context } from "@/lib/platform/context";
import { makeServices } from "@/lib/platform/context/server";
import { connect, type Database } from "@/lib/platform/database";
import type { Environment } from "@/lib/platform/env";
import { log } from "@/lib/platform/telemetry";
import { isEmpty, type Loaded, loadExamples, pendingExampleRuns } from "./load-examples";
import { readProgress } from "./steps";

/** Whether this database holds the example ledger, or is empty and may get it. */
export async function examplesWanted(databaseUrl: string): Promise<boolean> {
  return using(databaseUrl, async (db) => (await readProgress({ db })) !== null || (await isEmpty({ db })));
}

/**
 * Loads the example ledger as far as it goes before the worker has executed its runs, and returns. What follows the
 * runs (a resolution, a withdrawal) is seen to from then on in this process, without keeping it alive.
 */
export async function loadExampleLedger(
  settings: Environment,
  databaseUrl: string,
  hubUrl: string,
): Promise<Loaded> {
  const state = await loadOnce(settings, databaseUrl, hubUrl);
  if (state === "runs-pending") finishLater(settings, databaseUrl, hubUrl, Date.now() + 30 * 60_000);
  return state;
}

function finishLater(settings: Environment, databaseUrl: string, hubUrl: string, until: number): void {
  const look = async () => {
    if (await using(databaseUrl, pendingExampleRuns)) return false;
    return (await loadOnce(settings, databaseUrl, hubUrl)) !== "runs-pending";
  };
  const again = () => {
    const timer = setTimeout(() => {
      look()
        .then((done) => {
          if (!done && Date.now() < until) again();
        })
        // The database stops before this process does; what is left undone is taken up at the next start.
        .catch((error: unknown) => log.warn({ err: error }, "example ledger not finished"));
    }, 1000);
    timer.unref();
  };
  again();
}

async function loadOnce(settings: Environment, databaseUrl: string, hubUrl: string): Promise<Loaded> {
  const services = makeServices(
    Object.create(settings, {
      DATABASE_URL: { value: databaseUrl },
      HF_ENDPOINT: { value: hubUrl },
    }) as Environment,
  );
  const { db, jobs, blobs, sources } = services;
  const ctx: Context = {
    db,
    clock: systemClock,
    viewer: anonymous,
    jobs,
    blobs,
    sources,
    settings: services.settings,
  };
  try {
    return await loadExamples(ctx);
  } finally {
    await Promise.allSettled([jobs.close(), services.listener.close()]);
    await db.$disconnect();
  }
}

async function using<Result>(url: string, task: (db: Database) => Promise<Result>): Promise<Result> {
  const db = connect(url, { max: 1 });
  try {
    return await task(db);
  } finally {
    await db.$disconnect();
  }
}
