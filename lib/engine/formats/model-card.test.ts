import { expect, test } from "vitest";
import { parseModelCard } from "./model-card";

const card = (yaml: string) => parseModelCard(Buffer.from(`---\n${yaml}\n---\ntext`));

test("declarations are read, a key that stands twice spoils them at any depth", () => {
  expect(card("license: mit\nbase_model: [a/b]").declaration).toMatchObject({
    licences: ["mit"],
    baseModels: ["a/b"],
  });
  for (const yaml of ["license: mit\nlicense: other", "a: {b: 1, b: 2}", "a:\n  - b: 1\n    b: 2"])
    expect(card(yaml)).toMatchObject({ declaration: null, malformedFrontMatter: true });
  expect(card("a: {b: 1}\nc: {b: 1}").malformedFrontMatter).toBe(false);
  expect(card("a: &x [b]\nc: *x").declaration).toBeNull();
});

// No clock in it: in time quadratic in the length each of these takes minutes.
test("front matter of the largest size costs no more than its length", { timeout: 30_000 }, () => {
  const keys = Array.from({ length: 40_000 }, (_, index) => index.toString(36));
  for (const yaml of [
    keys.map((key) => `${key}:`).join("\n"),
    `a: {${keys.join(",")}}`,
    "[".repeat(200_000),
    "- ".repeat(120_000),
  ]) {
    expect(card(yaml.slice(0, 260_000))).toBeDefined();
  }
});
