import { describe, expect, it } from "vitest";
import { payloadDigest } from "./payload";

describe("payloadDigest", () => {
  it("reproduces vectors computed apart with coreutils", () => {
    // printf 'slipmark/payload/v1\n' | cat - <(32 bytes 00 … 1f) <(8-byte length) <(bytes) | sha256sum
    const salt = Uint8Array.from({ length: 32 }, (_, i) => i);
    expect(payloadDigest(salt, Buffer.from("竹简 bamboo slip\n", "utf8"))).toBe(
      "sha256:92dc10d11ab0c3e5a51ecb01169b2ff7aec8c6ba1ad110751da9e0e4aaa03efe",
    );
    expect(payloadDigest(new Uint8Array(32), new Uint8Array())).toBe(
      "sha256:4d2435a0e4b18d03ba73108986627e47b7b34b5875b07f09ded621701fea9e7a",
    );
  });

  it("refuses a salt of another length, which would blur salt and bytes", () => {
    expect(() => payloadDigest(new Uint8Array(31), new Uint8Array())).toThrow(RangeError);
  });
});
