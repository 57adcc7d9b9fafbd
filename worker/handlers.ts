import {
  canaryAskChannel,
  canaryJudgeChannel,
  executeAsk,
  executeJudge,
  failAbandonedAsk,
  failAbandonedJob,
  fetchNonce,
  fetchRoundFrom,
  judgeKind,
} from "@/lib/canaries/server";
import type { SourceIo } from "@/lib/engine/io/source/source-io";
import { captureLink } from "@/lib/evidence/server";
import { watchOwnLog } from "@/lib/ledger/server";
import type { NamedFiles } from "@/lib/platform/blobs/named-files";
import type { Context } from "@/lib/platform/context";
import { askKey } from "@/lib/platform/env/ask-endpoints";
import type { JobHandlers } from "@/lib/platform/jobs/consumer";
import { sendMail } from "@/lib/platform/mail";
import type { Listener } from "@/lib/platform/notify";
import { finishRedaction } from "@/lib/redaction/server";
import { fingerprintChannel } from "@/lib/registry/server";
import {
  applyRecall,
  executeFingerprint,
  executeRun,
  failAbandonedFingerprint,
  failAbandonedRun,
  runChannel,
} from "@/lib/verification/server";

import { housekeeping } from "./housekeeping";

export interface WorkerSettings {
  readonly concurrency: number;
  readonly stopping: AbortSignal;
  readonly listener: Listener;
  readonly bundle: { readonly path: string; readonly sha256: string };
  readonly temporaryFolder: string;
  /** Files under names, beside the blobs. */
  readonly files: NamedFiles;
  readonly memoryLimitBytes: number;
  /** Where strangers read this site, and who is told when its log is off. */
  readonly monitor: {
    readonly site: string;
    readonly io: SourceIo;
    readonly contact: string | null;
    /** Verifier keys of the configured witnesses. */
    readonly witnesses: readonly string[];
  };
}

/** One handler per job. */
export function handlers(ctx: Context, settings: WorkerSettings): JobHandlers {
  return {
    "run.execute": {
      concurrency: settings.concurrency,
      handle: async ({ runId }, job) =>
        executeRun(ctx, runId, {
          bundle: settings.bundle,
          temporaryFolder: settings.temporaryFolder,
          timeLimitMs: 30 * 60_000,
          memoryLimitBytes: settings.memoryLimitBytes,
          maxAttempts: 4,
          signal: AbortSignal.any([job.signal, settings.stopping]),
          onNotify: (callback) => settings.listener.subscribe(runChannel, callback),
        }),
      onDead: ({ runId }) => failAbandonedRun(ctx, runId),
    },
    "fingerprint.compute": {
      // One at a time: a full one may take hours, and runs of cases must not wait for it.
      concurrency: 1,
      handle: async ({ jobId }, job) =>
        executeFingerprint(ctx, jobId, {
          bundle: settings.bundle,
          temporaryFolder: settings.temporaryFolder,
          timeLimitMs: 12 * 3600_000,
          memoryLimitBytes: settings.memoryLimitBytes,
          maxAttempts: 4,
          signal: AbortSignal.any([job.signal, settings.stopping]),
          onNotify: (callback) => settings.listener.subscribe(fingerprintChannel, callback),
        }),
      onDead: ({ jobId }) => failAbandonedFingerprint(ctx, jobId),
    },
    "canary.ask": {
      // Each asks one call after another and mostly waits.
      concurrency: 4,
      handle: async ({ jobId }, job) =>
        executeAsk(ctx, jobId, {
          keyOf: askKey,
          maxAttempts: 4,
          signal: AbortSignal.any([job.signal, settings.stopping]),
          onNotify: (callback) => settings.listener.subscribe(canaryAskChannel, callback),
        }),
      onDead: ({ jobId }) => failAbandonedAsk(ctx, jobId),
    },
    "canary.judge": {
      concurrency: 1,
      handle: async ({ jobId }, job) =>
        executeJudge(ctx, jobId, {
          engine: settings.bundle,
          temporaryFolder: settings.temporaryFolder,
          timeLimitMs: 10 * 60_000,
          memoryLimitBytes: settings.memoryLimitBytes,
          signal: AbortSignal.any([job.signal, settings.stopping]),
          onNotify: (callback) => settings.listener.subscribe(canaryJudgeChannel, callback),
        }),
      onDead: ({ jobId }) => failAbandonedJob(ctx, judgeKind, jobId),
    },
    "canary.nonce": {
      concurrency: 2,
      handle: async ({ canarySetId }, job) =>
        fetchNonce(ctx, canarySetId, {
          fetchRound: fetchRoundFrom(ctx),
          signal: AbortSignal.any([job.signal, settings.stopping]),
        }),
    },
    "link.capture": {
      concurrency: 2,
      handle: async ({ postLinkId }) => {
        await captureLink(ctx, postLinkId);
        return "done";
      },
    },
    "redaction.finish": {
      concurrency: 2,
      handle: async ({ redactionId }) => finishRedaction(ctx, redactionId, { files: settings.files }),
    },
    "recall.apply": {
      concurrency: 1,
      handle: async ({ recallId }) => {
        await applyRecall(ctx, recallId, sendMail);
        return "done";
      },
    },
    "log.monitor": {
      concurrency: 1,
      handle: async (_payload, job) => {
        await watchOwnLog(ctx, {
          ...settings.monitor,
          send: sendMail,
          signal: AbortSignal.any([job.signal, settings.stopping]),
        });
        return "done";
      },
    },
    housekeeping: {
      concurrency: 1,
      handle: async () => {
        await housekeeping(ctx, settings.temporaryFolder);
        return "done";
      },
    },
  };
}
