import { sha256 } from "@noble/hashes/sha2.js";
import { base64, concat, equal, fromBase64, fromHex, hex, text, utf8 } from "./bytes";
import { ed25519Verify, requirePublicKey } from "./ed25519";
import { LogError } from "./errors";

/** Signature types of C2SP signed-note that are known here. */
export const signatureTypes = { note: 0x01, cosignature: 0x04 } as const;
export type SignatureType = (typeof signatureTypes)[keyof typeof signatureTypes];

/** More than C2SP asks for (16), few enough to bound the work on a hostile note. */
const mostSignatures = 64;
const largestNote = 1_000_000;

export interface NoteSignature {
  readonly name: string;
  /** 4 bytes. */
  readonly keyId: Uint8Array;
  /** What follows the key id. */
  readonly signature: Uint8Array;
  /** The line as it stands in the note, without its newline. */
  readonly line: string;
}

export interface SignedNote {
  /** With its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface VerifierKey {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly type: SignatureType;
  /** 32 bytes of Ed25519. */
  readonly publicKey: Uint8Array;
}

/** SHA-256(name ‖ 0x0A ‖ type ‖ public key), its first 4 bytes (C2SP signed-note, "Signatures"). */
export function keyId(name: string, type: SignatureType, publicKey: Uint8Array): Uint8Array {
  return sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), publicKey)).slice(0, 4);
}

export function isKeyName(name: string): boolean {
  // \s covers Unicode's spaces; a name with "+" could not be told from the rest of a verifier key.
  return name.length > 0 && name.length <= 255 && !/[\s+\p{Cc}]/u.test(name);
}

/** Splits a note into text and signatures. Nothing is verified. Throws LogError "malformed" or "too-large". */
export function parseNote(note: Uint8Array | string): SignedNote {
  const whole = typeof note === "string" ? note : text(note);
  if (whole.length > largestNote) throw new LogError("too-large", "a note of more than a million characters");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0009\u000b-\u001f]/.test(whole))
    throw new LogError("malformed", "a note has no control characters but newlines");
  const split = whole.lastIndexOf("\n\n");
  if (split < 0) throw new LogError("malformed", "a note needs an empty line before its signatures");
  const lines = whole.slice(split + 2);
  if (!lines.endsWith("\n")) throw new LogError("malformed", "a note ends with a signature and a newline");
  const signatures = lines.slice(0, -1).split("\n");
  if (signatures.length > mostSignatures)
    throw new LogError("too-large", `a note of more than ${mostSignatures} signatures`);
  return { text: whole.slice(0, split + 1), signatures: signatures.map(parseSignature) };
}

export function parseSignature(line: string): NoteSignature {
  const parts = /^\u2014 (\S+) (\S+)$/u.exec(line);
  const [name = "", encoded = ""] = parts?.slice(1) ?? [];
  if (parts === null || !isKeyName(name))
    throw new LogError("malformed", "a signature line is: — NAME BASE64");
  const bytes = fromBase64(encoded);
  if (bytes.length < 5) throw new LogError("malformed", "a signature line holds a key id and a signature");
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4), line };
}

export function formatSignature(name: string, id: Uint8Array, signature: Uint8Array): string {
  if (!isKeyName(name)) throw new LogError("malformed", `"${name}" is no key name`);
  return `\u2014 ${name} ${base64(concat(id, signature))}`;
}

/** Note from a text (ending in a newline) and finished signature lines. */
export function formatNote(body: string, lines: readonly string[]): string {
  if (!body.endsWith("\n")) throw new LogError("malformed", "a note's text ends with a newline");
  return `${body}\n${lines.map((line) => `${line}\n`).join("")}`;
}

export interface NoteSigner {
  readonly name: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** One signature line over a note's text. */
export function signNote(body: string, signer: NoteSigner): string {
  const id = keyId(signer.name, signatureTypes.note, signer.publicKey);
  return formatSignature(signer.name, id, signer.sign(utf8(body)));
}

/** "name+hex(key id)+base64(type ‖ key)" (C2SP signed-note, "Verifier keys"). Throws LogError "malformed" or "bad-key". */
export function parseVerifierKey(vkey: string): VerifierKey {
  const [name, id, ...rest] = vkey.split("+");
  if (name === undefined || id === undefined || rest.length === 0 || !isKeyName(name))
    throw new LogError("malformed", "a verifier key is: NAME+KEYID+BASE64");
  // Base64 itself may contain "+".
  const material = fromBase64(rest.join("+"));
  const type = material[0];
  if (type !== signatureTypes.note && type !== signatureTypes.cosignature)
    throw new LogError("bad-key", `signature type ${type ?? "none"} is not supported`);
  const publicKey = material.slice(1);
  if (publicKey.length !== 32) throw new LogError("bad-key", "an Ed25519 key has 32 bytes");
  requirePublicKey(publicKey);
  const expected = keyId(name, type, publicKey);
  if (!equal(expected, fromHex(id, 4)))
    throw new LogError("bad-key", "the key id does not belong to this name and key");
  return { name, keyId: expected, type, publicKey };
}

export function formatVerifierKey(name: string, type: SignatureType, publicKey: Uint8Array): string {
  return `${name}+${hex(keyId(name, type, publicKey))}+${base64(concat(Uint8Array.of(type), publicKey))}`;
}

/** Bytes that a signature line covers, and where its Ed25519 signature stands, by type of key. */
export type SignedMessage = (
  key: VerifierKey,
  signature: NoteSignature,
) => { readonly message: Uint8Array; readonly signature: Uint8Array };

/**
 * The signatures that known keys made. Lines of unknown keys are passed over, also when they share a name or an id with
 * a known one; a line that names a known key and does not verify spoils the whole note. Throws LogError "bad-signature",
 * or "unknown-key" when no known key signed.
 */
export function verifyNote(
  note: SignedNote,
  keys: readonly VerifierKey[],
  messageOf: SignedMessage = (_key, { signature }) => ({ message: utf8(note.text), signature }),
): readonly { readonly key: VerifierKey; readonly signature: NoteSignature }[] {
  const verified: { key: VerifierKey; signature: NoteSignature }[] = [];
  for (const line of note.signatures) {
    const candidates = keys.filter((key) => key.name === line.name && equal(key.keyId, line.keyId));
    const [key, second] = candidates;
    if (key === undefined) continue;
    if (second !== undefined && !equal(second.publicKey, key.publicKey))
      throw new LogError("bad-key", `two known keys share the name ${key.name} and the id ${hex(key.keyId)}`);
    const { message, signature } = messageOf(key, line);
    if (!ed25519Verify(signature, message, key.publicKey))
      throw new LogError("bad-signature", `the signature of ${key.name} does not verify`);
    if (!verified.some((one) => one.key === key)) verified.push({ key, signature: line });
  }
  if (verified.length === 0) throw new LogError("unknown-key", "no known key signed this note");
  return verified;
}
