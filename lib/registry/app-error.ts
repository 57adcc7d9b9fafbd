import { EngineError } from "@/lib/engine/errors";
import { AppError } from "@/lib/platform/errors";

/** An engine failure as the refusal people see. Anything unexpected stays what it is. */
export function asAppError(error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  const options = { detail: error.detail, cause: error };
  if (error.code === "bad-input") return new AppError("bad-address", options);
  // Their limit, not ours: to the reader the source cannot be read right now.
  if (error.code === "rate-limited") return new AppError("source-unreachable", options);
  return new AppError(error.code, options);
}
