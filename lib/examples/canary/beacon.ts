import { createHash } from "node:crypto";
import type { DrandChain } from "@/lib/engine/canary";
import signed from "./beacon-round.json";

/** A round that was signed once and for all. Its SHA-256 is the nonce of the example sets. */
export const exampleRound = { round: signed.round, signature: signed.signature } as const;

const periodSeconds = 3;
/** The text whose SHA-256 is the secret key: everybody can compute it, so this beacon proves nothing. */
const text = "slipmark example beacon, whose key everybody knows";

/**
 * A chain of drand's kind for the example ledger, begun so that the signed round comes at `roundTime`: unchained
 * signatures do not depend on the beginning. Its hash is made as drand's is.
 */
export function exampleChain(roundTime: Date): DrandChain {
  const sha256 = (...parts: readonly Uint8Array[]) =>
    createHash("sha256").update(Buffer.concat(parts)).digest();
  const genesisTime = Math.ceil(roundTime.getTime() / 1000) - (signed.round - 1) * periodSeconds;
  const numbers = Buffer.alloc(12);
  numbers.writeUInt32BE(periodSeconds, 0);
  numbers.writeBigInt64BE(BigInt(genesisTime), 4);
  const seed = sha256(Buffer.from(text));
  const hash = sha256(numbers, Buffer.from(signed.publicKey, "hex"), seed, Buffer.from("example"));
  return {
    kind: "drand",
    chain: hash.toString("hex"),
    publicKey: signed.publicKey,
    scheme: "bls-unchained-g1-rfc9380",
    genesisTime,
    period: periodSeconds,
  };
}
