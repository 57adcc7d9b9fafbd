export { untilPublic } from "./append-entry";
export { type DateBasis, dateBasis } from "./dates";
export { heldForAuthor, holdMs, leaveToInstance } from "./hold-for-author";
export { statementSchemas } from "./json-schemas";
export { keyFingerprint, keyRoles, previousVariable, retirePreviousKey } from "./log/keys";
export { rotateKey, settleKeys } from "./log/rotate-key";
export type { CheckpointHook } from "./log/run-sequencer";
export { serveLog } from "./log/serve-log";
export { instanceKeys, keySettings, startLog } from "./log/start-log";
export { watchOwnLog } from "./monitor/watch-own-log";
export {
  type CheckpointCitation,
  checkpointCitation,
  citableCheckpoint,
  type Order,
  type OrderReason,
  orderOf,
} from "./order";
export { payloadDigest } from "./payload";
export type { ActorRole, Facts, UsedKind } from "./predicates";
export { type Act, recordAct } from "./record-act";
export { type RedactionDto, redactionOfBlob, redactionOfEntry } from "./redaction/read-redaction";
export { releaseHeldActs } from "./release-held-acts";
export { rootAt } from "./root-at";
export { entryBundle } from "./show/bundle";
export { bundleTexts } from "./show/bundle-texts";
export { type CaptureDates, captureDates, type DateReader } from "./show/entry-dates";
export { entryLineOf, entryLinesAbout } from "./show/entry-lines";
export { entryPage } from "./show/entry-page";
export { ledgerBlob } from "./show/ledger-blob";
export { listEntries } from "./show/list-entries";
export { logHealth } from "./show/log-health";
export { logSummary } from "./show/log-summary";
export { type HeldAct, heldActOf, heldActs, signHeldAct } from "./sign-held-act";
export type { Subject } from "./statement";
export { storePayload } from "./store-payload";
export { startVouching } from "./vouching/start-vouching";
export { vouchersOf, witnessesOf } from "./vouching/vouchers";
