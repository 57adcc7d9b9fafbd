/** The judge: statistics, rules and sentences about answers to canaries. Pure and deterministic. */

export { canaryJudgeAbout } from "./about";
export { sameWeights } from "./copies";
export { assumptionSentence, exclusionSentence, explain, reasonSentence, saysSentence } from "./explain";
export { nameKey } from "./families";
export * from "./input";
export { judge } from "./judge";
export {
  type CanarySays,
  canaryResultSchema,
  type Exclusion,
  type Judgement,
  type Mark,
} from "./schema";
