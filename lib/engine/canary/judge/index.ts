/** The judge: statistics, rules and sentences about answers to canaries. Pure and deterministic. */

export { canaryJudgeAbout } from "./about";
export {
  assumptionSentence,
  exclusionSentence,
  explain,
  reachedSentence,
  reasonSentence,
  saysSentence,
} from "./explain";
export { nameKey } from "./families";
export * from "./input";
export { judge } from "./judge";
export { countPanel } from "./panel-count";
export {
  type CanarySays,
  canaryResultSchema,
  type Exclusion,
  type Judgement,
  type Mark,
} from "./schema";
