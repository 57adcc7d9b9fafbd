import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { canaryCodeOf } from "@/tests/support/canary-error";
import { fewestOptions, kindOfItems, requireItemsOfKind } from "./check-items";
import type { CanaryErrorCode } from "./errors";
import { type CanaryItem, itemBytes, parseItem, parseItems, requireDistinctIds } from "./items";
import { limits } from "./limits";

// Not a deadline: a busy machine needs longer.
vi.setConfig({ testTimeout: 120_000 });

const decoder = new TextDecoder();
const line = (item: object) => `${JSON.stringify(item)}\n`;
const plain = { id: "a", prompt: "<<bamboo>>=" };
const options = Array.from({ length: 16 }, (_, at) => `colour ${at}`);

test("items as people write them: blank lines, CRLF, a byte order mark, any order of keys", () => {
  const source = `\ufeff{"prompt":"one","id":"1"}\r\n\r\n  \n{"id":"二","answer":"竹","image":"a/b.png"}`;
  expect(parseItems(source)).toEqual([
    { id: "1", prompt: "one" },
    { id: "二", answer: "竹", image: "a/b.png" },
  ]);
  expect(parseItems(Buffer.from(source))).toEqual(parseItems(source));
});

test("ids come back in NFC; emoji and letters of any script are ids", () => {
  const ids = ["e\u0301tude", "👩‍👩‍👧", "🇨🇳", "竹簡-1", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"];
  const items = parseItems(ids.map((id) => line({ ...plain, id })).join(""));
  expect(items.map(({ id }) => id)).toEqual(ids.map((id) => id.normalize("NFC")));
});

test.each<[string, string, CanaryErrorCode]>([
  ["nothing", "", "no-items"],
  ["blank lines", "\n \r\n", "no-items"],
  ["no JSON", "a\n", "malformed"],
  ["two values on a line", `${JSON.stringify(plain)} {}\n`, "malformed"],
  ["a key twice", '{"id":"a","id":"b","prompt":"c"}\n', "malformed"],
  ["half a surrogate pair", '{"id":"\\ud800","prompt":"c"}\n', "malformed"],
  ["an array", "[]\n", "bad-item"],
  ["no id", line({ prompt: "c" }), "bad-item"],
  ["neither prompt nor image", line({ id: "a", answer: "c" }), "bad-item"],
  ["an unknown field", line({ ...plain, weight: 1 }), "bad-item"],
  ["an answer that is no text", line({ ...plain, answer: 1 }), "bad-item"],
  ["one option", line({ ...plain, options: ["a"] }), "bad-item"],
  ["an empty id", line({ ...plain, id: "" }), "bad-item"],
  ["a long id", line({ ...plain, id: "竹".repeat(129) }), "bad-id"],
  ["an id with a line feed", line({ ...plain, id: "a\nb" }), "bad-id"],
  ["an id with a space at its end", line({ ...plain, id: "a " }), "bad-id"],
  ["an id of zero-width characters", line({ ...plain, id: "\u200b\u2060\ufeff" }), "bad-id"],
  ["an id of Hangul fillers", line({ ...plain, id: "\u3164\u115f" }), "bad-id"],
  ["an id twice", line(plain) + line({ ...plain, prompt: "other" }), "duplicate-id"],
  ["an id twice after NFC", line({ ...plain, id: "é" }) + line({ ...plain, id: "e\u0301" }), "duplicate-id"],
  ["ids apart by a zero-width space", line(plain) + line({ ...plain, id: "a\u200b" }), "confusable-id"],
  ["ids apart by a mark of direction", line(plain) + line({ ...plain, id: "\u202ea" }), "confusable-id"],
  [
    "ids apart by a variation selector",
    line({ ...plain, id: "☂" }) + line({ ...plain, id: "☂\ufe0f" }),
    "confusable-id",
  ],
])("%s is refused", (_, source, code) => {
  expect(canaryCodeOf(() => parseItems(source))).toBe(code);
});

test("encodings other than UTF-8 are named", () => {
  const code = (bytes: Uint8Array) => canaryCodeOf(() => parseItems(bytes));
  const text = line({ ...plain, prompt: "竹" });
  expect(code(Buffer.from(text, "utf16le"))).toBe("malformed");
  expect(code(Buffer.from(`\ufeff${text}`, "utf16le"))).toBe("malformed");
  expect(code(Buffer.from(text, "utf16le").swap16())).toBe("malformed");
  // 竹 in GBK, and in Big5.
  for (const [first, second] of [
    [0xd6, 0xf1],
    [0xa6, 0xcb],
  ] as const) {
    const bytes = Buffer.from(line({ ...plain, prompt: "**" }));
    bytes.set([first, second], bytes.indexOf("**"));
    expect(code(bytes)).toBe("malformed");
  }
  // One line of another encoding among good ones is named by its number.
  const mixed = Buffer.concat([Buffer.from(text), Buffer.from('{"id":"b","prompt":"\xe9"}\n', "latin1")]);
  expect(() => parseItems(mixed)).toThrow("line 2: it is not UTF-8 text");
});

test("a message names an id without its invisible characters doing anything", () => {
  expect(() => parseItems(line(plain) + line({ ...plain, id: "a\u202e" }))).toThrow('"a\\u{202e}"');
});

test("limits: an item, an id, the number of items", () => {
  const long = { id: "a", prompt: "x".repeat(limits.itemBytes) };
  expect(canaryCodeOf(() => itemBytes(long))).toBe("too-large");
  expect(canaryCodeOf(() => parseItem(JSON.stringify(long)))).toBe("too-large");
  expect(canaryCodeOf(() => parseItems(line({ id: "a", prompt: "x".repeat(9 * limits.itemBytes) })))).toBe(
    "too-large",
  );
  const many = Array.from({ length: limits.items + 1 }, (_, at) => `{"id":"${at}","prompt":"p"}`);
  expect(parseItems(many.slice(1).join("\n"))).toHaveLength(limits.items);
  expect(canaryCodeOf(() => parseItems(many.join("\n")))).toBe("too-many-items");
});

test("an item of an opening is taken in canonical form only", () => {
  const item: CanaryItem = { id: "a", options: ["b", "c"], prompt: "竹" };
  const text = decoder.decode(itemBytes(item));
  expect(text).toBe('{"id":"a","options":["b","c"],"prompt":"竹"}');
  expect(parseItem(text)).toEqual(item);
  const code = (source: string) => canaryCodeOf(() => parseItem(source));
  expect(code(`${text} `)).toBe("bad-item");
  expect(code('{"prompt":"竹","id":"a"}')).toBe("bad-item");
  expect(code('{"id":"a","prompt":"\\u7af9"}')).toBe("bad-item");
  expect(code('{"id":"e\u0301","prompt":"p"}')).toBe("bad-id");
  expect(code('{"id":"a","image":"path.png"}')).toBe("bad-item");
  expect(code("")).toBe("malformed");
});

const item: fc.Arbitrary<CanaryItem> = fc.record(
  {
    id: fc.stringMatching(/^[a-z竹é0-9]{1,20}$/).map((id) => id.normalize("NFC")),
    prompt: fc.string({ minLength: 1, unit: "grapheme" }),
    answer: fc.string({ minLength: 1, unit: "binary" }),
    options: fc.array(fc.string({ minLength: 1, unit: "grapheme" }), { minLength: 2, maxLength: 5 }),
  },
  { requiredKeys: ["id", "prompt"] },
);

test("what is committed is read back as it was, and written again to the same bytes", () => {
  fc.assert(
    fc.property(item, (given) => {
      const text = decoder.decode(itemBytes(given));
      expect(parseItem(text)).toEqual(given);
      expect(decoder.decode(itemBytes(parseItem(text)))).toBe(text);
      expect(parseItems(JSON.stringify(given))).toEqual([given]);
    }),
  );
});

test("the kind of a file of items, and what each kind asks of them", () => {
  const labelled = { ...plain, options };
  const answered = { ...plain, answer: "竹" };
  expect(kindOfItems([labelled])).toBe("random-label");
  expect(kindOfItems([answered])).toBe("natural");
  expect(canaryCodeOf(() => kindOfItems([answered, { ...plain, id: "b" }]))).toBe("bad-item");
  expect(fewestOptions([labelled, { ...labelled, options: [...options, "more"] }])).toBe(16);
  expect(fewestOptions([labelled, plain])).toBe(null);
  const code = (items: CanaryItem[], kind: "random-label" | "natural") =>
    canaryCodeOf(() => requireItemsOfKind(items, kind));
  expect(code([labelled], "random-label")).toBe(null);
  expect(code([{ ...labelled, answer: "colour 1" }], "random-label")).toBe("bad-item");
  expect(code([plain], "random-label")).toBe("bad-options");
  expect(code([{ ...plain, options: options.slice(1) }], "random-label")).toBe("bad-options");
  // Width, case, punctuation around it and zero-width characters are nothing to the normaliser.
  for (const same of ["Colour 1", "colour 1.", "ｃｏｌｏｕｒ 1", "col\u200bour 1", " ", "…"])
    expect(code([{ ...plain, options: [...options, same] }], "random-label")).toBe("bad-options");
  expect(code([answered], "natural")).toBe(null);
  expect(code([plain], "natural")).toBe("bad-item");
  expect(code([{ ...plain, answer: "\u200b…" }], "natural")).toBe("bad-item");
  expect(code([{ ...answered, options: ["竹", "木"] }], "natural")).toBe(null);
  expect(code([{ ...answered, options: ["水", "木"] }], "natural")).toBe("bad-item");
  expect(code([answered, answered], "natural")).toBe("duplicate-id");
  expect(code([], "natural")).toBe("no-items");
  expect(canaryCodeOf(() => requireDistinctIds([{ id: "a" }, { id: "a" }]))).toBe("duplicate-id");
});
