/** Failures of a source that may pass: its job is tried again with back-off. Everything else fails at once. */
export const passing: ReadonlySet<string> = new Set(["source-unreachable", "rate-limited"]);
