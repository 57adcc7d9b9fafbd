import { CanaryError, type CanaryErrorCode } from "../../lib/engine/canary";

/** The code of the CanaryError that the work throws; null when it throws none. Anything else is thrown on. */
export function canaryCodeOf(work: () => unknown): CanaryErrorCode | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof CanaryError) return error.code;
    throw error;
  }
}
