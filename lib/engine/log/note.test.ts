import { describe, expect, test, vi } from "vitest";
import { base64, concat, utf8 } from "./bytes";
import { ed25519PublicKey, ed25519Sign } from "./ed25519";
import {
  formatNote,
  formatSignature,
  formatVerifierKey,
  isKeyName,
  keyId,
  type NoteSigner,
  parseNote,
  parseVerifierKey,
  signatureTypes,
  signNote,
  type VerifierKey,
  verifyNote,
} from "./note";

// Not a deadline: a busy machine needs longer.
vi.setConfig({ testTimeout: 60_000 });

const seed = (value: number) => new Uint8Array(32).fill(value);
const signer = (name: string, value: number): NoteSigner => ({
  name,
  publicKey: ed25519PublicKey(seed(value)),
  sign: (message) => ed25519Sign(message, seed(value)),
});
const keyOf = ({ name, publicKey }: NoteSigner): VerifierKey =>
  parseVerifierKey(formatVerifierKey(name, signatureTypes.note, publicKey));
const refusal = (code: string) => expect.objectContaining({ name: "LogError", code });

const body = "竹简\n\nlines\n";
const [a, b] = [signer("a.example/log", 1), signer("b.example/log", 2)];
const note = formatNote(body, [signNote(body, a), signNote(body, b)]);

test("the example of C2SP signed-note verifies", () => {
  const key = parseVerifierKey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
  const example =
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
  expect(verifyNote(parseNote(example), [key])).toHaveLength(1);
  const changed = example.replace("an example", "no example");
  expect(() => verifyNote(parseNote(changed), [key])).toThrow(refusal("bad-signature"));
});

test("a note is read back: text with its empty lines, signatures as they stand", () => {
  const parsed = parseNote(utf8(note));
  expect(parsed.text).toBe(body);
  expect(parsed.signatures.map(({ name }) => name)).toEqual([a.name, b.name]);
  expect(
    formatNote(
      parsed.text,
      parsed.signatures.map(({ line }) => line),
    ),
  ).toBe(note);
  expect(verifyNote(parsed, [keyOf(a), keyOf(b)]).map(({ key }) => key.name)).toEqual([a.name, b.name]);
});

describe("malformed notes", () => {
  const line = signNote(body, a);
  test.each([
    ["empty", ""],
    ["text only", body],
    ["no empty line", `text\n${line}\n`],
    ["no signature", `${body}\n`],
    ["no last newline", note.slice(0, -1)],
    ["CRLF", note.replaceAll("\n", "\r\n")],
    ["CRLF after the signature", `${body}\n${line}\r\n`],
    ["a tab", `text\t\n\n${line}\n`],
    ["a zero byte", `te\0xt\n\n${line}\n`],
    ["hyphen for em dash", `${body}\n${line.replace("—", "-")}\n`],
    ["two spaces", `${body}\n${line.replace("— ", "—  ")}\n`],
    ["no-break space in the name", `${body}\n${line.replace("a.example", "a\u00a0example")}\n`],
    ["plus in the name", `${body}\n${line.replace("a.example", "a+example")}\n`],
    ["a word more", `${body}\n${line} more\n`],
    ["space at the end", `${body}\n${line} \n`],
    ["no name", `${body}\n— ${base64(new Uint8Array(68))}\n`],
    ["key id alone", `${body}\n— a.example/log ${base64(new Uint8Array(4))}\n`],
    ["three bytes", `${body}\n— a.example/log ${base64(new Uint8Array(3))}\n`],
    ["unpadded base64", `${body}\n${line.replace(/=+$/, "")}\n`],
    ["base64 with loose bits", `${body}\n— a.example/log AAAAAAB=\n`],
    ["URL base64", `${body}\n— a.example/log AAAAAAA_\n`],
    ["a byte order mark before the signature", `${body}\n\ufeff${line}\n`],
  ])("%s: refused", (_name, bad) => {
    expect(() => parseNote(bad)).toThrow(refusal("malformed"));
  });

  test("bytes that are no UTF-8 are refused; a byte order mark belongs to the text", () => {
    expect(() => parseNote(concat(Uint8Array.of(0xff), utf8(note)))).toThrow(refusal("malformed"));
    expect(() => parseNote(concat(Uint8Array.of(0xc0, 0x8a), utf8(note)))).toThrow(refusal("malformed"));
    const marked = parseNote(concat(Uint8Array.of(0xef, 0xbb, 0xbf), utf8(note)));
    expect(() => verifyNote(marked, [keyOf(a)])).toThrow(refusal("bad-signature"));
  });

  test("64 signatures are read, one more or a million characters are not", () => {
    const lines = (count: number) => Array.from({ length: count }, () => line);
    expect(parseNote(formatNote(body, lines(64))).signatures).toHaveLength(64);
    expect(() => parseNote(formatNote(body, lines(65)))).toThrow(refusal("too-large"));
    expect(() => parseNote(`${"x".repeat(1_000_000)}\n\n${line}\n`)).toThrow(refusal("too-large"));
  });
});

