/** Why there is no timestamp. Pages and operators are told in these words. */
export const timestampProblems = [
  "timeout",
  "unreachable",
  "too-large",
  /** Another HTTP status than 200. */
  "server-error",
  /** The authority's own status says that it gives none. */
  "refused",
  /** Not a TimeStampResp in DER, or without something that RFC 3161 demands. */
  "malformed",
  /** An algorithm that is not known here. */
  "unsupported",
  /** About other bytes than ours. */
  "other-digest",
  /** An answer to another question. */
  "other-nonce",
  /** A time before the checkpoint was made, or after now. */
  "wrong-time",
  "bad-signature",
  /** No chain from its certificate to SLIPMARK_TSA_CERT, or a certificate that may not date. */
  "untrusted",
] as const;
export type TimestampCode = (typeof timestampProblems)[number];

export class TimestampProblem extends Error {
  override readonly name = "TimestampProblem";
  readonly code: TimestampCode;
  constructor(code: TimestampCode, message: string) {
    super(message);
    this.code = code;
  }
}
