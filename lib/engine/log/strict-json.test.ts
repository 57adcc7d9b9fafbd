import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { utf8 } from "./bytes";
import { canonical, requireKeys, strictJson } from "./strict-json";

// Not a deadline: a busy machine needs longer.
vi.setConfig({ testTimeout: 60_000 });

const malformed = expect.objectContaining({ name: "LogError", code: "malformed" });

test("every JSON value in its canonical form is read back", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      let source: string;
      try {
        source = canonical(value);
      } catch {
        // A lone half of a surrogate pair has no form in UTF-8.
        return;
      }
      expect(canonical(strictJson(utf8(source)))).toBe(source);
    }),
  );
});

test.each([
  ["a key twice", '{"a":1,"a":1}'],
  ["a key twice, deep", '[{"b":{"a":1,"a":2}}]'],
  ["a key twice, once escaped", '{"a":1,"\\u0061":1}'],
  ["keys out of order", '{"b":1,"a":1}'],
  ["keys in the order of code points, not of UTF-16", '{"\uff61":1,"\u{1f600}":1}'],
  ["a space", '{"a": 1}'],
  ["a newline", "1\n"],
  ["a byte order mark", "\ufeff1"],
  ["1.0", "1.0"],
  ["1e0", "1e0"],
  ["-0", "-0"],
  ["2^53 + 1", "9007199254740993"],
  ["an infinite number", "1e999"],
  ["an escaped slash", '"\\/"'],
  ["a capital escape", '"\\u001F"'],
  ["half a surrogate pair", '"\\ud800"'],
  ["two values", "1 1"],
  ["__proto__ twice", '{"__proto__":1,"__proto__":1}'],
  ["nothing", ""],
  ["NaN", "NaN"],
  ["a comment", "1//"],
  ["a comma at the end", "[1,]"],
])("%s: refused", (_name, source) => {
  expect(() => strictJson(utf8(source))).toThrow(malformed);
});

test("a hundred thousand brackets are refused, or read, without falling over", () => {
  const deep = utf8(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
  try {
    strictJson(deep);
  } catch (error) {
    expect(error).toEqual(malformed);
  }
  expect(() => strictJson(utf8("[".repeat(100_000)))).toThrow(malformed);
});

test("keys are compared one by one", () => {
  expect(requireKeys({ a: 1, b: 2 }, ["b", "a"], "it")).toEqual({ a: 1, b: 2 });
  for (const value of [{ a: 1 }, { a: 1, b: 2, c: 3 }, { "a b": 1 }, { a: 1, c: 2 }, [], null, "ab", 2])
    expect(() => requireKeys(value, ["a", "b"], "it")).toThrow(malformed);
  expect(() => requireKeys({ a: 1 }, ["toString"], "it")).toThrow(malformed);
});
