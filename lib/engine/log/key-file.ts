import { base64, concat } from "./bytes";
import { LogError } from "./errors";

/** PKCS #8 of an Ed25519 private key (RFC 8410, section 7) up to the seed's 32 bytes. */
const pkcs8Prefix = Uint8Array.of(
  0x30,
  0x2e,
  0x02,
  0x01,
  0x00,
  0x30,
  0x05,
  0x06,
  0x03,
  0x2b,
  0x65,
  0x70,
  0x04,
  0x22,
  0x04,
  0x20,
);

/** A 32-byte seed as PEM of PKCS #8, as openssl genpkey writes it. */
export function pemOfSeed(seed: Uint8Array): string {
  return `-----BEGIN PRIVATE KEY-----\n${base64(concat(pkcs8Prefix, seed))}\n-----END PRIVATE KEY-----\n`;
}

/** The 32-byte seed of such a file. Throws LogError "bad-key" for any other key, or one with a passphrase. */
export function seedOfPem(pem: string): Uint8Array {
  const body = /-----BEGIN PRIVATE KEY-----\s*([A-Za-z0-9+/=\s]{1,200})-----END PRIVATE KEY-----/.exec(pem);
  const problem = new LogError("bad-key", "not an Ed25519 private key in PKCS #8 (PEM) without a passphrase");
  if (body === null) throw problem;
  let der: Uint8Array;
  try {
    der = Uint8Array.from(atob((body[1] as string).replace(/\s/g, "")), (one) => one.charCodeAt(0));
  } catch {
    throw problem;
  }
  if (der.length !== 48 || !pkcs8Prefix.every((byte, at) => byte === der[at])) throw problem;
  return der.slice(16);
}
