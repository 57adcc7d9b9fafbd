import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { canaryCodeOf } from "@/tests/support/canary-error";
import { type Generator, generatedItems, generatorRoot, generatorSchema } from "./generator";

// Not a deadline: a busy machine needs longer.
vi.setConfig({ testTimeout: 120_000 });

const generator = (from: number, to: number): Generator => ({
  program: "rare-han/v1",
  parameters: { from, to },
});
const wide = generator(0x4e00, 0x9fa5);
const draw = { nonce: "6c".repeat(32), setId: "0f".repeat(16), items: 400 };

test("the root is the hash of the canonical description", () => {
  const text = '{"parameters":{"from":19968,"to":40869},"program":"rare-han/v1"}';
  expect(generatorRoot(wide)).toBe(createHash("sha256").update(text).digest("hex"));
  expect(generatorRoot(generatorSchema.parse(JSON.parse(text)))).toBe(generatorRoot(wide));
});

test("items are drawn as the description says, computed another way", () => {
  const size = 0x9fa5 - 0x4e00 + 1;
  const expected: string[] = [];
  for (let k = 0; expected.length < draw.items; k += 1) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(k);
    const value = createHmac("sha256", Buffer.from(draw.nonce, "hex"))
      .update("slipmark/canary-generator/rare-han/v1\n")
      .update(Buffer.from(draw.setId, "hex"))
      .update(counter)
      .digest()
      .readBigUInt64BE();
    const character = String.fromCodePoint(0x4e00 + Number(value % BigInt(size)));
    if (!expected.includes(character)) expected.push(character);
  }
  const items = generatedItems(wide, draw);
  expect(items.map(({ answer }) => answer)).toEqual(expected);
  expect(items[0]?.id).toBe(`U+${items[0]?.answer.codePointAt(0)?.toString(16).toUpperCase()}`);
});

test("every draw is distinct, inside of the alphabet, and begins with every shorter one", () => {
  const hex = (bytes: number) =>
    fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => Buffer.from(b).toString("hex"));
  fc.assert(
    fc.property(hex(32), hex(16), fc.integer({ min: 1, max: 60 }), (nonce, setId, items) => {
      // As many as there are: the last ones are drawn too.
      const small = generator(0x20000, 0x20000 + 59);
      const all = generatedItems(small, { nonce, setId, items: 60 });
      expect(new Set(all.map(({ id }) => id)).size).toBe(60);
      for (const { answer } of all) {
        const point = answer.codePointAt(0) as number;
        expect(point >= 0x20000 && point <= 0x2003b).toBe(true);
      }
      expect(generatedItems(small, { nonce, setId, items })).toEqual(all.slice(0, items));
    }),
  );
});

test("another nonce or set draws others; too many items for an alphabet are refused", () => {
  const answers = (change: object) =>
    generatedItems(wide, { ...draw, ...change })
      .map(({ answer }) => answer)
      .join("");
  expect(
    new Set([answers({}), answers({ nonce: "6d".repeat(32) }), answers({ setId: "0e".repeat(16) })]).size,
  ).toBe(3);
  expect(canaryCodeOf(() => generatedItems(generator(0x4e00, 0x4e09), { ...draw, items: 11 }))).toBe(
    "bad-generator",
  );
  expect(canaryCodeOf(() => generatedItems(wide, { ...draw, nonce: "6c" }))).toBe("bad-nonce");
});

test("only runs inside one block of unified Han characters are alphabets", () => {
  const fits = (from: number, to: number) => generatorSchema.safeParse(generator(from, to)).success;
  expect([fits(0x3400, 0x4dbf), fits(0x4e00, 0x9fff), fits(0x30000, 0x323af)]).toEqual([true, true, true]);
  expect([
    fits(0x3400, 0x4e00),
    fits(0xf900, 0xfaff),
    fits(0x41, 0x5a),
    fits(0x4e01, 0x4e00),
    fits(0xd800, 0xdfff),
  ]).toEqual([false, false, false, false, false]);
});
