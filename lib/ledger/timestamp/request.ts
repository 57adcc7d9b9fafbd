import { der, derInteger } from "./der";

const version = Buffer.of(0x02, 0x01, 0x01);
/** 2.16.840.1.101.3.4.2.1 as AlgorithmIdentifier { sha256, NULL }. */
const sha256Algorithm = Buffer.from("300d06096086480165030402010500", "hex");

/**
 * TimeStampReq (RFC 3161, section 2.4.1) over a SHA-256 digest. `nonce`: random bytes, read as a number. Certificates
 * are asked for, so that the answer can be checked by itself.
 */
export function encodeRequest(digest: Uint8Array, nonce: Uint8Array): Buffer {
  const imprint = der(0x30, sha256Algorithm, der(0x04, digest));
  const certificates = der(0x01, Buffer.of(0xff));
  return der(0x30, version, imprint, derInteger(nonce), certificates);
}
