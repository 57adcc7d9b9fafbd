import { describe, expect, test } from "vitest";
import { base64, concat, text, utf8 } from "./bytes";
import {
  formatEnvelope,
  pae,
  parseEnvelope,
  payloadOfPae,
  statementMediaType,
  verifyEnvelope,
  verifyStatementSignature,
} from "./dsse";
import { ed25519PublicKey, ed25519Sign, spkiOf } from "./ed25519";

const refusal = (code: string) => expect.objectContaining({ name: "LogError", code });
const seed = new Uint8Array(32).fill(5);
const spki = spkiOf(ed25519PublicKey(seed));
const payload = utf8('{"_type":"https://in-toto.io/Statement/v1","predicate":{"字":"竹"}}');
const signature = ed25519Sign(pae(statementMediaType, payload), seed);
const envelope = formatEnvelope(payload, spki, signature);

test("the encoding is the one of DSSE's example, lengths in bytes", () => {
  expect(text(pae("http://example.com/HelloWorld", utf8("hello world")))).toBe(
    "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
  );
  expect(text(pae("é", utf8("竹")))).toBe("DSSEv1 2 é 3 竹");
  expect(text(pae("", new Uint8Array(0)))).toBe("DSSEv1 0  0 ");
});

test("the payload is read back from its encoding, of which nothing may be missing", () => {
  const encoding = pae(statementMediaType, payload);
  expect(payloadOfPae(encoding)).toEqual(payload);
  expect(payloadOfPae(pae(statementMediaType, new Uint8Array(0)))).toHaveLength(0);
  for (const bad of [
    encoding.subarray(1),
    encoding.subarray(0, -1),
    concat(encoding, Uint8Array.of(0)),
    pae("text/plain", payload),
    utf8(`DSSEv1 28 ${statementMediaType} 03 abc`),
    utf8(`DSSEv1 28 ${statementMediaType} -3 abc`),
    new Uint8Array(0),
    new Uint8Array(100).fill(255),
  ])
    expect(() => payloadOfPae(bad)).toThrow(refusal("malformed"));
});

test("an envelope is read back and verified", () => {
  expect(parseEnvelope(utf8(envelope))).toMatchObject({
    payloadType: statementMediaType,
    payload,
    signature,
  });
  expect(verifyEnvelope(parseEnvelope(utf8(envelope)), spki)).toEqual(payload);
  // DSSE asks for no order and no form.
  const loose = JSON.stringify(JSON.parse(envelope), null, 2);
  expect(verifyEnvelope(parseEnvelope(utf8(loose)), spki)).toEqual(payload);
});

test("another type, key, payload or signature: refused", () => {
  const good = parseEnvelope(utf8(envelope));
  const other = spkiOf(ed25519PublicKey(new Uint8Array(32).fill(6)));
  expect(() => verifyEnvelope({ ...good, payloadType: "text/plain" }, spki)).toThrow(refusal("malformed"));
  expect(() => verifyEnvelope(good, other)).toThrow(refusal("unknown-key"));
  expect(() => verifyEnvelope({ ...good, payload: utf8("{}") }, spki)).toThrow(refusal("bad-signature"));
  expect(() => verifyEnvelope({ ...good, signature: new Uint8Array(64) }, spki)).toThrow(
    refusal("bad-signature"),
  );
  expect(() => verifyStatementSignature(payload, signature, spkiOf(new Uint8Array(32)))).toThrow(
    refusal("bad-key"),
  );
  // The bare payload signed, without the encoding around it.
  expect(verifyStatementSignature(pae(statementMediaType, payload), ed25519Sign(payload, seed), spki)).toBe(
    false,
  );
});

describe("malformed envelopes", () => {
  const parts = JSON.parse(envelope) as { payload: string; signatures: { keyid: string; sig: string }[] };
  const [one] = parts.signatures;
  const variant = (change: object) => JSON.stringify({ ...parts, ...change });
  test.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["a byte order mark", `\ufeff${envelope}`],
    ["a field more", variant({ more: 1 })],
    ["a field less", variant({ payload: undefined })],
    ["two names for three keys", '{"payload payloadType":"","signatures":[]}'],
    ["no signature", variant({ signatures: [] })],
    ["two signatures", variant({ signatures: [one, one] })],
    ["signatures as an object", variant({ signatures: { 0: one, length: 1 } })],
    ["a signature that is null", variant({ signatures: [null] })],
    ["a signature without a key", variant({ signatures: [{ sig: one?.sig }] })],
    ["a signature of a number", variant({ signatures: [{ keyid: "", sig: 1 }] })],
    ["a payload of a number", variant({ payload: 1 })],
    ["a payload of URL base64", variant({ payload: "__--" })],
    ["a payload with loose bits", variant({ payload: "AB==" })],
    ["the payload twice", envelope.replace("{", `{"payload":"${base64(utf8("{}"))}",`)],
    ["the payload twice, once escaped", envelope.replace("{", '{"pay\\u006coad":"",')],
    ["the signature's key twice", envelope.replace('{"keyid"', '{"keyid":"","keyid"')],
  ])("%s: refused", (_name, bad) => {
    expect(() => parseEnvelope(utf8(bad))).toThrow(refusal("malformed"));
  });
});
