import { setTimeout as delay } from "node:timers/promises";
import { cancelledError } from "./cancelled";

/** Waits; rejects with "cancelled" as soon as the signal is aborted. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal ? { signal } : {});
  } catch (error) {
    throw cancelledError(error);
  }
}
