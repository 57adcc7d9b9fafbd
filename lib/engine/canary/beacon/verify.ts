import { bls12_381 } from "@noble/curves/bls12-381.js";
import { z } from "zod";
import { sha256 } from "../../log/hashing";
import { bytesOfHex, concat, hex, u64be } from "../bytes";
import { CanaryError } from "../errors";
import { strictJsonOf } from "../json-lines";
import type { DrandBeacon } from "./schema";

const hexText = z.string().regex(/^(?:[0-9a-f]{2})+$/);

/** What a relay answers for one round; what it says beyond these is not read. */
const roundSchema = z.object({
  round: z.int().min(1),
  signature: hexText.max(192),
  randomness: hexText.length(64).optional(),
  previous_signature: z.union([hexText.max(192), z.literal("")]).optional(),
});
export type DrandRound = z.infer<typeof roundSchema>;

/** A relay's answer to /public/ROUND. Throws CanaryError "malformed" or "bad-beacon". */
export function parseRound(bytes: Uint8Array): DrandRound {
  const found = roundSchema.safeParse(strictJsonOf(bytes, "The beacon's answer"));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw new CanaryError(
    "bad-beacon",
    `The beacon's answer is no round: ${issue?.path.join(".") || "it"}: ${issue?.message ?? "wrong shape"}`,
  );
}

const domains = {
  // RFC 9380, section 3.1, as drand's schemes fix them.
  "bls-unchained-g1-rfc9380": "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_",
  "pedersen-bls-chained": "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_",
} as const;

/**
 * Checks the signature of a round and gives its randomness, SHA-256(signature), as 32 bytes in hex: the nonce. The
 * message is SHA-256(u64be(round)), in the chained scheme SHA-256(previous signature ‖ u64be(round)).
 * Throws CanaryError "wrong-round", "bad-signature" or "bad-beacon".
 */
export function verifyRound(beacon: DrandBeacon, answer: DrandRound): string {
  if (answer.round !== beacon.round)
    throw new CanaryError("wrong-round", `This is round ${answer.round} of the beacon, not ${beacon.round}`);
  const refused = () =>
    new CanaryError(
      "bad-signature",
      `The signature of round ${beacon.round} is not one of this beacon's key`,
    );
  let valid: boolean;
  try {
    valid =
      beacon.scheme === "pedersen-bls-chained" ? isChained(beacon, answer) : isUnchained(beacon, answer);
  } catch (error) {
    if (error instanceof CanaryError) throw error;
    // Bytes that are no point of the curve, or none of the right subgroup.
    throw refused();
  }
  if (!valid) throw refused();
  const randomness = hex(
    sha256(bytesOfHex(answer.signature, answer.signature.length / 2, "It", "bad-beacon")),
  );
  if (answer.randomness !== undefined && answer.randomness !== randomness)
    throw new CanaryError(
      "bad-beacon",
      `Round ${beacon.round} states another randomness than its signature's`,
    );
  return randomness;
}

function isUnchained(beacon: DrandBeacon, answer: DrandRound): boolean {
  const { shortSignatures, G2 } = bls12_381;
  const publicKey = G2.Point.fromBytes(bytesOfHex(beacon.publicKey, 96, "The public key", "bad-beacon"));
  const signature = shortSignatures.Signature.fromBytes(
    bytesOfHex(answer.signature, 48, "The signature", "bad-signature"),
  );
  const message = shortSignatures.hash(sha256(u64be(beacon.round)), domains["bls-unchained-g1-rfc9380"]);
  // The point at infinity signs everything for a key that is the point at infinity.
  return !publicKey.is0() && !signature.is0() && shortSignatures.verify(signature, message, publicKey);
}

function isChained(beacon: DrandBeacon, answer: DrandRound): boolean {
  const { longSignatures, G1 } = bls12_381;
  const publicKey = G1.Point.fromBytes(bytesOfHex(beacon.publicKey, 48, "The public key", "bad-beacon"));
  const signature = longSignatures.Signature.fromBytes(
    bytesOfHex(answer.signature, 96, "The signature", "bad-signature"),
  );
  // Round 1 follows the seed of the chain, 32 bytes; every other a signature.
  const length = beacon.round === 1 ? 32 : 96;
  const previous = bytesOfHex(
    answer.previous_signature ?? "",
    length,
    "The previous signature",
    "bad-beacon",
  );
  const message = longSignatures.hash(
    sha256(concat(previous, u64be(beacon.round))),
    domains["pedersen-bls-chained"],
  );
  return !publicKey.is0() && !signature.is0() && longSignatures.verify(signature, message, publicKey);
}
