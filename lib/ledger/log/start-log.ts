import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { NamedFiles } from "@/lib/platform/blobs/named-files";
import type { Context } from "@/lib/platform/context";
import type { Environment } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import type { Listener } from "@/lib/platform/notify";
import { log } from "@/lib/platform/telemetry";
import { logChannel } from "../append-entry";
import { setLogCondition } from "./condition";
import { aboutNewKeys, type InstanceKeys, type KeySettings, openKeys } from "./keys";
import type { KnownHead } from "./known-heads";
import { settleKeys } from "./rotate-key";
import { type CheckpointHook, runSequencer } from "./run-sequencer";

/** Where the environment says that the instance's keys are. */
export function keySettings(settings: Environment): KeySettings {
  return {
    folder: settings.SLIPMARK_KEYS,
    given: {
      log: settings.SLIPMARK_LOG_KEY,
      previousLog: settings.SLIPMARK_LOG_KEY_PREVIOUS,
      site: settings.SLIPMARK_SITE_KEY,
      run: settings.SLIPMARK_RUN_KEY,
      moderator: settings.SLIPMARK_MODERATOR_KEY,
    },
  };
}

/** The instance's keys as the environment names them. Throws StartProblem when one is missing, unless it may be made. */
export function instanceKeys(settings: Environment, { make = false } = {}): InstanceKeys {
  return openKeys({ ...keySettings(settings), make });
}

/** After a refusal at start it looks again this often: keys may have been brought meanwhile. */
const refusedMs = 30_000;

/**
 * Runs the sequencer in this process until `signal`. Makes the keys while the log has none, and says so. What must not
 * start says why, in the process' log and on the status page, and is tried again; jobs are taken all the same.
 */
export async function startLog(
  ctx: Context,
  settings: Environment,
  running: {
    readonly databaseUrl: string;
    readonly files: NamedFiles;
    readonly listener: Listener;
    readonly signal: AbortSignal;
    readonly hooks?: readonly CheckpointHook[];
    readonly knownHeads?: () => Promise<readonly KnownHead[]>;
  },
): Promise<void> {
  let keys: InstanceKeys | null = null;
  while (keys === null) {
    if (running.signal.aborted) return;
    try {
      await refuseExamplesInPublic(ctx, settings);
      await settleKeys(ctx.db, settings.SLIPMARK_KEYS);
      keys = instanceKeys(settings, { make: (await ctx.db.logKey.count()) === 0 });
    } catch (error) {
      if (error instanceof StartProblem) log.error(`the log does not start: ${error.message}`);
      else log.error({ err: error }, "the log does not start");
      await tell(running.databaseUrl, error).catch(() => undefined);
      await sleep(refusedMs, undefined, { signal: running.signal }).catch(() => undefined);
    }
  }
  const news = aboutNewKeys(keys);
  if (news !== null) log.warn(news);
  await runSequencer(
    {
      databaseUrl: running.databaseUrl,
      keys,
      reopenKeys: async () => {
        await settleKeys(ctx.db, settings.SLIPMARK_KEYS);
        return instanceKeys(settings);
      },
      origin: settings.SLIPMARK_LOG_ORIGIN,
      guardFile: settings.SLIPMARK_LOG_GUARD,
      blobs: ctx.blobs,
      files: running.files,
      batch: settings.SLIPMARK_LOG_BATCH,
      intervalMs: settings.SLIPMARK_LOG_INTERVAL_MS,
      hooks: running.hooks ?? [],
      ...(running.knownHeads === undefined ? {} : { knownHeads: running.knownHeads }),
      onAct: (wake) => running.listener.subscribe(logChannel, wake),
    },
    running.signal,
  );
}

async function tell(connectionString: string, problem: unknown): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await setLogCondition(client, problem);
  } finally {
    await client.end();
  }
}

/** The example ledger never enters a real log. Throws StartProblem. */
async function refuseExamplesInPublic(ctx: Context, settings: Environment): Promise<void> {
  if (settings.SLIPMARK_PUBLIC_ORIGIN === undefined) return;
  if ((await ctx.db.case.count({ where: { example: true } })) > 0)
    throw new StartProblem(
      "this database holds the example ledger, which never enters a public log: set DATABASE_URL or SLIPMARK_DATA to an empty one, or unset SLIPMARK_PUBLIC_ORIGIN",
    );
}