describe("who signed", () => {
  test("a note that no known key signed is refused", () => {
    expect(() => verifyNote(parseNote(note), [])).toThrow(refusal("unknown-key"));
    expect(() => verifyNote(parseNote(note), [keyOf(signer("c.example/log", 3))])).toThrow(
      refusal("unknown-key"),
    );
  });

  test("the name alone, or the id alone, does not make a key known", () => {
    const sameName = keyOf(signer(a.name, 9));
    expect(() => verifyNote(parseNote(note), [sameName])).toThrow(refusal("unknown-key"));
    const sameId = { ...keyOf(signer("c.example/log", 3)), keyId: keyOf(a).keyId };
    expect(() => verifyNote(parseNote(note), [sameId])).toThrow(refusal("unknown-key"));
  });

  test("another's line under a known name and id spoils the note, even beside a good signature", () => {
    const false_ = formatSignature(a.name, keyOf(a).keyId, b.sign(utf8(body)));
    for (const lines of [[false_], [signNote(body, a), false_], [false_, signNote(body, a)]])
      expect(() => verifyNote(parseNote(formatNote(body, lines)), [keyOf(a)])).toThrow(
        refusal("bad-signature"),
      );
  });

  test("two known keys that share name and id are refused, not guessed between", () => {
    const twin = { ...keyOf(a), publicKey: b.publicKey };
    expect(() => verifyNote(parseNote(note), [keyOf(a), twin])).toThrow(refusal("bad-key"));
    expect(verifyNote(parseNote(note), [keyOf(a), keyOf(a)])).toHaveLength(1);
  });

  test("a line said twice counts once", () => {
    const twice = formatNote(body, [signNote(body, a), signNote(body, a)]);
    expect(verifyNote(parseNote(twice), [keyOf(a)])).toHaveLength(1);
  });

  test("a signature over another text, or cut off, does not verify", () => {
    const other = formatNote(body, [signNote("other\n", a)]);
    expect(() => verifyNote(parseNote(other), [keyOf(a)])).toThrow(refusal("bad-signature"));
    const cut = formatNote(body, [formatSignature(a.name, keyOf(a).keyId, a.sign(utf8(body)).slice(0, 63))]);
    expect(() => verifyNote(parseNote(cut), [keyOf(a)])).toThrow(refusal("bad-signature"));
  });
});

describe("verifier keys", () => {
  const good = formatVerifierKey(a.name, signatureTypes.note, a.publicKey);
  const [name = "", id = ""] = good.split("+");

  test("are read back, also when the base64 holds a plus", () => {
    for (let value = 1; value < 40; value += 1) {
      const one = signer("x.example", value);
      for (const type of [signatureTypes.note, signatureTypes.cosignature]) {
        const vkey = formatVerifierKey(one.name, type, one.publicKey);
        expect(parseVerifierKey(vkey)).toMatchObject({ name: "x.example", type, publicKey: one.publicKey });
      }
    }
  });

  const material = (...bytes: number[]) => base64(concat(Uint8Array.from(bytes), a.publicKey));
  test.each([
    ["nothing", "", "malformed"],
    ["two parts", `${name}+${id}`, "malformed"],
    ["no name", good.slice(name.length), "malformed"],
    ["a space in the name", `a b${good.slice(name.length)}`, "malformed"],
    ["another name", `b.example${good.slice(name.length)}`, "bad-key"],
    ["another id", good.replace(id, "00000000"), "bad-key"],
    ["an id in capitals", good.replace(id, "ABCDEF01"), "malformed"],
    ["a short id", good.replace(id, id.slice(2)), "malformed"],
    ["a newline after it", `${good}\n`, "malformed"],
    ["type 2", `${name}+${id}+${material(2)}`, "bad-key"],
    ["type 0xff", `${name}+${id}+${material(0xff)}`, "bad-key"],
    ["a byte more", `${name}+${id}+${material(1, 1)}`, "bad-key"],
    ["no key", `${name}+${id}+AQ==`, "bad-key"],
    ["no type", `${name}+${id}+`, "bad-key"],
    ["URL base64", good.replace(/\+([^+]*)$/, "+_$1"), "malformed"],
  ])("%s: refused", (_name, vkey, code) => {
    expect(() => parseVerifierKey(vkey)).toThrow(refusal(code));
  });

  test("a key of small order is refused when it is read, with a right id", () => {
    const zero = new Uint8Array(32);
    const one = Uint8Array.of(1, ...new Uint8Array(31));
    for (const key of [zero, one])
      expect(() => parseVerifierKey(formatVerifierKey("evil", signatureTypes.note, key))).toThrow(
        refusal("bad-key"),
      );
  });

  test("the id binds the type: the same key cosigns under another id", () => {
    expect(keyId(a.name, signatureTypes.note, a.publicKey)).not.toEqual(
      keyId(a.name, signatureTypes.cosignature, a.publicKey),
    );
  });
});

test.each(["", "a b", "a+b", "a\u2003b", "a\u3000b", "a\u0085b", "a\nb", "x".repeat(256)])(
  "%j names no key",
  (name) => {
    expect(isKeyName(name)).toBe(false);
    expect(() => formatSignature(name, new Uint8Array(4), new Uint8Array(64))).toThrow(refusal("malformed"));
  },
);

test("a text without a last newline cannot be signed", () => {
  expect(() => formatNote("text", [])).toThrow(refusal("malformed"));
});
