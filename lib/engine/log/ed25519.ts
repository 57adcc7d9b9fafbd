import * as ed from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { LogError } from "./errors";

ed.hashes.sha512 = sha512;

/**
 * Refuses what is no Ed25519 public key of full order: a key of small order "verifies" signatures that nobody made.
 * Throws LogError "bad-key".
 */
export function requirePublicKey(publicKey: Uint8Array): void {
  let small = true;
  try {
    small = ed.Point.fromBytes(publicKey).isSmallOrder();
  } catch {
    throw new LogError("bad-key", "not an Ed25519 public key");
  }
  if (small) throw new LogError("bad-key", "a public key of small order proves nothing");
}

/** RFC 8032 verification in its strict form (canonical encodings, no small order): one answer in every environment. */
export function ed25519Verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  try {
    return ed.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

/** Deterministic signature (RFC 8032) of a 32-byte seed, for keys that live in a browser or a test. */
export const ed25519Sign = (message: Uint8Array, seed: Uint8Array): Uint8Array => ed.sign(message, seed);
export const ed25519PublicKey = (seed: Uint8Array): Uint8Array => ed.getPublicKey(seed);

/** DER of SubjectPublicKeyInfo for Ed25519 (RFC 8410, section 4) up to the key's 32 bytes. */
const spkiPrefix = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

export function spkiOf(publicKey: Uint8Array): Uint8Array {
  const der = new Uint8Array(44);
  der.set(spkiPrefix);
  der.set(publicKey, 12);
  return der;
}

/** The 32 bytes of an Ed25519 key in SPKI form. Throws LogError "bad-key" for any other algorithm or encoding. */
export function publicKeyOfSpki(spki: Uint8Array): Uint8Array {
  if (spki.length !== 44 || !spkiPrefix.every((byte, at) => byte === spki[at]))
    throw new LogError("bad-key", "not an Ed25519 key in SubjectPublicKeyInfo form");
  const publicKey = spki.slice(12);
  requirePublicKey(publicKey);
  return publicKey;
}
