import fc from "fast-check";
import { expect, test } from "vitest";
import { concat, utf8 } from "./bytes";
import { decodeBundle, encodeBundle, largestEntry } from "./entry-bundle";

const refusal = (code: string) => expect.objectContaining({ name: "LogError", code });

test("entries stand after their lengths, big-endian", () => {
  expect([...encodeBundle([utf8("ab"), new Uint8Array(0), new Uint8Array(258)])].slice(0, 8)).toEqual([
    0, 2, 97, 98, 0, 0, 1, 2,
  ]);
});

test("entries are read back, all or the first of them", () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 256 });
  fc.assert(
    fc.property(entries, fc.nat(255), (some, count) => {
      const bytes = encodeBundle(some);
      expect(decodeBundle(bytes, some.length)).toEqual(some);
      const width = 1 + (count % some.length);
      if (width < 256) expect(decodeBundle(bytes, width)).toEqual(some.slice(0, width));
    }),
    { numRuns: 30 },
  );
});

test("an entry of 65,535 bytes fits, one of 65,536 does not", () => {
  const largest = new Uint8Array(largestEntry).fill(7);
  expect(decodeBundle(encodeBundle([largest]), 1)).toEqual([largest]);
  expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow(refusal("too-large"));
});

test("0 and 257 entries make no bundle", () => {
  expect(() => encodeBundle([])).toThrow(refusal("out-of-range"));
  expect(() => encodeBundle(Array.from({ length: 257 }, () => utf8("x")))).toThrow(refusal("out-of-range"));
});

test("a bundle that is cut off anywhere, or a full one that goes on, is refused", () => {
  const bytes = encodeBundle([utf8("one"), utf8("two")]);
  for (let length = 0; length < bytes.length; length += 1)
    expect(() => decodeBundle(bytes.subarray(0, length), 2)).toThrow(refusal("malformed"));
  const full = encodeBundle(Array.from({ length: 256 }, () => utf8("x")));
  expect(() => decodeBundle(concat(full, Uint8Array.of(0)), 256)).toThrow(refusal("malformed"));
});
