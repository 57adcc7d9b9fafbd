import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { canaryCodeOf } from "@/tests/support/canary-error";
import { tinyJpeg, tinyPng, tinyWebp } from "@/tests/support/tiny-images";
import { imageFacts, imageSize, verifyImage } from "./image";
import { limits } from "./limits";

const code = (bytes: Uint8Array) => canaryCodeOf(() => imageSize(bytes, "it"));

test("type and size of real images", () => {
  expect(imageSize(tinyPng(7, 5), "it")).toEqual({ type: "image/png", width: 7, height: 5 });
  expect(imageSize(tinyJpeg, "it")).toEqual({ type: "image/jpeg", width: 3, height: 2 });
  for (const [kind, bytes] of Object.entries(tinyWebp))
    expect([kind, imageSize(bytes, "it")]).toEqual([kind, { type: "image/webp", width: 3, height: 2 }]);
  // One of the documentation's own, made by another hand.
  const picture = readFileSync(join(import.meta.dirname, "../../../docs/result.png"));
  const { width, height, type } = imageSize(picture, "it");
  expect([type, width > 300, height > 200]).toEqual(["image/png", true, true]);
});

test("facts are the SHA-256, the type and the bytes; another image is not the one committed", () => {
  const facts = imageFacts(tinyPng(7, 5), "it");
  expect(facts.size).toBe(tinyPng(7, 5).length);
  verifyImage(facts, tinyPng(7, 5), "it");
  expect(canaryCodeOf(() => verifyImage(facts, tinyPng(7, 5, 3), "it"))).toBe("bad-opening");
  expect(canaryCodeOf(() => verifyImage({ ...facts, type: "image/webp" }, tinyPng(7, 5), "it"))).toBe(
    "bad-opening",
  );
});

test("images that are too wide, too high, of no pixels or too heavy", () => {
  expect(code(tinyPng(limits.imageSide, 1))).toBe(null);
  expect(code(tinyPng(limits.imageSide + 1, 1))).toBe("too-large");
  expect(code(tinyPng(1, limits.imageSide + 1))).toBe("too-large");
  expect(code(tinyPng(0, 1))).toBe("bad-image");
  const heavy = new Uint8Array(limits.imageBytes + 1);
  heavy.set(tinyPng(2, 2));
  expect(canaryCodeOf(() => imageFacts(heavy, "it"))).toBe("too-large");
});

test("an image that is cut anywhere is none; neither are texts, GIF, SVG and PDF", () => {
  for (const whole of [tinyPng(3, 2), tinyJpeg, ...Object.values(tinyWebp)])
    for (let length = 0; length < whole.length; length += 1)
      expect(code(whole.slice(0, length))).toBe("bad-image");
  for (const other of [
    "GIF89a\u0001\0\u0001\0",
    "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "%PDF-1.7",
    "竹",
    "",
  ])
    expect(code(Buffer.from(other))).toBe("bad-image");
});

test("a PNG in which any bit was turned is none", () => {
  const whole = tinyPng(5, 4);
  for (let bit = 0; bit < 8 * whole.length; bit += 1) {
    const bytes = whole.slice();
    bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(code(bytes)).toBe("bad-image");
  }
});
