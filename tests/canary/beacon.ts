import { createHash } from "node:crypto";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import type { DrandChain, DrandRound } from "@/lib/engine/canary";

/**
 * A chain of drand's kind whose secret key everybody can compute: for fixtures that must have a nonce which verifies,
 * and for nothing else. Signatures on G1, unchained (RFC 9380), as quicknet has them.
 */
const { shortSignatures, fields } = bls12_381;
const sha256 = (...parts: readonly Uint8Array[]) =>
  createHash("sha256").update(Buffer.concat(parts)).digest();
const text = "slipmark example beacon, whose key everybody knows";
const secretKey = fields.Fr.toBytes(
  fields.Fr.create(BigInt(`0x${sha256(Buffer.from(text)).toString("hex")}`)),
);
const publicKey = Buffer.from(shortSignatures.getPublicKey(secretKey).toBytes());
const scheme = "bls-unchained-g1-rfc9380";
const domain = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/** The round that the fixtures' sets name. */
export const fixtureRound = 1000;

/** The chain with its round 1 at `genesisTime` (Unix seconds); its hash is computed as drand's is. */
export function exampleChain(genesisTime: number): DrandChain {
  const period = 3;
  const numbers = Buffer.alloc(12);
  numbers.writeUInt32BE(period, 0);
  numbers.writeBigInt64BE(BigInt(genesisTime), 4);
  const chain = sha256(numbers, publicKey, sha256(Buffer.from(text)), Buffer.from("example"));
  return {
    kind: "drand",
    chain: chain.toString("hex"),
    publicKey: publicKey.toString("hex"),
    scheme,
    genesisTime,
    period,
  };
}

/** The round's signature, and the nonce: its SHA-256. The same at every genesis. */
export function signedRound(round: number): DrandRound & { readonly randomness: string } {
  const counted = Buffer.alloc(8);
  counted.writeBigUInt64BE(BigInt(round));
  const signature = shortSignatures.sign(shortSignatures.hash(sha256(counted), domain), secretKey).toBytes();
  return {
    round,
    signature: Buffer.from(signature).toString("hex"),
    randomness: sha256(signature).toString("hex"),
  };
}
