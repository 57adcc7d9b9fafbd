import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "@/lib/engine/formats/canonical-json";

export const statementMediaType = "application/vnd.in-toto+json";
const signedLeaf = z.object({ sig: z.base64() });

/** The DSSE envelope of a statement as canonical JSON: the signature stands in the leaf, the key beside the statement. */
export function envelopeOf(statement: string, leaf: Uint8Array, spki: Uint8Array): string {
  const { sig } = signedLeaf.parse(JSON.parse(Buffer.from(leaf).toString("utf8")));
  return canonicalJson({
    payload: Buffer.from(statement, "utf8").toString("base64"),
    payloadType: statementMediaType,
    signatures: [{ keyid: sha256OfBytes(spki), sig }],
  });
}

/** SubjectPublicKeyInfo as PEM (RFC 7468), in the one way that verify.py takes it. */
export function pemOf(spki: Uint8Array): string {
  const lines = Buffer.from(spki)
    .toString("base64")
    .replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN PUBLIC KEY-----\n${lines}-----END PUBLIC KEY-----\n`;
}

export function sha256OfBytes(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
