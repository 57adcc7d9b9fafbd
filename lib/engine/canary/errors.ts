/** Why something about canaries is refused. One class, closed codes; the message is one English sentence for people. */
export type CanaryErrorCode =
  /** Not UTF-8, not JSON, duplicate keys, unknown fields: it is not what it says it is. */
  | "malformed"
  | "too-large"
  | "no-items"
  | "too-many-items"
  | "bad-id"
  /** The same id twice, after NFC. */
  | "duplicate-id"
  /** Two ids that differ only in characters which nobody sees. */
  | "confusable-id"
  | "bad-item"
  /** Too few options, or two that are one answer after normalisation. */
  | "bad-options"
  | "bad-image"
  | "bad-terms"
  /** Items that are not those which the terms describe. */
  | "terms-mismatch"
  | "bad-commitment"
  | "bad-opening"
  | "bad-secrets"
  | "wrong-passphrase"
  | "damaged-secrets"
  | "weak-passphrase"
  /** What a beacon sent is no answer of that beacon. */
  | "bad-beacon"
  | "bad-signature"
  | "wrong-round"
  | "round-not-yet"
  | "bad-nonce"
  | "bad-generator"
  /** Answers and transcripts. */
  | "bad-answers"
  | "duplicate-answer"
  | "unknown-item"
  | "unknown-normaliser"
  | "missing-answer"
  | "bad-transcript"
  /** A line, or the whole of it, is not what was written or registered. */
  | "edited-transcript"
  /** A transcript asks something else than the committed items. */
  | "other-items"
  | "cancelled";

export class CanaryError extends Error {
  override readonly name = "CanaryError";
  readonly code: CanaryErrorCode;
  /** Which item, by its 0-based index or its id, where one is at fault. */
  readonly item?: number | string;

  constructor(code: CanaryErrorCode, message: string, item?: number | string) {
    super(message);
    this.code = code;
    if (item !== undefined) this.item = item;
  }
}
