/** Safe for the client: types and the closed list of kinds. */
export { captureKey } from "./capture-key";
export { type LedgerKind, ledgerKinds } from "./kinds";
export { ownKey } from "./own-key";
export { aboutFolders, pageAbout } from "./page-about";
export {
  isRedactedRepository,
  isUrgent,
  type RedactionReason,
  type RedactionScope,
  redactedDocument,
  redactedRepository,
  redactionMark,
  redactionReasons,
  redactionScopes,
} from "./redaction/reasons";
export type { About } from "./show/about";
export type { EntryDate } from "./show/entry-dates";
export type { EntryLine } from "./show/entry-lines";
export type { EntryPage, SignerRole } from "./show/entry-page";
export type { EntryListing, EntryRow } from "./show/list-entries";
export type { LogHealth } from "./show/log-health";
export type { LogSummary } from "./show/log-summary";
export type { ProofState } from "./show/proof-state";
