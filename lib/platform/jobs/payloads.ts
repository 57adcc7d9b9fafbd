import { z } from "zod";

const runId = z.string().regex(/^run_[0-9a-z]{20}$/);

/** Payload of each job, checked when it is sent and again when a worker takes it. */
export const jobPayloads = {
  "run.execute": z.strictObject({ version: z.literal(1), runId }),
  "fingerprint.compute": z.strictObject({
    version: z.literal(1),
    jobId: z.string().regex(/^fpj_[0-9a-z]{20}$/),
  }),
  "canary.ask": z.strictObject({
    version: z.literal(1),
    jobId: z.string().regex(/^caj_[0-9a-z]{20}$/),
  }),
  "canary.judge": z.strictObject({
    version: z.literal(1),
    jobId: z.string().regex(/^jdg_[0-9a-z]{20}$/),
  }),
  "canary.nonce": z.strictObject({
    version: z.literal(1),
    canarySetId: z.string().regex(/^cns_[0-9a-z]{20}$/),
  }),
  "link.capture": z.strictObject({
    version: z.literal(1),
    postLinkId: z.string().regex(/^plk_[0-9a-z]{20}$/),
  }),
  "redaction.finish": z.strictObject({
    version: z.literal(1),
    redactionId: z.string().regex(/^rdc_[0-9a-z]{20}$/),
  }),
  "recall.apply": z.strictObject({
    version: z.literal(1),
    recallId: z.string().regex(/^rcl_[0-9a-z]{20}$/),
  }),
  "log.monitor": z.strictObject({ version: z.literal(1) }),
  housekeeping: z.strictObject({ version: z.literal(1) }),
} as const;

export type JobName = keyof typeof jobPayloads;
export const jobNames = Object.keys(jobPayloads) as JobName[];
