import { z } from "zod";
import { canonical } from "../log";
import { CanaryError } from "./errors";
import { generatorRoot } from "./generator";
import { strictJsonOf } from "./json-lines";
import { limits } from "./limits";
import { termsSchema } from "./terms";

export const commitmentSchemaName = "slipmark.canary-commitment/v1";
const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

/** commitment.json: the public part of a set, all that is registered. */
export const commitmentSchema = z
  .strictObject({
    schema: z.literal(commitmentSchemaName),
    setId: hex(16),
    root: hex(32),
    items: z.int().min(1).max(limits.items),
    kind: z.enum(["random-label", "natural", "generator"]),
    authorKeyId: hex(32),
    terms: termsSchema.nullable(),
  })
  .refine(
    ({ terms, items }) => terms === null || terms.items === items,
    "the terms are of another number of items",
  )
  .refine(({ terms, kind }) => terms === null || terms.kind === kind, "the terms are of another kind of set")
  .refine(({ terms, kind }) => terms !== null || kind !== "generator", "a generator set has its terms")
  .refine(
    ({ terms, root }) => terms?.generator === undefined || generatorRoot(terms.generator) === root,
    "the root is not that of the generator",
  );
export type CommitmentDocument = z.infer<typeof commitmentSchema>;

/** Reads commitment.json. Throws CanaryError "malformed" or "bad-commitment". */
export function parseCommitment(bytes: Uint8Array): CommitmentDocument {
  const found = commitmentSchema.safeParse(strictJsonOf(bytes, "The commitment"));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  const place = issue?.path.length ? `${issue.path.join(".")}: ` : "";
  throw new CanaryError(
    "bad-commitment",
    `The commitment cannot be used: ${place}${issue?.message ?? "shape"}`,
  );
}

/** commitment.json: canonical JSON and a line feed. */
export const formatCommitment = (commitment: CommitmentDocument): string => `${canonical(commitment)}\n`;
