/** Why something about a log is refused. One class, closed codes; the message says what was wrong. */
export const logErrorCodes = [
  "malformed",
  "too-large",
  "out-of-range",
  "wrong-origin",
  "unknown-key",
  "bad-signature",
  "bad-key",
  "bad-proof",
  "missing-tile",
  "inconsistent",
] as const;
export type LogErrorCode = (typeof logErrorCodes)[number];

export class LogError extends Error {
  readonly code: LogErrorCode;
  constructor(code: LogErrorCode, message: string) {
    super(message);
    this.name = "LogError";
    this.code = code;
  }
}
