import { join } from "node:path";
import { CanaryError, type DrandChain, parseChainInfo } from "@/lib/engine/canary";
import type { BlobStore } from "@/lib/platform/blobs";
import { type NamedFiles, openNamedFiles } from "@/lib/platform/blobs/named-files";
import { blobSettings, blobsOf } from "@/lib/platform/blobs/open";
import { systemClock } from "@/lib/platform/clock";
import { connect, type Database } from "@/lib/platform/database";
import { type Environment, env, siteOrigin } from "@/lib/platform/env";
import { askEndpoints } from "@/lib/platform/env/ask-endpoints";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { type ClosableSender, createJobSender } from "@/lib/platform/jobs/sender";
import { createListener, type Listener } from "@/lib/platform/notify";
import { sourceBudget } from "@/lib/platform/rate-limit/source-budget";
import { log } from "@/lib/platform/telemetry";
import type { Context, SourceSettings, Viewer } from "./index";

/** What one process has one of. */
export interface Services {
  readonly databaseUrl: string;
  readonly db: Database;
  readonly jobs: ClosableSender;
  readonly blobs: BlobStore;
  /** Beside the blobs, under names of ours: the log as it is published. */
  readonly files: NamedFiles;
  readonly sources: SourceSettings;
  readonly listener: Listener;
  readonly settings: Context["settings"];
}

// On globalThis: Next bundles a module into several chunks, and each would have its own pool.
const place = globalThis as typeof globalThis & { [key: symbol]: Services | undefined };
const name = Symbol.for("slipmark.services");

/** Pools and stores of this process, from its environment, made when first asked for. */
export function services(): Services {
  place[name] ??= makeServices(env());
  return place[name];
}

/** The context of one request: who asks, and what commands and queries need. */
export function serviceContext(viewer: Viewer): Context {
  const { db, jobs, blobs, sources, settings } = services();
  return { db, clock: systemClock, viewer, jobs, blobs, sources, settings };
}

/** Closes pools and connections: at the end of a worker or of a test. */
export async function closeServices(): Promise<void> {
  const open = place[name];
  place[name] = undefined;
  if (open === undefined) return;
  await Promise.allSettled([open.jobs.close(), open.listener.close()]);
  await open.db.$disconnect();
}

export function makeServices(settings: Environment): Services {
  const databaseUrl = settings.DATABASE_URL;
  if (databaseUrl === undefined)
    throw new StartProblem("DATABASE_URL is not set: start with npm start, or set it to the database to use");
  const db = connect(databaseUrl);
  const onError = (error: unknown) => log.warn({ err: error }, "connection of the queue or of notifications");
  return {
    databaseUrl,
    db,
    jobs: createJobSender(databaseUrl, onError),
    blobs: blobsOf(settings),
    files: openNamedFiles(blobSettings(settings)),
    sources: {
      hf: { endpoint: settings.HF_ENDPOINT, token: settings.HF_TOKEN ?? null },
      github: { endpoint: settings.GITHUB_API_URL, token: settings.GITHUB_TOKEN ?? null },
      cacheFolder: join(settings.SLIPMARK_DATA, "cache"),
      cacheBytes: settings.SLIPMARK_CACHE_BYTES,
      // Somebody waits in front of a form; the worker's runs wait longer (lib/verification).
      budget: sourceBudget(db, { requests: settings.SLIPMARK_REQUEST_BUDGET, maxWaitMs: 5_000 }),
    },
    listener: createListener(databaseUrl, onError),
    settings: {
      casePrefix: settings.SLIPMARK_CASE_PREFIX,
      publicOrigin: siteOrigin(settings),
      fingerprintBytes: settings.SLIPMARK_FINGERPRINT_BYTES,
      askEndpoints: askEndpoints(settings),
      drand: { relay: settings.SLIPMARK_DRAND_URL, trusted: ownChain(settings.SLIPMARK_DRAND_CHAIN) },
    },
  };
}

/** A chain that the operator trusts beside the League of Entropy's. Throws StartProblem when it is no chain. */
function ownChain(info: string | undefined): readonly DrandChain[] {
  if (info === undefined) return [];
  try {
    return [parseChainInfo(Buffer.from(info, "utf8"))];
  } catch (error) {
    if (error instanceof CanaryError) throw new StartProblem(`SLIPMARK_DRAND_CHAIN: ${error.message}`);
    throw error;
  }
}
