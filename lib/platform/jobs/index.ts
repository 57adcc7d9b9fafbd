import type { Transaction } from "@/lib/platform/database";

/** Every job: its name and payload. The worker has one handler per name. */
export interface JobPayloads {
  /** Execute a queued verification run. */
  "run.execute": { readonly version: 1; readonly runId: string };
  /** Compute a fingerprint of a registered model's weights. */
  "fingerprint.compute": { readonly version: 1; readonly jobId: string };
  /** Ask an endpoint the open items of a canary set. */
  "canary.ask": { readonly version: 1; readonly jobId: string };
  /** Judge a suspect's answers to a canary set. */
  "canary.judge": { readonly version: 1; readonly jobId: string };
  /** Fetch and verify the nonce that a set's terms name, once it can be known. */
  "canary.nonce": { readonly version: 1; readonly canarySetId: string };
  /** Capture a link named in a post: hash and time of what it answers. */
  "link.capture": { readonly version: 1; readonly postLinkId: string };
  /** Remove copies of redacted words and wait until every cache is clean. */
  "redaction.finish": { readonly version: 1; readonly redactionId: string };
  /** Queue re-runs and tell parties after a version of a method was recalled. */
  "recall.apply": { readonly version: 1; readonly recallId: string };
  /** Follow our own log from outside, as a stranger would, and raise an alert when anything is off. */
  "log.monitor": { readonly version: 1 };
  /** Remove look-ups past their 30 days, drafts past their 90, sessions past their end. */
  housekeeping: { readonly version: 1 };
}

export interface JobSender {
  /** Queues a job inside the caller's transaction: it exists exactly if the transaction commits. */
  send<Name extends keyof JobPayloads>(
    tx: Transaction,
    name: Name,
    payload: JobPayloads[Name],
    options?: {
      readonly priority?: number;
      readonly idempotencyKey?: string;
      /** No worker takes it before. */
      readonly notBefore?: Date;
    },
  ): Promise<void>;
}
