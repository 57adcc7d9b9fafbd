import { z } from "zod";
import { canaryResultSchema } from "../canary/judge/schema";
import { fullFingerprintSchema, lightFingerprintSchema } from "../fingerprint/schema";
import { architectureStatisticsSchema } from "../methods/architecture/schema";
import { codeStatisticsSchema } from "../methods/code/schema";
import { identityStatisticsSchema } from "../methods/identity/schema";
import { lineageStatisticsSchema } from "../methods/lineage/schema";
import { tokenizerStatisticsSchema } from "../methods/tokenizer/schema";
import { alignedStatisticsSchema } from "../methods/weights-aligned/schema";
import { fingerprintStatisticsSchema } from "../methods/weights-fingerprint/schema";
import { weightsFullStatisticsSchema } from "../methods/weights-full/schema";
import { independenceStatisticsSchema } from "../methods/weights-independence/schema";
import { invariantStatisticsSchema } from "../methods/weights-invariant/schema";
import { resultDocumentSchema } from "./document";

const published: Readonly<Record<string, readonly [title: string, schema: z.ZodType]>> = {
  "fingerprint.v1.json": ["slipmark.fingerprint/v1: a full fingerprint of weights", fullFingerprintSchema],
  "fingerprint-light.v1.json": [
    "slipmark.fingerprint-light/v1: samples at public positions",
    lightFingerprintSchema,
  ],
  "canary-result.v1.json": [
    "slipmark.canary-result/v1: one judgement of answers to canaries and its digest",
    canaryResultSchema,
  ],
  "result.v1.json": ["slipmark.result/v1: one comparison and its digest", resultDocumentSchema],
  "statistics.identity.v2.json": ["Statistics of identity@2", identityStatisticsSchema],
  "statistics.architecture.v1.json": ["Statistics of architecture@1", architectureStatisticsSchema],
  "statistics.tokenizer.v1.json": ["Statistics of tokenizer@1", tokenizerStatisticsSchema],
  "statistics.weights-aligned.v2.json": ["Statistics of weights/aligned@2", alignedStatisticsSchema],
  "statistics.weights-independence.v2.json": [
    "Statistics of weights/independence@2",
    independenceStatisticsSchema,
  ],
  "statistics.weights-invariant.v2.json": ["Statistics of weights/invariant@2", invariantStatisticsSchema],
  "statistics.weights-full.v2.json": ["Statistics of weights/full@2", weightsFullStatisticsSchema],
  "statistics.weights-fingerprint.v1.json": [
    "Statistics of weights/fingerprint@1",
    fingerprintStatisticsSchema,
  ],
  "statistics.code.v1.json": ["Statistics of code@1", codeStatisticsSchema],
  "statistics.lineage.v2.json": ["Statistics of lineage@2", lineageStatisticsSchema],
};

/** The JSON Schemas (2020-12) that docs/schemas publishes, by file name, as text. Made from the schemas that validate. */
export function publishedSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(published).map(([file, [title, schema]]) => {
      const { $schema, ...body } = z.toJSONSchema(schema, { target: "draft-2020-12" });
      return [file, `${JSON.stringify({ $schema, title, ...body }, null, 2)}\n`];
    }),
  );
}
