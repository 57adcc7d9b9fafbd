import { formatEnvelope, parseLeaf, utf8 } from "@/lib/engine/log";

/** The DSSE envelope of a statement as canonical JSON: the signature stands in the leaf, the key beside the statement. */
export function envelopeOf(statement: string, leaf: Uint8Array, spki: Uint8Array): string {
  return formatEnvelope(utf8(statement), spki, parseLeaf(leaf).sig);
}

/** SubjectPublicKeyInfo as PEM (RFC 7468), in the one way that verify.py takes it. */
export function pemOf(spki: Uint8Array): string {
  const lines = Buffer.from(spki)
    .toString("base64")
    .replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN PUBLIC KEY-----\n${lines}-----END PUBLIC KEY-----\n`;
}
