import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import {
  ed25519PublicKey,
  ed25519Sign,
  ed25519Verify,
  leafHash,
  replaceEd25519,
  replaceSha256,
  utf8,
} from "../log";
import { hashLogsByOpenssl } from "./fast-log";

const cases = Array.from({ length: 24 }, (_, at) => {
  const seed = new Uint8Array(randomBytes(32));
  const message = new Uint8Array(randomBytes(at * 7));
  const signature = ed25519Sign(message, seed);
  const changed = signature.slice();
  changed[at * 2] = (changed[at * 2] ?? 0) ^ 1;
  return { message, publicKey: ed25519PublicKey(seed), signatures: [signature, changed] };
});
const answers = () =>
  cases.map(({ message, publicKey, signatures }) => [
    leafHash(message),
    ...signatures.map((signature) => ed25519Verify(signature, message, publicKey)),
  ]);
const portable = answers();

hashLogsByOpenssl();
afterAll(() => hashLogsByOpenssl());

test("OpenSSL and the portable code give the same answers", () => {
  expect(portable.every(([, good, bad]) => good === true && bad === false)).toBe(true);
  expect(answers()).toEqual(portable);
});

test("what is refused before the equation stays refused", () => {
  // The neutral element as key and nonce, and s = 0: OpenSSL by itself accepts this for every message.
  const neutral = new Uint8Array(32);
  neutral[0] = 1;
  const signature = new Uint8Array(64);
  signature[0] = 1;
  expect(ed25519Verify(signature, utf8("anything"), neutral)).toBe(false);
  const [first] = cases;
  const malleable = first?.signatures[0]?.slice() ?? new Uint8Array(64);
  malleable.fill(0xff, 32);
  expect(ed25519Verify(malleable, first?.message ?? utf8(""), first?.publicKey ?? neutral)).toBe(false);
});

test("the hooks are used, and one that is not SHA-256 is refused", () => {
  expect(() => replaceSha256((bytes) => bytes.slice(0, 32))).toThrow("not SHA-256");
  replaceEd25519(() => false);
  const [first] = cases;
  if (first === undefined) throw new Error("no case");
  expect(ed25519Verify(first.signatures[0] as Uint8Array, first.message, first.publicKey)).toBe(false);
});
