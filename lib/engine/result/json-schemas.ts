import { z } from "zod";
import { architectureStatisticsSchema } from "../methods/architecture/schema";
import { identityStatisticsSchema } from "../methods/identity/schema";
import { lineageStatisticsSchema } from "../methods/lineage/schema";
import { tokenizerStatisticsSchema } from "../methods/tokenizer/schema";
import { resultDocumentSchema } from "./document";

const published: Readonly<Record<string, readonly [title: string, schema: z.ZodType]>> = {
  "result.v1.json": ["slipmark.result/v1: one comparison and its digest", resultDocumentSchema],
  "statistics.identity.v1.json": ["Statistics of identity@1", identityStatisticsSchema],
  "statistics.architecture.v1.json": ["Statistics of architecture@1", architectureStatisticsSchema],
  "statistics.tokenizer.v1.json": ["Statistics of tokenizer@1", tokenizerStatisticsSchema],
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
