import { z } from "zod";
import { beaconSchema } from "./beacon/schema";
import { CanaryError } from "./errors";
import { extractorSchema } from "./extractor";
import { generatorSchema } from "./generator";
import type { CanaryItem } from "./items";
import { limits } from "./limits";

export const termsSchemaName = "slipmark.canary-terms/v1";

const date = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

const shape = z.strictObject({
  schema: z.literal(termsSchemaName),
  kind: z.enum(["random-label", "natural", "generator"]),
  items: z.int().min(1).max(limits.items),
  /** The smallest number of options of any item; null where items have none. */
  options: z.int().min(2).max(4096).nullable(),
  primary: z.enum(["secret", "robust", "rank"]),
  /** A decimal without exponent or trailing zeros: its digits are fixed, not a double near it. */
  threshold: z.string().regex(/^0\.\d{0,14}[1-9]$/, "a decimal such as 0.01 or 0.000001"),
  normaliser: z.literal("n1"),
  /** A second row that folds Traditional and Simplified; the exact match stays primary. */
  fold: z.enum(["none", "simplified"]),
  /** What is sent for an item; {prompt} stands for the item's own. */
  prompt: z.string().min(1).max(8192),
  extractor: extractorSchema,
  repeats: z.int().min(3).max(25),
  /** Names of the models to ask, each as namedReference reads it: they are the panel that decides. */
  references: z.array(z.string().min(1).max(280)).max(200),
  needsReferences: z.int().min(5).max(1000),
  /** Revealed by the end of this day, UTC (RFC 3339, full-date). */
  deadline: z.string().regex(date, "a date such as 2027-01-31").refine(isDate, "no day of the calendar"),
  beacon: beaconSchema,
  generator: generatorSchema.optional(),
});

/** What an author fixes before anybody answers: part of the commitment in the log. */
export const termsSchema = shape.superRefine((terms, context) => {
  const refuse = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  const { kind, primary, options, beacon, threshold } = terms;
  const random = kind === "random-label";
  if (primary === "secret" && !random)
    refuse("primary", "p_secret counts hits on secret, drawn labels: only random-label sets have them");
  if (primary === "robust" && random)
    refuse("primary", "p_robust compares errors on items with a truth: random labels have none");
  if (random && (options === null || options < limits.labelOptions))
    refuse("options", `random-label items have at least ${limits.labelOptions} options`);
  if (kind !== "natural" && beacon.kind === "none")
    refuse("beacon", "what is drawn after the commitment needs a beacon or a checkpoint to be drawn from");
  if ((kind === "generator") !== (terms.generator !== undefined))
    refuse("generator", "a generator set names its program, and only a generator set does");
  if (Number(threshold) > 0.05) refuse("threshold", "a threshold above 0.05 decides nothing");
  if (primary === "rank" && Number(threshold) * (terms.needsReferences + 1) < 1 - 1e-12)
    refuse(
      "threshold",
      `with ${terms.needsReferences} references p_rank is never below 1/${terms.needsReferences + 1}`,
    );
  if (terms.prompt.split("{prompt}").length > 2) refuse("prompt", "{prompt} stands in it more than once");
  if (new Set(terms.references).size !== terms.references.length)
    refuse("references", "a name is there twice");
});

export type CanaryTerms = z.infer<typeof termsSchema>;
export type SetKind = CanaryTerms["kind"];

/** Terms from a stranger's JSON value. Throws CanaryError "bad-terms" with the first fault. */
export function parseTerms(value: unknown): CanaryTerms {
  const found = termsSchema.safeParse(value);
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  const place = issue?.path.join(".") || "they";
  throw new CanaryError(
    "bad-terms",
    `The terms cannot be used: ${place}: ${issue?.message ?? "wrong shape"}`,
  );
}

/** A reference named in terms: "name", or "name@sha256:…" where the digest of its weights is fixed too. */
export function namedReference(text: string): { readonly name: string; readonly weights: string | null } {
  const [, name = text, weights = null] = /^(.+)@sha256:([0-9a-f]{64})$/.exec(text) ?? [];
  return { name, weights };
}

/** First moment at which unrevealed items count as failed, in milliseconds since 1970: the day after, 0 h UTC. */
export function deadlineEnds(terms: Pick<CanaryTerms, "deadline">): number {
  return Date.parse(`${terms.deadline}T00:00:00Z`) + 86_400_000;
}

/** What is sent for one item: the template with the item's prompt put in. */
export function promptFor(terms: Pick<CanaryTerms, "prompt">, item: Pick<CanaryItem, "prompt">): string {
  // A function, or "$&" in a prompt would be read as a pattern of replacement.
  return terms.prompt.replace("{prompt}", () => item.prompt ?? "");
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}
