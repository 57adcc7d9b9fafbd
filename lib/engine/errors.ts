/**
 * Every failure the engine reports on purpose. The message is one line, written for people, in English;
 * `code` is what the site translates and what tests compare.
 */
export type EngineErrorCode =
  /** Wrong usage or an input nobody can use: malformed address, hostile file, limits exceeded. CLI exit code 2. */
  | "bad-input"
  | "same-release"
  /** A given ancestor was published after the earlier of the two releases. */
  | "ancestor-younger"
  | "unknown-repository"
  | "unknown-revision"
  | "private-or-gated"
  | "too-large"
  | "malformed-file"
  | "address-refused"
  /** The far side did not answer as it should. CLI exit code 3. */
  | "source-unreachable"
  | "source-changed"
  | "rate-limited"
  /** The run was stopped on request. */
  | "cancelled";

export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: EngineErrorCode;
  /** Facts of the failure for a translated sentence, e.g. { path: "config.json" }. Never a secret, never a stack. */
  readonly detail: Readonly<Record<string, string | number>>;

  constructor(
    code: EngineErrorCode,
    message: string,
    detail: Readonly<Record<string, string | number>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.detail = detail;
  }
}

const unreachable: ReadonlySet<EngineErrorCode> = new Set([
  "source-unreachable",
  "source-changed",
  "rate-limited",
]);

/** Exit code of the CLI for a failure (INTERFACES: 2 wrong usage or unusable input, 3 source unreachable). */
export function exitCodeOf(error: unknown): 2 | 3 {
  return error instanceof EngineError && unreachable.has(error.code) ? 3 : 2;
}
