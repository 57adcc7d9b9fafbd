import { z } from "zod";
import { canonicalJson, sha256Hex } from "@/lib/engine/formats/canonical-json";
import type { LedgerKind } from "./kinds";
import { type Predicate, predicates, type UsedKind } from "./predicates";
import { verificationSummary, verificationSummaryType } from "./verification-summary";

const digests = z
  .strictObject({
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    gitCommit: z.string().regex(/^[0-9a-f]{40}$/),
  })
  .partial()
  .refine((set) => set.sha256 !== undefined || set.gitCommit !== undefined, "a subject needs a digest");

/** What a statement speaks about, by digest: a release (gitCommit), a fingerprint, a result (sha256). */
export const subjectSchema = z.strictObject({
  /** "hf:org/name", "fingerprint", "result": a label for readers, never free text. */
  name: z.string().regex(/^[\w.:/-]{1,220}$/),
  digest: digests,
});
export type Subject = { readonly name: string; readonly digest: { sha256?: string; gitCommit?: string } };

export const statementType = "https://in-toto.io/Statement/v1";

/** Verification runs use SLSA's summary, so that other people's tools read them; the rest have predicates of our own. */
export function predicateType(kind: LedgerKind): string {
  return kind === "verify" ? verificationSummaryType : `urn:slipmark:statement:${kind}:v1`;
}

/**
 * The unsigned in-toto v1 statement of one act as canonical JSON (RFC 8785): the bytes a signature will later cover.
 * Throws ZodError when the act is malformed: a mistake of the caller, so the transaction around it must fail.
 */
export function statementBytes<Kind extends UsedKind>(
  kind: Kind,
  subjects: readonly Subject[],
  predicate: Predicate<Kind>,
): { readonly json: string; readonly sha256: string } {
  const checked = predicates[kind].parse(predicate) as Predicate<Kind>;
  const json = canonicalJson({
    _type: statementType,
    subject: z.array(subjectSchema).min(1).parse(subjects),
    predicateType: predicateType(kind),
    predicate: kind === "verify" ? verificationSummary(checked as Predicate<"verify">) : checked,
  });
  return { json, sha256: sha256Hex(json) };
}
