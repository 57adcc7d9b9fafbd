import { expect, test } from "vitest";
import { concat, text, utf8 } from "./bytes";
import { formatCheckpoint } from "./checkpoint";
import { cosignedMessage, formatCosignature, verifyCosignatures } from "./cosignature";
import { ed25519PublicKey, ed25519Sign } from "./ed25519";
import {
  formatNote,
  formatSignature,
  formatVerifierKey,
  keyId,
  parseNote,
  parseVerifierKey,
  signatureTypes,
  signNote,
} from "./note";

const refusal = (code: string) => expect.objectContaining({ name: "LogError", code });
const signer = (name: string, value: number) => {
  const seed = new Uint8Array(32).fill(value);
  return {
    name,
    publicKey: ed25519PublicKey(seed),
    sign: (message: Uint8Array) => ed25519Sign(message, seed),
  };
};
const witness = signer("witness.example/w1", 3);
const key = parseVerifierKey(formatVerifierKey(witness.name, signatureTypes.cosignature, witness.publicKey));
const log = signer("ledger.example/log", 1);
const body = formatCheckpoint({ origin: log.name, size: 7, root: new Uint8Array(32) });
const signed = (...lines: string[]) => parseNote(formatNote(body, [signNote(body, log), ...lines]));
const time = 1_679_315_147;

test("what a witness signs is a header, its time and the note's text", () => {
  expect(text(cosignedMessage(body, time))).toBe(`cosignature/v1\ntime 1679315147\n${body}`);
});

test("a cosignature is found with its time", () => {
  const found = verifyCosignatures(signed(formatCosignature(body, time, witness)), [key]);
  expect(found).toEqual([expect.objectContaining({ key, time })]);
});

test("a note without cosignatures of known witnesses has none, and is not refused", () => {
  expect(verifyCosignatures(signed(), [key])).toEqual([]);
  expect(verifyCosignatures(signed(formatCosignature(body, time, signer("w2", 4))), [key])).toEqual([]);
  expect(verifyCosignatures(signed(formatCosignature(body, time, witness)), [])).toEqual([]);
});

test("the witness' plain signature under its name is no cosignature", () => {
  expect(verifyCosignatures(signed(signNote(body, witness)), [key])).toEqual([]);
});

const id = keyId(witness.name, signatureTypes.cosignature, witness.publicKey);
const stamp = (seconds: bigint) => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, seconds);
  return bytes;
};
const signature = witness.sign(cosignedMessage(body, time));
test.each([
  ["another time", concat(stamp(BigInt(time + 1)), signature), "bad-signature"],
  ["another text", concat(stamp(BigInt(time)), witness.sign(utf8("x\n"))), "bad-signature"],
  ["no time", signature, "malformed"],
  ["a byte more", concat(stamp(BigInt(time)), signature, Uint8Array.of(0)), "malformed"],
  ["a time beyond 2^53", concat(stamp(2n ** 53n), signature), "too-large"],
  ["a time beyond 2^63", concat(stamp(2n ** 64n - 1n), signature), "too-large"],
])("%s: the note is refused", (_name, bytes, code) => {
  const note = signed(formatSignature(witness.name, id, bytes));
  expect(() => verifyCosignatures(note, [key])).toThrow(refusal(code));
});

test("no cosignature is made at half a second", () => {
  expect(() => formatCosignature(body, 1.5, witness)).toThrow(refusal("out-of-range"));
  expect(() => formatCosignature(body, -1, witness)).toThrow(refusal("out-of-range"));
});
