import { expect, test } from "vitest";
import { remembered } from "./remembered";

test("the same texts are worked on once, and the longest unused are forgotten first", () => {
  const asked: string[] = [];
  const join = (a: string, b: string) => {
    asked.push(a + b);
    return `${a}-${b}`;
  };
  const quick = remembered(join, (made) => made.length, 7);
  expect([quick("a", "b"), quick("a", "b"), quick("ab", "")]).toEqual(["a-b", "a-b", "ab-"]);
  expect(asked).toEqual(["ab", "ab"]);
  quick("a", "b");
  quick("c", "d");
  quick("a", "b");
  expect(asked).toEqual(["ab", "ab", "cd"]);
  quick("ab", "");
  expect(asked).toHaveLength(4);
});
