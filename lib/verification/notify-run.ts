import type { Database, Transaction } from "@/lib/platform/database";
import { notify } from "@/lib/platform/notify";

/** Channel on which every change of a run is told; the payload is the run's id. */
export const runChannel = "slipmark_run";

export function runNotify(tx: Database | Transaction, runId: string): Promise<void> {
  return notify(tx, runChannel, runId);
}
