import { EngineError } from "../errors";
import { reason } from "./facts";
import type { Method, MethodOutcome } from "./method";

/**
 * A checkpoint that is a pickle and holds more than tensors, or is of the old kind that cannot be read by range: refused,
 * and honest releases have such files. What is said of it is "not testable", with the advice; files that lie end a run.
 */
export function refusalOf(error: unknown): { readonly path: string; readonly problem: string } | null {
  if (!(error instanceof EngineError) || error.code !== "malformed-file") return null;
  const { path, problem } = error.detail;
  if (typeof path !== "string" || typeof problem !== "string") return null;
  return /\.(?:bin|pt|pth|ckpt)$/.test(path) ? { path, problem } : null;
}

/** For callers that can do without the weights: null in place of a refused checkpoint. */
export function nullIfRefused(error: unknown): null {
  if (refusalOf(error) === null) throw error;
  return null;
}

/** The outcome of a method on weights whose checkpoint was refused; anything else is thrown on. */
export function refusedOutcome({ id, version }: Method, error: unknown): MethodOutcome {
  const refused = id.startsWith("weights/") ? refusalOf(error) : null;
  if (refused === null) throw error;
  return {
    method: id,
    version,
    kind: "descriptive",
    null: null,
    statistics: {},
    pValueLog10: null,
    threshold: null,
    falseFlags: null,
    says: "not-testable",
    reasons: [reason("checkpoint-refused", refused)],
  };
}
