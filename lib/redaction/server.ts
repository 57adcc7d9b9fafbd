// Server only. Above the domains: a redaction reaches into each of them through its erasers.
export { discardRedaction } from "./discard-redaction";
export {
  finishRedaction,
  numberRedactions,
  sweepRedactedBlobs,
  unfinishedRedactions,
} from "./finish-redaction";
export {
  type RedactionPreview,
  type RedactionRow,
  redactionPreview,
  redactionQueue,
} from "./queries";
export { reapplyRedactions } from "./reapply-redactions";
export { redactEntry } from "./redact-entry";
