import { describe, expect, test } from "vitest";
import { base64, concat, hex, text, utf8 } from "./bytes";
import { formatLeaf, type Leaf, leafKinds, parseLeaf } from "./leaf";
import { canonical } from "./strict-json";

const refusal = (code: string) => expect.objectContaining({ name: "LogError", code });
const leaf: Leaf = {
  key: new Uint8Array(32).fill(1),
  kind: "register",
  pae: new Uint8Array(32).fill(2),
  sig: new Uint8Array(64).fill(3),
  t: "2026-03-01T08:00:00.123Z",
};
const fields = {
  key: hex(leaf.key),
  kind: leaf.kind,
  pae: hex(leaf.pae),
  sig: base64(leaf.sig),
  t: leaf.t,
  v: 1,
};
const source = text(formatLeaf(leaf));

test("is canonical JSON of six fields, read back", () => {
  expect(source).toBe(
    `{"key":"${fields.key}","kind":"register","pae":"${fields.pae}","sig":"${fields.sig}","t":"${leaf.t}","v":1}`,
  );
  expect(parseLeaf(utf8(source))).toEqual(leaf);
});

test.each(leafKinds)("kind %s is known", (kind) => {
  expect(parseLeaf(formatLeaf({ ...leaf, kind })).kind).toBe(kind);
});

test("the signature may be an SSH signature, up to a leaf of 65,535 bytes", () => {
  const ssh = (length: number) => concat(utf8("SSHSIG"), new Uint8Array(length));
  expect(parseLeaf(formatLeaf({ ...leaf, sig: ssh(200) })).sig).toEqual(ssh(200));
  const room = 65_535 - (source.length - fields.sig.length);
  const most = Math.floor(room / 4) * 3 - 6;
  expect(formatLeaf({ ...leaf, sig: ssh(most) }).length).toBeLessThanOrEqual(65_535);
  expect(() => formatLeaf({ ...leaf, sig: ssh(most + 3) })).toThrow(refusal("too-large"));
});

describe("refused", () => {
  const variant = (change: Record<string, unknown>) => canonical({ ...fields, ...change });
  const { v: _v, ...without } = fields;
  test.each([
    ["nothing", ""],
    ["null", "null"],
    ["a list", "[]"],
    ["no version", canonical(without)],
    ["version 2", variant({ v: 2 })],
    ["version 1.0", source.replace('"v":1', '"v":1.0')],
    ["a field more", variant({ name: "x" })],
    ["a key twice", source.replace('"kind":"register"', '"kind":"register","kind":"register"')],
    ["a key twice with other values", source.replace("{", '{"key":"",')],
    ["another order", `{"v":1,${source.slice(1).replace(',"v":1}', "}")}`],
    ["a space", source.replace(":", ": ")],
    ["a newline at the end", `${source}\n`],
    ["CRLF at the end", `${source}\r\n`],
    ["a byte order mark", `\ufeff${source}`],
    ["two values", `${source}${source}`],
    ["an escaped letter", source.replace("register", "\\u0072egister")],
    ["another kind", variant({ kind: "erase" })],
    ["a kind of Object", variant({ kind: "constructor" })],
    ["capital hex", variant({ pae: "AB".repeat(32) })],
    ["short hex", variant({ key: "ab" })],
    ["a number for hex", variant({ key: 1 })],
    ["base64 without padding", variant({ sig: fields.sig.replace(/=+$/, "") })],
    ["base64 with loose bits", variant({ sig: `${fields.sig.slice(0, -3)}x==` })],
    ["base64 with a newline", variant({ sig: `${fields.sig}\n` })],
    ["a signature of 63 bytes", variant({ sig: base64(new Uint8Array(63)) })],
    ["a signature of 65 bytes", variant({ sig: base64(new Uint8Array(65)) })],
    ["SSHSIG and nothing else", variant({ sig: base64(utf8("SSHSIG")) })],
    ["a time without milliseconds", variant({ t: "2026-03-01T08:00:00Z" })],
    ["a time with microseconds", variant({ t: "2026-03-01T08:00:00.123456Z" })],
    ["a time with an offset", variant({ t: "2026-03-01T08:00:00.123+00:00" })],
    ["the 30th of February", variant({ t: "2026-02-30T08:00:00.123Z" })],
    ["a leap second", variant({ t: "2016-12-31T23:59:60.000Z" })],
    ["24 o'clock", variant({ t: "2026-03-01T24:00:00.000Z" })],
    ["a time as a number", variant({ t: 1 })],
    ["deep nesting", `${"[".repeat(60_000)}`],
  ])("%s", (_name, bad) => {
    expect(() => parseLeaf(utf8(bad))).toThrow(refusal("malformed"));
  });

  test("bytes that are no UTF-8, and more than 65,535 of them", () => {
    expect(() => parseLeaf(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(refusal("malformed"));
    expect(() => parseLeaf(utf8(`"${"x".repeat(65_534)}"`))).toThrow(refusal("too-large"));
  });

  test("what could not be read again is not written", () => {
    expect(() => formatLeaf({ ...leaf, key: new Uint8Array(31) })).toThrow(refusal("malformed"));
    expect(() => formatLeaf({ ...leaf, sig: new Uint8Array(10) })).toThrow(refusal("malformed"));
    expect(() => formatLeaf({ ...leaf, t: "yesterday" })).toThrow(refusal("malformed"));
  });
});
