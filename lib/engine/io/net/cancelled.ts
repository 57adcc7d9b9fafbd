import { EngineError } from "../../errors";

export function cancelledError(cause?: unknown): EngineError {
  return new EngineError("cancelled", "Stopped on request", {}, cause === undefined ? {} : { cause });
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelledError(signal.reason);
}
