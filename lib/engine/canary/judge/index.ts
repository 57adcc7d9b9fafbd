/** The judge: statistics, rules and sentences about answers to canaries. Pure and deterministic. */

export { assumptionSentence, exclusionSentence, explain, reasonSentence, saysSentence } from "./explain";
export * from "./input";
export { canaryDigest, judge, type UndigestedJudgement } from "./judge";
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
