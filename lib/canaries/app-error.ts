import { CanaryError } from "@/lib/engine/canary";
import { AppError } from "@/lib/platform/errors";

/**
 * What the engine refuses, as a problem of one field: its code (a sentence stands in messages under it), with the
 * engine's own English sentence and the item at fault as detail. Everything else is thrown on.
 */
export function atField<Result>(field: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CanaryError)) throw error;
    throw new AppError("invalid-input", {
      fields: { [field]: error.code },
      detail: { problem: error.message, ...(error.item === undefined ? {} : { item: error.item }) },
      cause: error,
    });
  }
}
