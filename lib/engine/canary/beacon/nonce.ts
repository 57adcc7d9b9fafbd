import { bytesOfHex } from "../bytes";
import { CanaryError } from "../errors";
import type { Beacon } from "./schema";
import { type DrandRound, verifyRound } from "./verify";

/** What makes a nonce: a round of drand, or a checkpoint of the ledger's log whose signature the caller has verified. */
export type NonceEvidence =
  | { readonly kind: "drand"; readonly round: DrandRound }
  | { readonly kind: "log-checkpoint"; readonly size: number; readonly root: string };

export interface Nonce {
  /** 32 bytes in hex. */
  readonly nonce: string;
  /** Every p that rests on the nonce is multiplied by 2^grindBits; 0 for drand. */
  readonly grindBits: number;
}

/** The nonce that terms fixed, from what has appeared since. Throws CanaryError when it is not that, or not signed. */
export function nonceOf(beacon: Beacon, evidence: NonceEvidence): Nonce {
  if (beacon.kind === "none")
    throw new CanaryError("bad-nonce", "The terms name no beacon, so there is no nonce");
  if (beacon.kind === "drand") {
    if (evidence.kind !== "drand")
      throw new CanaryError("bad-nonce", "The terms name a round of drand, not a checkpoint of a log");
    return { nonce: verifyRound(beacon, evidence.round), grindBits: 0 };
  }
  if (evidence.kind !== "log-checkpoint")
    throw new CanaryError("bad-nonce", "The terms name a checkpoint of the log, not a round of drand");
  if (evidence.size !== beacon.size)
    throw new CanaryError(
      "wrong-round",
      `This checkpoint is of ${evidence.size} entries, not of ${beacon.size}`,
    );
  bytesOfHex(evidence.root, 32, "The checkpoint's root", "bad-nonce");
  return { nonce: evidence.root, grindBits: beacon.grindBits };
}
