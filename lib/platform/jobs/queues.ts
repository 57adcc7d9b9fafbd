import type { PgBoss, Queue } from "pg-boss";
import type { JobName } from "./payloads";

/** PostgreSQL schema of the queue's own tables. */
export const jobsSchema = "slipmark_jobs";

/** Seconds without a sign of life after which another worker takes a job. pg-boss allows no less than 10. */
export const heartbeatSeconds = 10;

/** Attempts of one run at a source that does not answer; a worker that dies does not use them up. */
export const deadQueue = (name: JobName): string => `${name}.dead`;

const queues: Readonly<Record<JobName, Omit<Queue, "name">>> = {
  "run.execute": {
    // One job of a run at a time, whoever sends it again.
    policy: "exclusive",
    retryLimit: 8,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 120,
    heartbeatSeconds,
    expireInSeconds: 2 * 3600,
    retentionSeconds: 30 * 86_400,
    deleteAfterSeconds: 7 * 86_400,
    notify: true,
  },
  "fingerprint.compute": {
    policy: "exclusive",
    retryLimit: 8,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 120,
    heartbeatSeconds,
    // A full one reads every byte of the weights from a far side.
    expireInSeconds: 13 * 3600,
    retentionSeconds: 30 * 86_400,
    deleteAfterSeconds: 7 * 86_400,
    notify: true,
  },
  "canary.ask": {
    policy: "exclusive",
    retryLimit: 8,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 120,
    heartbeatSeconds,
    // A slow endpoint of a large set, one call at a time.
    expireInSeconds: 23 * 3600,
    retentionSeconds: 30 * 86_400,
    deleteAfterSeconds: 7 * 86_400,
    notify: true,
  },
  "canary.judge": {
    policy: "exclusive",
    retryLimit: 4,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 60,
    heartbeatSeconds,
    expireInSeconds: 900,
    retentionSeconds: 30 * 86_400,
    deleteAfterSeconds: 7 * 86_400,
    notify: true,
  },
  // A relay may be late or away; housekeeping sends it again after.
  "canary.nonce": {
    policy: "exclusive",
    retryLimit: 30,
    retryDelay: 2,
    retryBackoff: true,
    retryDelayMax: 60,
    heartbeatSeconds,
    expireInSeconds: 120,
    retentionSeconds: 60 * 86_400,
    notify: true,
  },
  "link.capture": {
    policy: "exclusive",
    retryLimit: 4,
    retryDelay: 5,
    retryBackoff: true,
    retryDelayMax: 600,
    heartbeatSeconds,
    expireInSeconds: 300,
    notify: true,
  },
  // Waits for caches and, where the log stands still, for as long as that lasts; housekeeping sends it again after.
  "redaction.finish": {
    policy: "exclusive",
    retryLimit: 500,
    retryDelay: 3,
    retryBackoff: true,
    retryDelayMax: 15,
    heartbeatSeconds,
    expireInSeconds: 300,
    notify: true,
  },
  "recall.apply": {
    policy: "exclusive",
    retryLimit: 50,
    retryDelay: 5,
    retryBackoff: true,
    retryDelayMax: 600,
    heartbeatSeconds,
    expireInSeconds: 3600,
    notify: true,
  },
  // The next round is ten minutes away: nothing is gained by trying again.
  "log.monitor": { policy: "exclusive", retryLimit: 0, heartbeatSeconds, expireInSeconds: 3600 },
  housekeeping: { policy: "exclusive", retryLimit: 1, heartbeatSeconds, expireInSeconds: 1800 },
};

/** Creates what is missing; settings that changed since are updated. Workers do this at start. */
export async function ensureQueues(boss: PgBoss): Promise<void> {
  for (const [name, options] of Object.entries(queues) as [JobName, Omit<Queue, "name">][]) {
    const dead = deadQueue(name);
    await boss.createQueue(dead, { retryLimit: 5, retryDelay: 5, retryBackoff: true, notify: true });
    await boss.createQueue(name, { ...options, deadLetter: dead });
    const { policy: _fixed, ...changeable } = options;
    await boss.updateQueue(name, changeable);
  }
}
