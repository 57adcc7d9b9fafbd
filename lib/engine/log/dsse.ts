import { sha256 } from "@noble/hashes/sha2.js";
import { base64, concat, fromBase64, hex, text, utf8 } from "./bytes";
import { ed25519Verify, publicKeyOfSpki } from "./ed25519";
import { LogError } from "./errors";
import { isSshSignature } from "./leaf";
import { verifySshSignature } from "./ssh-signature";
import { canonical, requireKeys } from "./strict-json";

export const statementMediaType = "application/vnd.in-toto+json";

/** DSSE's pre-authentication encoding: "DSSEv1 LEN(type) type LEN(payload) payload", lengths in ASCII decimal. */
export function pae(type: string, payload: Uint8Array): Uint8Array {
  const typeBytes = utf8(type);
  return concat(utf8(`DSSEv1 ${typeBytes.length} `), typeBytes, utf8(` ${payload.length} `), payload);
}

/** The payload of a pre-authentication encoding of our media type. Throws LogError "malformed". */
export function payloadOfPae(encoding: Uint8Array): Uint8Array {
  const head = /^DSSEv1 28 application\/vnd\.in-toto\+json (\d{1,10}) /.exec(
    text(encoding.subarray(0, 60).map((byte) => (byte < 128 ? byte : 63))),
  );
  if (head === null) throw new LogError("malformed", "not the pre-authentication encoding of a statement");
  const payload = encoding.subarray(head[0].length);
  if (String(payload.length) !== head[1])
    throw new LogError("malformed", "the encoding is cut off or goes on");
  return payload;
}

/** A DSSE envelope with its one signature. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  /** Hex SHA-256 of the signer's SubjectPublicKeyInfo. A hint, not a proof. */
  readonly keyid: string;
  readonly signature: Uint8Array;
}

export function formatEnvelope(payload: Uint8Array, spki: Uint8Array, signature: Uint8Array): string {
  return canonical({
    payload: base64(payload),
    payloadType: statementMediaType,
    signatures: [{ keyid: hex(sha256(spki)), sig: base64(signature) }],
  });
}

/** Exactly one signature and no key that is not known: an envelope with two says two things. Throws LogError "malformed". */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  let value: unknown;
  try {
    value = JSON.parse(text(bytes));
  } catch (error) {
    if (error instanceof LogError) throw error;
    throw new LogError("malformed", "the envelope is not JSON");
  }
  const fields = requireKeys(value, ["payload", "payloadType", "signatures"], "the envelope");
  // JSON.parse keeps the last of two equal keys; another reader may keep the first.
  if (hasDuplicateKeys(text(bytes))) throw new LogError("malformed", "the envelope has a key twice");
  const { payload, payloadType, signatures } = fields;
  if (typeof payload !== "string" || typeof payloadType !== "string" || !Array.isArray(signatures))
    throw new LogError("malformed", "the envelope is not DSSE");
  if (signatures.length !== 1)
    throw new LogError("malformed", `the envelope has ${signatures.length} signatures, not one`);
  const { keyid, sig } = requireKeys(signatures[0], ["keyid", "sig"], "the envelope's signature");
  if (typeof keyid !== "string" || typeof sig !== "string")
    throw new LogError("malformed", "the envelope's signature is not DSSE");
  return { payloadType, payload: fromBase64(payload), keyid, signature: fromBase64(sig) };
}

/** Whether the key with this SubjectPublicKeyInfo signed the encoding: Ed25519, or an SSH signature by an Ed25519 key. */
export function verifyStatementSignature(
  encoding: Uint8Array,
  signature: Uint8Array,
  spki: Uint8Array,
): boolean {
  const publicKey = publicKeyOfSpki(spki);
  return isSshSignature(signature)
    ? verifySshSignature(signature, encoding, publicKey)
    : ed25519Verify(signature, encoding, publicKey);
}

/** Checks type and signature of an envelope and returns the statement's bytes. Throws LogError. */
export function verifyEnvelope(envelope: Envelope, spki: Uint8Array): Uint8Array {
  if (envelope.payloadType !== statementMediaType)
    throw new LogError("malformed", `the envelope holds ${envelope.payloadType}, not ${statementMediaType}`);
  if (envelope.keyid !== hex(sha256(spki)))
    throw new LogError("unknown-key", "the envelope names another key than the one given");
  const encoding = pae(envelope.payloadType, envelope.payload);
  if (!verifyStatementSignature(encoding, envelope.signature, spki))
    throw new LogError("bad-signature", "the statement's signature does not verify");
  return envelope.payload;
}

/** Looks for an object that names a key twice, by walking the source once. The source is valid JSON. */
function hasDuplicateKeys(source: string): boolean {
  const open: (Set<string> | null)[] = [];
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;
  for (const [token, colon] of source.matchAll(tokens)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(token.slice(0, token.length - colon.length)) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) return true;
      keys?.add(key);
    }
  }
  return false;
}
