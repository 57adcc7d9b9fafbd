import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../errors";
import { canonicalJson } from "./canonical-json";
import { parseStrictJson } from "./strict-json";

const parse = (text: string, options = {}) => parseStrictJson(Buffer.from(text), "x.json", options);

describe("parseStrictJson", () => {
  it("reads what JSON.parse reads (property)", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value, null, 1);
        const parsed = JSON.parse(text);
        if (!JSON.stringify(parsed).isWellFormed()) return;
        try {
          expect(canonicalJson(parse(text, { hugeIntegers: "keep" }))).toBe(canonicalJson(parsed));
        } catch (error) {
          // Only what I-JSON forbids may be refused, and huge integers are kept in a form of their own.
          if (error instanceof EngineError) expect(error.message).toMatch(/Unicode|range/);
          else expect(text).toMatch(/\d{16}/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("never ends in anything but a value or one clear error (property)", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      '"',
      ",",
      ":",
      "1",
      "-",
      "e",
      "\\",
      "u",
      " ",
      "true",
      "é",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (list) => {
        try {
          parse(list.join(""));
        } catch (error) {
          expect(error).toMatchObject({ code: "malformed-file" });
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{"a":1,"a":1}', /occurs twice/],
    ['{"a":1,"\\u0061":2}', /occurs twice/],
    ['{"__proto__":1,"__proto__":2}', /occurs twice/],
    ["9007199254740993", /2\^53/],
    ["-9007199254740993", /2\^53/],
    ["1e400", /out of range/],
    ["[01]", /expected/],
    ['"a\nb"', /forbidden character/],
    ['"\\x"', /forbidden character/],
    ['"\\udead"', /Unicode/],
    ["[1,]", /value was expected/],
    ["", /value was expected/],
    ["Infinity", /Infinity/],
    [`${"[".repeat(100_000)}`, /nested deeper/],
  ])("refuses %.40s", (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it("keeps huge integers exactly where told to", () => {
    const text = '{"model_max_length":1000000000000000019884624838656}';
    expect(parse(text, { hugeIntegers: "keep" })).toEqual({
      model_max_length: { $integer: "1000000000000000019884624838656" },
    });
  });

  it("reads a text of a million escapes", () => {
    expect(parse(`"${"\\n".repeat(1_000_000)}"`)).toHaveLength(1_000_000);
  });

  it("treats numbers as values, not as spellings", () => {
    expect(canonicalJson(parse("[1e-05, 1.0, -0, 1E2]"))).toBe("[0.00001,1,0,100]");
  });
});
