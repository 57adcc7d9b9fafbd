import { describe, expect, test } from "vitest";
import { base64, utf8 } from "./bytes";
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from "./checkpoint";
import { ed25519PublicKey, ed25519Sign } from "./ed25519";
import { formatNote, formatVerifierKey, parseVerifierKey, signatureTypes, signNote } from "./note";
import { emptyRoot } from "./tree";

const origin = "ledger.example/log";
const root = new Uint8Array(32).fill(5);
const line = base64(root);
const refusal = (code: string) => expect.objectContaining({ name: "LogError", code });
const signer = (name: string, value: number) => {
  const seed = new Uint8Array(32).fill(value);
  const publicKey = ed25519PublicKey(seed);
  return { name, publicKey, sign: (message: Uint8Array) => ed25519Sign(message, seed) };
};
const keyOf = (one: ReturnType<typeof signer>, type: 1 | 4 = signatureTypes.note) =>
  parseVerifierKey(formatVerifierKey(one.name, type, one.publicKey));

test("is three lines, read back", () => {
  const text = formatCheckpoint({ origin, size: 20852163, root });
  expect(text).toBe(`${origin}\n20852163\n${line}\n`);
  expect(parseCheckpoint(text)).toEqual({ origin, size: 20852163, root });
  expect(parseCheckpoint(`${origin}\n${2 ** 53 - 1}\n${line}\n`).size).toBe(2 ** 53 - 1);
  expect(parseCheckpoint(formatCheckpoint({ origin, size: 0, root: emptyRoot })).size).toBe(0);
});

test("extension lines of other logs are read over", () => {
  expect(parseCheckpoint(`${origin}\n1\n${line}\nmore\nand more\n`).size).toBe(1);
});

test.each([
  ["nothing", "", "malformed"],
  ["two lines", `${origin}\n1\n`, "malformed"],
  ["no last newline", `${origin}\n1\n${line}`, "malformed"],
  ["an empty origin", `\n1\n${line}\n`, "malformed"],
  ["an empty extension line", `${origin}\n1\n${line}\n\n`, "malformed"],
  ["a leading zero", `${origin}\n01\n${line}\n`, "malformed"],
  ["a sign", `${origin}\n+1\n${line}\n`, "malformed"],
  ["a negative size", `${origin}\n-1\n${line}\n`, "malformed"],
  ["hex", `${origin}\n0x10\n${line}\n`, "malformed"],
  ["an exponent", `${origin}\n1e3\n${line}\n`, "malformed"],
  ["a fraction", `${origin}\n1.0\n${line}\n`, "malformed"],
  ["other digits", `${origin}\n١\n${line}\n`, "malformed"],
  ["a space", `${origin}\n1 \n${line}\n`, "malformed"],
  ["CR", `${origin}\r\n1\r\n${line}\r\n`, "malformed"],
  ["2^53", `${origin}\n9007199254740992\n${line}\n`, "too-large"],
  ["2^64", `${origin}\n18446744073709551616\n${line}\n`, "too-large"],
  ["a thousand digits", `${origin}\n${"9".repeat(1000)}\n${line}\n`, "malformed"],
  ["31 bytes of root", `${origin}\n1\n${base64(new Uint8Array(31))}\n`, "malformed"],
  ["33 bytes of root", `${origin}\n1\n${base64(new Uint8Array(33))}\n`, "malformed"],
  ["a root in hex", `${origin}\n1\n${"ab".repeat(32)}\n`, "malformed"],
  ["a root with loose bits", `${origin}\n1\n${line.slice(0, -2)}V=\n`, "malformed"],
  ["a root of nothing that is another", `${origin}\n0\n${line}\n`, "malformed"],
])("%s: refused", (_name, text, code) => {
  expect(() => parseCheckpoint(text)).toThrow(refusal(code));
});

test.each([
  { origin: "a b", size: 1, root },
  { origin: "a+b", size: 1, root },
  { origin: "", size: 1, root },
])("no log can be named $origin", (checkpoint) => {
  expect(() => formatCheckpoint(checkpoint)).toThrow(refusal("malformed"));
});

test.each([-1, 1.5, 2 ** 53, Number.NaN])("no checkpoint is made of size %d", (size) => {
  expect(() => formatCheckpoint({ origin, size, root })).toThrow(refusal("out-of-range"));
});

describe("opened", () => {
  const log = signer(origin, 1);
  const text = formatCheckpoint({ origin, size: 3, root });
  const note = formatNote(text, [signNote(text, log)]);

  test("by the log's key", () => {
    expect(openCheckpoint(note, { origin, keys: [keyOf(log)] })).toMatchObject({ origin, size: 3, root });
    expect(openCheckpoint(utf8(note), { origin, keys: [keyOf(log)] }).note.text).toBe(text);
  });

  test("by either key while keys are changed", () => {
    const next = signer(origin, 2);
    const both = formatNote(text, [signNote(text, log), signNote(text, next)]);
    for (const keys of [[keyOf(log)], [keyOf(next)], [keyOf(log), keyOf(next)]])
      expect(openCheckpoint(both, { origin, keys }).size).toBe(3);
  });

  test("of another log: refused, also when its own key is known", () => {
    const other = signer("other.example/log", 3);
    const theirs = formatCheckpoint({ origin: other.name, size: 3, root });
    const keys = [keyOf(log), keyOf(other)];
    expect(() => openCheckpoint(formatNote(theirs, [signNote(theirs, other)]), { origin, keys })).toThrow(
      refusal("wrong-origin"),
    );
    // Our origin, signed by a key that is known under another name.
    expect(() => openCheckpoint(formatNote(text, [signNote(text, other)]), { origin, keys })).toThrow(
      refusal("unknown-key"),
    );
  });

  test("by a key for cosignatures, by no key, or changed: refused", () => {
    expect(() => openCheckpoint(note, { origin, keys: [keyOf(log, 4)] })).toThrow(refusal("unknown-key"));
    expect(() => openCheckpoint(note, { origin, keys: [] })).toThrow(refusal("unknown-key"));
    const larger = note.replace("\n3\n", "\n4\n");
    expect(() => openCheckpoint(larger, { origin, keys: [keyOf(log)] })).toThrow(refusal("bad-signature"));
  });
});
