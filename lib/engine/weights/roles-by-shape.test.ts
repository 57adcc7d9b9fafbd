import { expect, test } from "vitest";
import { memoryRelease } from "../../../tests/support/memory-release";
import { safetensorsOf } from "../../../tests/support/safetensors-file";
import { openWeights } from "./open-weights";

async function rolesOf(shapes: Record<string, number[]>, config: object): Promise<Record<string, string>> {
  const tensors = Object.entries(shapes).map(([name, shape]) => ({
    ...{ name, shape },
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  }));
  const weights = await openWeights(
    memoryRelease([
      { path: "config.json", content: config },
      { path: "model.safetensors", content: safetensorsOf(tensors) },
    ]),
  );
  return Object.fromEntries(
    [...(weights?.tensors.values() ?? [])].map(({ name, place }) => [name, place.role]),
  );
}

test("made-up words leave the roles that shapes decide, and no other", async () => {
  const shapes = { "zog.0.aa": [8, 8], "zog.0.bb": [8, 8], "zog.0.cc": [12, 8], "zog.0.dd": [8, 12] };
  const decided = { "zog.0.aa": "other", "zog.0.bb": "other", "zog.0.cc": "up", "zog.0.dd": "down" };
  expect(await rolesOf(shapes, { hidden_size: 8 })).toEqual(decided);
  expect(await rolesOf(shapes, {})).toEqual(decided);
  expect(await rolesOf({ ...shapes, "zog.0.ee": [12, 8] }, {})).toEqual({
    ...decided,
    "zog.0.cc": "other",
    "zog.0.ee": "other",
  });
});

test("a stack whose words say anything is left to its words", async () => {
  const shapes = { "zog.0.q_proj.weight": [8, 8], "zog.0.dd": [8, 12] };
  expect(await rolesOf(shapes, { hidden_size: 8 })).toEqual({
    "zog.0.q_proj.weight": "query",
    "zog.0.dd": "other",
  });
});
