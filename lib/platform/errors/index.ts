/** Closed codes of everything the site refuses. Each has a sentence in messages/<locale>/errors.json under its code. */
export type AppErrorCode =
  | "not-found"
  | "sign-in-required"
  | "not-allowed"
  | "invalid-input"
  | "wrong-state"
  | "already-done"
  | "changed-meanwhile"
  | "too-many-requests"
  | "bad-address"
  | "unknown-repository"
  | "unknown-revision"
  | "private-or-gated"
  | "too-large"
  | "malformed-file"
  | "address-refused"
  | "source-unreachable"
  | "source-changed"
  | "same-release"
  | "ancestor-younger"
  | "declared-derivative"
  | "cancelled"
  | "internal";

/** The only error whose code and detail leave the server. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: AppErrorCode;
  /** Facts for the translated sentence, and per-field problems for forms. */
  readonly detail: Readonly<Record<string, string | number>>;
  readonly fields: Readonly<Record<string, string>>;

  constructor(
    code: AppErrorCode,
    options: {
      detail?: Readonly<Record<string, string | number>>;
      fields?: Readonly<Record<string, string>>;
      cause?: unknown;
    } = {},
  ) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = options.detail ?? {};
    this.fields = options.fields ?? {};
  }
}
