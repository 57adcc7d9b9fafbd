/** The judge: statistics, rules and sentences about answers to canaries. Pure and deterministic. */
export * from "./input";
export {
  type CanarySays,
  canaryResultSchema,
  canaryResultSchemaName,
  type Exclusion,
  exclusionSchema,
  type Judgement,
  type Mark,
  saysSchema,
} from "./schema";
