import { createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import * as ed from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { concat, fromHex, hex, utf8 } from "./bytes";
import {
  ed25519PublicKey,
  ed25519Sign,
  ed25519Verify,
  publicKeyOfSpki,
  requirePublicKey,
  spkiOf,
} from "./ed25519";

// Not a deadline: a busy machine needs longer.
vi.setConfig({ testTimeout: 60_000 });

const openssl = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean => {
  try {
    const key = createPublicKey({ key: Buffer.from(spkiOf(publicKey)), format: "der", type: "spki" });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
};

/** RFC 8032, section 7.1, tests 1 and 2. */
test.each([
  [
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
])("seed %s signs as RFC 8032 says", (seed, publicKey, message, signature) => {
  const text = fromHex(message, message.length / 2);
  expect(hex(ed25519PublicKey(fromHex(seed, 32)))).toBe(publicKey);
  expect(hex(ed25519Sign(text, fromHex(seed, 32)))).toBe(signature);
  expect(ed25519Verify(fromHex(signature, 64), text, fromHex(publicKey, 32))).toBe(true);
});

test("accepts what OpenSSL signs, and nothing that differs by a bit", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const key = publicKeyOfSpki(new Uint8Array(publicKey.export({ type: "spki", format: "der" })));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(511), (message, bit) => {
      const signature = new Uint8Array(sign(null, message, privateKey));
      expect(ed25519Verify(signature, message, key)).toBe(true);
      const changed = signature.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(ed25519Verify(changed, message, key)).toBe(false);
      expect(ed25519Verify(signature, concat(message, Uint8Array.of(0)), key)).toBe(false);
    }),
    { numRuns: 15 },
  );
});

describe("keys and signatures made to be read in two ways", () => {
  /** The points of order 1, 2, 4 and 8, in every encoding that a lenient reader takes. */
  const small = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  ].map((digits) => fromHex(digits, 32));

  test.each(small.map((key) => [hex(key), key] as const))("%s is refused as a key", (_name, key) => {
    expect(() => requirePublicKey(key)).toThrow(expect.objectContaining({ code: "bad-key" }));
    expect(() => publicKeyOfSpki(spkiOf(key))).toThrow(expect.objectContaining({ code: "bad-key" }));
    // R = the identity, S = 0 "signs" any message for the identity as a key.
    const nothing = concat(small[0] as Uint8Array, new Uint8Array(32));
    expect(ed25519Verify(nothing, utf8("any message"), key)).toBe(false);
  });

  test("S + L, the same scalar written otherwise, is refused", () => {
    const seed = new Uint8Array(32).fill(9);
    const [message, key] = [utf8("a message"), ed25519PublicKey(seed)];
    const signature = ed25519Sign(message, seed);
    const s = BigInt(`0x${hex(signature.slice(32).reverse())}`) + ed.Point.CURVE().n;
    const larger = concat(signature.slice(0, 32), fromHex(s.toString(16).padStart(64, "0"), 32).reverse());
    expect(ed25519Verify(larger, message, key)).toBe(false);
    expect(openssl(larger, message, key)).toBe(false);
  });

  test("a nonce with a part of small order: refused, as OpenSSL refuses it", () => {
    // The holder of the key adds a point of order 8 to R: the equation holds when multiplied by the cofactor only.
    const seed = new Uint8Array(32).fill(7);
    const key = ed25519PublicKey(seed);
    const message = utf8("a message");
    const n = ed.Point.CURVE().n;
    const number = (bytes: Uint8Array) => BigInt(`0x${hex(bytes.slice().reverse())}`);
    const head = sha512(seed).slice(0, 32);
    head[0] = (head[0] as number) & 248;
    head[31] = ((head[31] as number) & 127) | 64;
    const r = 123_456_789n;
    const torsion = ed.Point.fromBytes(small[6] as Uint8Array);
    const nonce = ed.Point.BASE.multiply(r).add(torsion).toBytes();
    const k = number(sha512(concat(nonce, key, message))) % n;
    const s = (r + k * (number(head) % n)) % n;
    const crafted = concat(nonce, fromHex(s.toString(16).padStart(64, "0"), 32).reverse());
    expect(ed.verify(crafted, message, key, { zip215: false })).toBe(true);
    expect(openssl(crafted, message, key)).toBe(false);
    expect(ed25519Verify(crafted, message, key)).toBe(false);
  });

  test("bytes of any length and content never throw", () => {
    const bytes = fc.oneof(fc.uint8Array({ minLength: 32, maxLength: 64 }), fc.uint8Array());
    fc.assert(
      fc.property(bytes, bytes, (signature, key) => {
        expect(ed25519Verify(signature, utf8("m"), key)).toBe(false);
      }),
    );
  });
});

test("an SPKI of another algorithm or length is refused", () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const other = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
  const x25519 = generateKeyPairSync("x25519").publicKey.export({ type: "spki", format: "der" });
  for (const spki of [other, new Uint8Array(x25519), new Uint8Array(0), spkiOf(new Uint8Array(32)).slice(1)])
    expect(() => publicKeyOfSpki(spki)).toThrow(expect.objectContaining({ code: "bad-key" }));
});
