import { createPublicKey, hash, type KeyObject, verify } from "node:crypto";
import { hex, replaceEd25519, replaceSha256, spkiOf } from "../log";

const keys = new Map<string, KeyObject>();
/** A log has a handful of signers. */
const mostKeys = 256;

/** Hashes and verifies by OpenSSL in this process: for readers of whole logs. The answers are the same. */
export function hashLogsByOpenssl(): void {
  replaceSha256((bytes) => {
    const { buffer, byteOffset, length } = hash("sha256", bytes, "buffer");
    return new Uint8Array(buffer, byteOffset, length);
  });
  replaceEd25519((signature, message, publicKey) => verify(null, message, keyOf(publicKey), signature));
}

function keyOf(publicKey: Uint8Array): KeyObject {
  const name = hex(publicKey);
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: Buffer.from(spkiOf(publicKey)), format: "der", type: "spki" });
  if (keys.size >= mostKeys) keys.clear();
  keys.set(name, key);
  return key;
}
