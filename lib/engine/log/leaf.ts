import { base64, fromBase64, fromHex, hex, text, utf8 } from "./bytes";
import { largestEntry } from "./entry-bundle";
import { LogError } from "./errors";
import { requireKeys, strictJson } from "./strict-json";

/**
 * Kinds of public acts, version 1 of the list. It is closed: a new kind is a new version of the leaf, added here before
 * anything uses it.
 */
export const leafKinds = [
  "register",
  "commit",
  "responses",
  "reveal",
  "capture",
  "open",
  "notify",
  "state",
  "claim",
  "evidence",
  "reply",
  "request",
  "verify",
  "reproduce",
  "finding",
  "outcome",
  "correct",
  "withdraw",
  "supersede",
  "observe",
  "namespace",
  "moderate",
  "appeal",
  "recall",
  "tombstone",
  "rotate",
] as const;
export type LeafKind = (typeof leafKinds)[number];

/** One entry of the log: no name, no address, no text, and no value that links the acts of a person. */
export interface Leaf {
  /** SHA-256(salt of the statement ‖ SPKI of its signer), 32 bytes. */
  readonly key: Uint8Array;
  readonly kind: LeafKind;
  /** SHA-256 of the statement's pre-authentication encoding, 32 bytes. */
  readonly pae: Uint8Array;
  /** Ed25519, 64 bytes; or an SSH signature, which begins with "SSHSIG". */
  readonly sig: Uint8Array;
  /** The log's claim of the time: RFC 3339 with milliseconds, in UTC. */
  readonly t: string;
}

const timeForm = /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
/** The last day that was one: neighbours in a log mostly share theirs. */
let knownDay = "";

function isTime(t: string): boolean {
  const day = timeForm.exec(t)?.[1];
  if (day === undefined) return false;
  if (day === knownDay) return true;
  const date = new Date(`${day}T00:00:00.000Z`);
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(day)) return false;
  knownDay = day;
  return true;
}

/** The bytes that are hashed into the tree. Throws LogError "too-large" or "malformed". */
export function formatLeaf({ key, kind, pae, sig, t }: Leaf): Uint8Array {
  requireLeaf({ key, kind, pae, sig, t });
  // Canonical JSON as it stands: the keys are in order, and none of the values has a character to escape.
  const bytes = utf8(
    `{"key":"${hex(key)}","kind":"${kind}","pae":"${hex(pae)}","sig":"${base64(sig)}","t":"${t}","v":1}`,
  );
  if (bytes.length > largestEntry) throw new LogError("too-large", `a leaf of ${bytes.length} bytes`);
  return bytes;
}

/** Throws LogError "malformed" for anything that `formatLeaf` would not write. */
export function parseLeaf(bytes: Uint8Array): Leaf {
  if (bytes.length > largestEntry) throw new LogError("too-large", `a leaf of ${bytes.length} bytes`);
  const [key, kind, pae, sig, t] = writtenParts(text(bytes)) ?? jsonParts(bytes);
  const leaf = {
    key: fromHex(key, 32),
    kind: kind as LeafKind,
    pae: fromHex(pae, 32),
    sig: fromBase64(sig),
    t,
  };
  requireLeaf(leaf);
  return leaf;
}

type Parts = readonly [key: string, kind: string, pae: string, sig: string, t: string];

const written =
  /^\{"key":"([0-9a-f]*)","kind":"([a-z]*)","pae":"([0-9a-f]*)","sig":"([\w+/=]*)","t":"([\w:.-]*)","v":1\}$/;

/** The one way in which a leaf is written: a reader of a million of them need not parse JSON. Null: look closer. */
function writtenParts(source: string): Parts | null {
  const parts = written.exec(source);
  return parts === null ? null : (parts.slice(1) as unknown as Parts);
}

/** Says what is wrong with a leaf that is not written so. */
function jsonParts(bytes: Uint8Array): Parts {
  const fields = requireKeys(strictJson(bytes), ["key", "kind", "pae", "sig", "t", "v"], "the leaf");
  if (fields.v !== 1) throw new LogError("malformed", "the leaf is of a version that is not known here");
  const field = (name: string): string => {
    const value = fields[name];
    if (typeof value !== "string") throw new LogError("malformed", `"${name}" of the leaf is not text`);
    return value;
  };
  return [field("key"), field("kind"), field("pae"), field("sig"), field("t")];
}

function requireLeaf({ key, kind, pae, sig, t }: Leaf): void {
  if (key.length !== 32 || pae.length !== 32)
    throw new LogError("malformed", "a hash in the leaf has not 32 bytes");
  if (!leafKinds.includes(kind))
    throw new LogError("malformed", "the leaf is of a kind that is not known here");
  if (!isTime(t)) throw new LogError("malformed", "the leaf's time is not RFC 3339 with milliseconds in UTC");
  if (sig.length !== 64 && !isSshSignature(sig))
    throw new LogError("malformed", "the leaf's signature is neither Ed25519 nor SSH");
}

/** Whether a signature is in OpenSSH's form (PROTOCOL.sshsig): it begins with "SSHSIG". */
export function isSshSignature(signature: Uint8Array): boolean {
  const magic = utf8("SSHSIG");
  return signature.length > magic.length && magic.every((byte, at) => byte === signature[at]);
}
