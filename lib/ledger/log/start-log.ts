import type { NamedFiles } from "@/lib/platform/blobs/named-files";
import type { Context } from "@/lib/platform/context";
import type { Environment } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import type { Listener } from "@/lib/platform/notify";
import { log } from "@/lib/platform/telemetry";
import { logChannel } from "../append-entry";
import { aboutNewKeys, type InstanceKeys, openKeys } from "./keys";
import type { KnownHead } from "./known-heads";
import { type CheckpointHook, runSequencer } from "./run-sequencer";

/** The instance's keys as the environment names them. */
export function instanceKeys(settings: Environment): InstanceKeys {
  return openKeys({
    folder: settings.SLIPMARK_KEYS,
    given: {
      log: settings.SLIPMARK_LOG_KEY,
      site: settings.SLIPMARK_SITE_KEY,
      run: settings.SLIPMARK_RUN_KEY,
      moderator: settings.SLIPMARK_MODERATOR_KEY,
    },
  });
}

/**
 * Runs the sequencer in this process until `signal`. Makes the keys where there are none, and says so. The example ledger
 * never enters a real log: with a public origin and examples in the database this throws StartProblem.
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
  await refuseExamplesInPublic(ctx, settings);
  const keys = instanceKeys(settings);
  const news = aboutNewKeys(keys);
  if (news !== null) log.warn(news);
  await runSequencer(
    {
      databaseUrl: running.databaseUrl,
      keys,
      reopenKeys: () => instanceKeys(settings),
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

async function refuseExamplesInPublic(ctx: Context, settings: Environment): Promise<void> {
  if (settings.SLIPMARK_PUBLIC_ORIGIN === undefined) return;
  if ((await ctx.db.case.count({ where: { example: true } })) > 0)
    throw new StartProblem(
      "this database holds the example ledger, which never enters a public log: set DATABASE_URL or SLIPMARK_DATA to an empty one, or unset SLIPMARK_PUBLIC_ORIGIN",
    );
}
