import { formatVerifierKey, signatureTypes } from "@/lib/engine/log";
import { instanceKeys } from "@/lib/ledger/server";
import { env } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";

/** Verifier keys of this machine's own log, which the example witness is for. None before the log has its key. */
export async function exampleLogKeys(origin: string): Promise<readonly string[]> {
  const settings = env();
  if (origin !== settings.SLIPMARK_LOG_ORIGIN) return [];
  try {
    const keys = instanceKeys(settings);
    const current = [keys.of("log"), ...(keys.previousLog === null ? [] : [keys.previousLog])];
    return current.map(({ publicKey }) => formatVerifierKey(origin, signatureTypes.note, publicKey));
  } catch (error) {
    if (error instanceof StartProblem) return [];
    throw error;
  }
}
