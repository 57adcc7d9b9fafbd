import { Pool } from "pg";
import { formatVerifierKey, signatureTypes } from "@/lib/engine/log";
import type { NamedFiles } from "@/lib/platform/blobs/named-files";
import type { Context } from "@/lib/platform/context";
import type { Environment } from "@/lib/platform/env";
import { log } from "@/lib/platform/telemetry";
import type { KnownHead } from "../log/known-heads";
import { publishCheckpoint } from "../log/publish";
import type { CheckpointHook } from "../log/run-sequencer";
import { instanceKeys } from "../log/start-log";
import { readRoots } from "../timestamp/roots";
import { runTimestamps } from "../timestamp/run-timestamps";
import { configuredWitnesses } from "../witness/configured";
import { runWitnesses } from "../witness/run-witnesses";
import { witnessedHeads } from "../witness/witnessed-heads";

const timeoutMs = 10_000;
/** The log waits for this question at its start: an outage costs it no more than that. */
const startTimeoutMs = 3_000;
const backOffMs = [1_000, 300_000] as const;
const pollMs = 60_000;

export interface Vouching {
  /** For the sequencer: returns at once, so that nothing from outside can hold it up. */
  readonly hook: CheckpointHook;
  /** What the witnesses know of this log, for its guard. */
  knownHeads(): Promise<readonly KnownHead[]>;
  readonly done: Promise<void>;
}

/**
 * Asks the configured witnesses and the timestamp authority to vouch for every published checkpoint, until `signal`.
 * Without any it does nothing. Throws StartProblem on settings that cannot be right.
 */
export function startVouching(
  ctx: Context,
  settings: Environment,
  running: { readonly databaseUrl: string; readonly files: NamedFiles; readonly signal: AbortSignal },
): Vouching {
  const { db, clock, blobs } = ctx;
  const { files, signal } = running;
  const origin = settings.SLIPMARK_LOG_ORIGIN;
  const witnesses = configuredWitnesses(settings.SLIPMARK_WITNESSES);
  const url = settings.SLIPMARK_TSA_URL;
  const roots = settings.SLIPMARK_TSA_CERT === undefined ? null : readRoots(settings.SLIPMARK_TSA_CERT);
  const pool = new Pool({
    connectionString: running.databaseUrl,
    max: 1,
    application_name: "slipmark witnesses",
    idleTimeoutMillis: 10_000,
  });
  pool.on("error", (error) => log.warn({ err: error }, "connection of the witnesses"));

  const asked = runWitnesses(
    {
      db,
      files,
      clock,
      witnesses,
      timeoutMs,
      backOffMs,
      pollMs,
      leastIntervalMs: 500,
      republish: async () => {
        const client = await pool.connect();
        await publishCheckpoint(client, { blobs, files, origin }).finally(() => client.release());
      },
    },
    signal,
  );
  const dated =
    url === undefined || roots === null
      ? null
      : runTimestamps(
          {
            db,
            clock,
            url,
            roots,
            timeoutMs: 30_000,
            backOffMs,
            pollMs,
            intervalMs: settings.SLIPMARK_TSA_INTERVAL * 1000,
            settleMs: 2_000,
          },
          signal,
        );
  return {
    hook: async () => {
      asked.ring();
      dated?.ring();
    },
    knownHeads: () => {
      if (witnesses.length === 0) return Promise.resolve([]);
      const { publicKey } = instanceKeys(settings).of("log");
      const logKeys = [formatVerifierKey(origin, signatureTypes.note, publicKey)];
      return witnessedHeads({ db, files, origin, logKeys, witnesses, timeoutMs: startTimeoutMs }, signal);
    },
    done: Promise.all([asked.done, dated?.done]).then(() => pool.end()),
  };
}
