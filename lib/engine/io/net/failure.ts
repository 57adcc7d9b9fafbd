import { EngineError } from "../../errors";
import { BrokenAnswer } from "./read-body";

/** The engine's own error inside of what a request threw: undici wraps what the connector or the look-up threw. */
export function engineErrorIn(error: unknown): EngineError | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof EngineError) return at;
    if (at instanceof AggregateError) {
      const inner = at.errors.find((one) => one instanceof EngineError);
      if (inner instanceof EngineError) return inner;
    }
  }
  return null;
}

/** Why a request failed, in words that say nothing of the machine that made it. */
export function failureText(error: unknown): string {
  if (error instanceof BrokenAnswer) return error.message;
  if (error instanceof Error && error.name === "TimeoutError") return "no complete answer in time";
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "no such host, or no name service";
  if (code === "ECONNREFUSED") return "connection refused";
  return code === "" ? "connection failed" : `connection failed (${code})`;
}
