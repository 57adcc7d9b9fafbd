// Server only: commands and queries. Types and schemas safe for the client are in index.ts.
export { addPictures, type PictureFile } from "./add-pictures";
export { addTranscript } from "./add-transcript";
export { cancelAsk } from "./ask/cancel-ask";
export { type ExecuteAskOptions, executeAsk, failAbandonedAsk } from "./ask/execute-ask";
export { canaryAskChannel } from "./ask/kind";
export { askEndpointNames, askJob, askJobsOfSet } from "./ask/queries";
export { queueAsk } from "./ask/queue-ask";
export { authorKeyIdOf } from "./author-key";
export { type CommitPageFacts, commitPageFacts } from "./commit-page";
export { commitSet } from "./commit-set";
export { drawnItems, shownItemsAt } from "./drawn-items";
export { eraseAnswers, eraseCommitment, eraseJudgement, eraseReveal } from "./erase-words";
export { type FetchRound, fetchNonce, fetchRoundFrom, queueNonce, setsWithoutNonce } from "./fetch-nonce";
export { failAbandonedJob } from "./job/run-claimed";
export { type ExecuteJudgeOptions, executeJudge } from "./judge/execute-judge";
export { canaryJudgeChannel, judgeKind } from "./judge/kind";
export { canaryBundle, judgement, judgementsOfSet } from "./judge/queries";
export { queueJudge } from "./judge/queue-judge";
export { type JudgedPair, judgeAgain, judgedByVersion } from "./judge/recalled-judgements";
export { linkSet } from "./link-set";
export { setsOfNamespaceBefore } from "./namespace-sets";
export { namespacesOf, type ProvedNamespace } from "./namespaces";
export { orderChain } from "./order-chain";
export { pinRelease } from "./pin-release";
export { publicCanaryBlob } from "./public-blob";
export {
  answerSet,
  canarySet,
  hasSet,
  listSets,
  setsAfter,
  setsOfRegistrant,
  unlinkedSetsOf,
} from "./queries";
export { answersOf, type ReadableAnswers } from "./read-answers";
export { type AnswerFiles, recordAnswers } from "./record-answers";
export { type Revealed, revealItems } from "./reveal-items";
export { revealedIndices, revealedItems } from "./revealed-items";
export { splitTranscript } from "./split-transcript";
