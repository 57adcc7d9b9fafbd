import { z } from "zod";
import { entryDateSchema } from "./entries";

const instant = z.iso.datetime();
const versionKind = z.enum(["first", "edit", "correction"]);

export const evidenceSchema = z.object({
  id: z.string(),
  kind: z.enum(["statement", "evidence", "reply", "party-reply"]),
  case: z.string(),
  claimNumber: z.int().nullable(),
  parentId: z.string().nullable(),
  /** Public name; null once it is gone. */
  author: z.string().nullable(),
  party: z.object({ side: z.enum(["original", "suspect"]), name: z.string() }).nullable(),
  interest: z.string(),
  interestNote: z.string().nullable(),
  state: z.enum(["visible", "waiting", "withdrawn"]),
  /** Sanitised HTML; empty when withdrawn. */
  html: z.string(),
  /** The words were taken away, when and on what ground. */
  redaction: z.object({ at: instant, reason: z.string() }).nullable(),
  version: z.int(),
  createdAt: instant,
  changedAt: instant.nullable(),
  changeKind: versionKind.nullable(),
  links: z.array(
    z.object({
      url: z.string(),
      capture: z
        .object({
          finalUrl: z.string().nullable(),
          status: z.int().nullable(),
          contentType: z.string().nullable(),
          size: z.int().nullable(),
          sha256: z.string().nullable(),
          failure: z.string().nullable(),
          capturedAt: instant,
          date: entryDateSchema,
        })
        .nullable(),
    }),
  ),
  versions: z.array(
    z.object({
      version: z.int(),
      kind: versionKind,
      createdAt: instant,
      html: z.string(),
      redaction: z.object({ at: instant, reason: z.string() }).nullable(),
    }),
  ),
  replies: z.array(z.string()),
});
