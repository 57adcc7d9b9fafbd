import { sha256 as portable } from "@noble/hashes/sha2.js";

type Sha256 = (bytes: Uint8Array) => Uint8Array;

let implementation: Sha256 = portable;

/** SHA-256, 32 bytes. Written in JavaScript until a platform puts its own in place. */
export const sha256: Sha256 = (bytes) => implementation(bytes);

/**
 * Puts a platform's SHA-256 in the place of the portable one, for the whole process: that of OpenSSL is some ten times
 * as fast, which counts where a million entries are hashed. One that is none is refused before it is used.
 */
export function replaceSha256(own: Sha256): void {
  const probe = Uint8Array.of(0x61, 0x62, 0x63);
  const [given, expected] = [own(probe), portable(probe)];
  if (given.length !== expected.length || given.some((byte, at) => byte !== expected[at]))
    throw new TypeError("this is not SHA-256");
  implementation = own;
}
