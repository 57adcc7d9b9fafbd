import { z } from "zod";
import { appealGrounds, caseStates, claimKinds, findings } from "@/lib/cases";
import { entryDateSchema } from "./entries";

export const listingNotice = "A listing is not a finding.";
const instant = z.iso.datetime();

export const caseRowSchema = z.object({
  publicId: z.string(),
  state: z.enum(caseStates),
  finding: z.enum(findings),
  original: z.string(),
  suspect: z.string(),
  documented: z.boolean(),
  example: z.boolean(),
  claimKinds: z.array(z.enum(claimKinds)),
  openedAt: instant.nullable(),
  updatedAt: instant,
});

const run = z.object({
  id: z.string(),
  methods: z.array(z.string()),
  state: z.string(),
  createdAt: instant,
  finishedAt: instant.nullable(),
  digest: z.string().nullable(),
  relation: z.string().nullable(),
  says: z.record(z.string(), z.string()),
  failureCode: z.string().nullable(),
  redacted: z.boolean(),
  /** Methods in it, "id@version", whose version was recalled: nothing may rest on this result. */
  recalled: z.array(z.string()),
});

const claim = z.object({
  id: z.string(),
  number: z.int(),
  kind: z.string(),
  method: z.string(),
  text: z.string(),
  redaction: z.object({ at: instant, reason: z.string() }).nullable(),
  runs: z.array(run),
});

export const claimSchema = claim.extend({
  case: z.object({ publicId: z.string(), state: z.enum(caseStates), finding: z.enum(findings) }),
  /** Stands on every claim: it is one side's words. */
  notice: z.literal(listingNotice),
});

export const caseEventSchema = z.object({
  sequence: z.int(),
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  at: instant,
  actor: z.string().nullable(),
});

export const caseSchema = caseRowSchema.omit({ claimKinds: true }).extend({
  /** Stands on every case. */
  notice: z.literal(listingNotice),
  findingReasons: z.array(
    z.object({ code: z.string(), runId: z.string().optional(), postId: z.string().optional() }),
  ),
  declared: z.boolean(),
  interest: z.string(),
  interestNote: z.string().nullable(),
  reporter: z.string(),
  submittedAt: instant.nullable(),
  notifiedAt: instant.nullable(),
  replyDueAt: instant.nullable(),
  resolvedAt: instant.nullable(),
  withdrawnAt: instant.nullable(),
  appealUntil: instant.nullable(),
  /** Appeals that wait for an answer, oldest first; the reasons are the post. */
  appeals: z.array(
    z.object({
      postId: z.string(),
      by: z.enum(["reporter", "party"]),
      side: z.enum(["original", "suspect"]).nullable(),
      grounds: z.enum(appealGrounds),
      at: instant,
    }),
  ),
  releases: z.array(
    z.object({
      role: z.string(),
      releaseId: z.string(),
      source: z.string(),
      repository: z.string(),
      commit: z.string(),
      modelId: z.string().nullable(),
      capture: z
        .object({
          id: z.string(),
          observedAt: instant,
          date: entryDateSchema,
          licence: z.string().nullable(),
          declaredBases: z.array(z.string()),
          likes: z.int().nullable(),
          downloads: z.int().nullable(),
          fileCount: z.int(),
          metadata: z.array(z.object({ path: z.string(), size: z.number(), sha256: z.string() })),
        })
        .nullable(),
    }),
  ),
  claims: z.array(claim),
  runs: z.array(run),
  parties: z.array(
    z.object({
      side: z.string(),
      name: z.string(),
      acceptedAt: instant.nullable(),
      basis: z.string().nullable(),
      speaker: z.string().nullable(),
      hasReplied: z.boolean(),
    }),
  ),
  timeline: z.array(caseEventSchema),
  record: z.array(
    z.object({
      date: z.string(),
      text: z.object({ en: z.string(), zh: z.string() }),
      sourceKind: z.string(),
      source: z.string(),
      sourceUrl: z.string().nullable(),
    }),
  ),
});
