import * as ed from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, equal, hex } from "./bytes";
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

/**
 * RFC 8032, section 5.1.7, in its strict form: canonical encodings, no key of small order, and the equation without the
 * cofactor, as OpenSSL and Go check it. The library's own verify() multiplies by the cofactor, so that whoever holds a
 * key could make signatures which a browser accepts and `openssl` refuses.
 */
export function ed25519Verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  const nonce = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  if (s >= order) return false;
  try {
    const key = ed.Point.fromBytes(publicKey);
    if (key.isSmallOrder()) return false;
    if (platform !== null) return platform(signature, message, publicKey);
    const k = littleEndian(sha512(concat(nonce, publicKey, message))) % order;
    const point = ed.Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(k));
    return equal(point.toBytes(), nonce);
  } catch {
    return false;
  }
}

type Verify = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean;
let platform: Verify | null = null;

/**
 * Puts a platform's equation in the place of the portable one, for the whole process: OpenSSL's is many times as fast.
 * It has to be the one without the cofactor. Everything around it, the refusal of small orders above all, stays here.
 */
export function replaceEd25519(own: Verify): void {
  platform = own;
}

const order = ed.Point.CURVE().n;
const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${hex(bytes.slice().reverse())}`);

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
