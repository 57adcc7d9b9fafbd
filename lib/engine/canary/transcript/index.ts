/** Transcripts of asked canaries: calls, hashes, Merkle root, modal answers. Pure; runs in a browser as on a server. */
export { type Answer, type AnswerFileOptions, formatAnswers, parseAnswers } from "./answers";
export {
  type CommittedQuestions,
  digestOfAsked,
  type Question,
  questionOf,
  questionsIn,
  readAsCommitted,
} from "./asked";
export { isParameterName, isPlainParameter } from "./chat";
export {
  type AskedItem,
  type AskTerms,
  answerIn,
  fillArguments,
  itemsDigest,
  replyText,
  requestText,
  sentDigest,
  sentText,
} from "./exchange";
export { TranscriptFold, type TranscriptSummary } from "./fold";
export * from "./limits";
export { type Line, lineOf, parseCallLine, parseHeaderLine } from "./lines";
export { type ModalAnswer, modalAnswer } from "./modal";
export { type ReadTranscriptOptions, readTranscript } from "./read";
export {
  type Call,
  type CallProblem,
  headerSchema,
  type TranscriptHeader,
  transcriptSchemaName,
} from "./schema";
