import { expect, it } from "vitest";
import { axesTable, axisRules } from "./admissible-axes";
import { cellSchema } from "./schema";

it("every axis that cells are measured along is admissible, and none is listed twice", () => {
  const rules = new Map(axisRules.map((rule) => [rule.axis, rule]));
  expect(rules.size).toBe(axisRules.length);
  for (const axis of cellSchema.shape.axis.options) expect(rules.get(axis)?.admissible, axis).toBe(true);
});

it("what two independent models may share is forbidden", () => {
  const forbidden = axisRules.filter(({ admissible }) => !admissible).map(({ axis }) => axis);
  expect(forbidden).toEqual([
    "residual-stream",
    "embedding-column",
    "linear-projector",
    "tower-output",
    "query-key-channel",
    "token",
    "position",
    "convolution-tap",
    "constant-start",
  ]);
});

it("the table of the documentation has a row for each, with its reason", () => {
  const lines = axesTable().split("\n");
  expect(lines).toHaveLength(axisRules.length + 2);
  for (const { axis, why } of axisRules) {
    expect(
      lines.filter((line) => line.includes(`\`${axis}\``) && line.endsWith(`| ${why.en} |`)),
    ).toHaveLength(1);
  }
});
