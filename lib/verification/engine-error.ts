import type { EngineError, EngineErrorCode } from "@/lib/engine/errors";
import { AppError, type AppErrorCode } from "@/lib/platform/errors";

const codes: Readonly<Record<EngineErrorCode, AppErrorCode>> = {
  "bad-input": "bad-address",
  "same-release": "same-release",
  "ancestor-younger": "ancestor-younger",
  "unknown-repository": "unknown-repository",
  "unknown-revision": "unknown-revision",
  "private-or-gated": "private-or-gated",
  "too-large": "too-large",
  "malformed-file": "malformed-file",
  "address-refused": "address-refused",
  "source-unreachable": "source-unreachable",
  "source-changed": "source-changed",
  "rate-limited": "source-unreachable",
  cancelled: "cancelled",
};

/** What a form shows when the engine refuses a release: the code stands at the field that named it. */
export function fromEngineError(error: EngineError, field: string): AppError {
  const code = codes[error.code];
  return new AppError(code, { detail: error.detail, fields: { [field]: code }, cause: error });
}
