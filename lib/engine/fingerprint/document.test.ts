import { type createPrivateKey, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { memoryRelease } from "@/tests/support/memory-release";
import { smallWeights } from "@/tests/support/small-weights";
import { EngineError } from "../errors";
import { canonicalJson } from "../formats/canonical-json";
import { fingerprintText, parseFingerprint, withDigest } from "./document";
import { makeLightFingerprint } from "./make-light";
import { packFloats, packInt8, unpackFloats, unpackInt8 } from "./packed";
import type { LightFingerprint } from "./schema";
import { readSigningKey, signatureHolds, signFingerprint } from "./signature";

let plain: LightFingerprint;
const pair = generateKeyPairSync("ed25519");
const pem = pair.privateKey.export({ format: "pem", type: "pkcs8" }) as string;
beforeAll(async () => {
  plain = await makeLightFingerprint(
    memoryRelease([]),
    smallWeights("a", { layers: 1, inner: 512, hidden: 256 }),
  );
});
const parse = (document: object) => parseFingerprint(Buffer.from(canonicalJson(document)), "fp.json");

describe("packed numbers", () => {
  test("come back as they were, and in one form only", () => {
    const floats = Float32Array.of(0, 1.5, -3e-7, 1e30);
    expect(unpackFloats(packFloats(floats), 4)).toEqual(floats);
    expect(packFloats(Float32Array.of(-0))).toBe(packFloats(Float32Array.of(0)));
    expect(unpackFloats(packFloats(floats), 3)).toBeNull();
    expect(unpackFloats(packFloats(Float32Array.of(Number.NaN)), 1)).toBeNull();
    const bytes = Int8Array.of(-127, 0, 5, 127);
    expect(unpackInt8(packInt8(bytes), 4)).toEqual(bytes);
    // The last digit's unused bits: another text of the same bytes.
    expect(unpackInt8("gQAFfx==", 4)).toBeNull();
  });
});

describe("a signature", () => {
  test("of the author's key is accepted, whatever form the key has", () => {
    for (const text of [pem, openSshForm(pair.privateKey)]) {
      const signed = signFingerprint(plain, readSigningKey(text));
      expect(parse(signed)).toEqual(signed);
      expect(signed.digest).toBe(plain.digest);
    }
  });

  test("does not hold for another digest, another key, or when anything of it is altered", () => {
    const { signature } = signFingerprint(plain, readSigningKey(pem));
    if (!signature) throw new Error("unsigned");
    const other = signFingerprint(plain, readSigningKey(newPem())).signature;
    expect(signatureHolds(plain.digest, signature)).toBe(true);
    expect(signatureHolds(`sha256:${"0".repeat(64)}`, signature)).toBe(false);
    for (const key of ["keyId", "publicKey", "signature"] as const)
      expect(signatureHolds(plain.digest, { ...signature, [key]: other?.[key] as string })).toBe(false);
  });

  test("needs an Ed25519 key without a passphrase, and errors repeat nothing of the key", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
    const locked = pair.privateKey.export({
      format: "pem",
      type: "pkcs8",
      cipher: "aes-256-cbc",
      passphrase: "x",
    });
    const texts = [
      "",
      "not a key",
      rsa.export({ format: "pem", type: "pkcs8" }) as string,
      locked as string,
      "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
      openSshForm(pair.privateKey, "aes256-ctr"),
    ];
    for (const text of texts) {
      const error = (() => {
        try {
          return readSigningKey(text);
        } catch (caught) {
          return caught as EngineError;
        }
      })();
      expect(error).toBeInstanceOf(EngineError);
      expect((error as EngineError).message).not.toContain("AAAA");
    }
  });
});

describe("what is no fingerprint is refused", () => {
  const signed = () => signFingerprint(plain, readSigningKey(pem));
  test.each<[string, () => object]>([
    ["another schema", () => ({ ...plain, schema: "slipmark.fingerprint/v9" })],
    ["a further key", () => ({ ...plain, extra: 1 })],
    ["no tensors", () => withDigest({ ...plain, tensors: [] })],
    ["an altered number", () => ({ ...plain, structure: "0".repeat(64) })],
    ["tensors out of order", () => withDigest({ ...plain, tensors: [...plain.tensors].reverse() })],
    ["a tensor twice", () => withDigest({ ...plain, tensors: [plain.tensors[0]!, plain.tensors[0]!] })],
    ["an impossible shape", () => withFirst({ rows: 7 })],
    ["an impossible run", () => withFirst({ run: { ...plain.tensors[0]!.run!, end: 1e9 } })],
    ["a sketch of NaN", () => withFirst({ run: { ...plain.tensors[0]!.run!, sketch: nan } })],
    [
      "a signature of another document",
      () => ({ ...withFirst({ dtype: "F16" }), signature: signed().signature }),
    ],
    [
      "a signature by another key",
      () => ({ ...signed(), signature: { ...signed().signature, keyId: "0".repeat(64) } }),
    ],
  ])("%s", (_, make) => {
    expect(() => parse(make())).toThrow(EngineError);
  });

  test("a key that stands twice", () => {
    const text = fingerprintText(plain).replace("{", `{"digest":"sha256:${"0".repeat(64)}",`);
    expect(() => parseFingerprint(Buffer.from(text), "fp.json")).toThrow(/malformed|twice|duplicate|key/i);
  });

  test("any changed byte ends in an error that names the file, or changed nothing", () => {
    const good = Buffer.from(fingerprintText(signed()));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const bytes = Buffer.from(good);
        bytes[at] = value;
        try {
          expect(parseFingerprint(bytes, "fp.json")).toEqual(signed());
        } catch (error) {
          if (!(error instanceof EngineError)) throw error;
          expect(error.message).toContain("fp.json");
        }
      }),
      { numRuns: 100 },
    );
  });

  const nan = packNan();
  function withFirst(change: object): LightFingerprint {
    const [first, ...rest] = plain.tensors;
    return withDigest<LightFingerprint>({ ...plain, tensors: [{ ...first!, ...change }, ...rest] });
  }
});

function packNan(): string {
  return packFloats(new Float32Array(256).fill(Number.NaN));
}

function newPem(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }) as string;
}

/** As ssh-keygen writes it (PROTOCOL.key of OpenSSH). */
function openSshForm(key: ReturnType<typeof createPrivateKey>, cipher = "none"): string {
  const { d = "", x = "" } = key.export({ format: "jwk" });
  const [seed, open] = [Buffer.from(d, "base64url"), Buffer.from(x, "base64url")];
  const string = (value: Uint8Array | string) => {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const publicPart = Buffer.concat([string("ssh-ed25519"), string(open)]);
  const check = Buffer.from([1, 2, 3, 4]);
  const privatePart = Buffer.concat([
    check,
    check,
    publicPart,
    string(Buffer.concat([seed, open])),
    string("me"),
  ]);
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    string(cipher),
    string("none"),
    string(""),
    Buffer.from([0, 0, 0, 1]),
    string(publicPart),
    string(privatePart),
  ]);
  const text = body.toString("base64").replace(/(.{70})/g, "$1\n");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${text}\n-----END OPENSSH PRIVATE KEY-----\n`;
}
