import { expect, test } from "vitest";
import { picture, recordedAnswers } from "./fixture";
import { decodePng, encodePng } from "./png";

test("a picture comes back in sixteen levels", () => {
  const pixels = Uint8Array.from({ length: 7 * 5 }, (_, i) => (i * 37) % 256);
  const { width, height, pixels: back } = decodePng(encodePng({ width: 7, height: 5, pixels }));
  expect([width, height]).toEqual([7, 5]);
  back.forEach((value, i) => {
    expect(Math.abs(value - pixels[i]!)).toBeLessThanOrEqual(9);
    expect(value % 17).toBe(0);
  });
});

test("the kept pictures are pictures, with black on white", () => {
  for (const { id } of recordedAnswers().items) {
    const { width, height, pixels } = decodePng(picture(id));
    expect([width, height]).toEqual([64, 64]);
    expect(Math.max(...pixels)).toBe(255);
    expect(Math.min(...pixels)).toBeLessThan(128);
  }
});

test("what is no PNG, or one of another kind, is refused", () => {
  expect(() => decodePng(Buffer.from("GIF89a"))).toThrow("no PNG");
  const png = encodePng({ width: 2, height: 2, pixels: new Uint8Array(4) });
  png[25] = 3;
  expect(() => decodePng(png)).toThrow("not read here");
});
