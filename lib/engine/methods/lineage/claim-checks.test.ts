import { describe, expect, it } from "vitest";
import { normals } from "@/tests/support/normals";
import { memoryRelease } from "../../../../tests/support/memory-release";
import { methodInput } from "../../../../tests/support/method-input";
import { safetensorsOf } from "../../../../tests/support/safetensors-file";
import { lineage } from ".";

const tower = (seed: string) =>
  ["vision_tower.layers.0.mlp.fc1.weight", "vision_tower.layers.0.mlp.fc2.weight"].map((name) => ({
    name,
    shape: [64, 64],
    values: normals(seed, name, 4096),
    dtype: "BF16" as const,
  }));
const language = (seed: string) => [
  {
    name: "language_model.layers.0.mlp.up_proj.weight",
    shape: [64, 64],
    values: normals(seed, "up", 4096),
    dtype: "BF16" as const,
  },
];
const release = (tensors: ReturnType<typeof tower>, repository: string, card: string) =>
  memoryRelease(
    [
      { path: "model.safetensors", content: safetensorsOf(tensors) },
      { path: "README.md", content: `---\n${card}\n---\n` },
    ],
    { repository },
  );
const base = release([...tower("public"), ...language("public")], "lab/eyes-1b", "license: mit");

async function reasonsOf(suspect: ReturnType<typeof tower>, card = "base_model: lab/eyes-1b") {
  const outcome = await lineage.run(
    methodInput({
      original: release([...tower("other"), ...language("other")], "a/b-1", "license: mit"),
      suspect: release(suspect, "c/d-1", card),
      ancestors: [base],
    }),
  );
  return outcome.reasons.filter(({ code }) => /ancestor|declared-base/.test(code));
}

describe("what a card says of a base, held against the bytes", () => {
  it("finds a tower that was taken over unchanged, and nothing else", async () => {
    expect(await reasonsOf([...tower("public"), ...language("own")])).toEqual([
      {
        code: "group-equals-ancestor",
        facts: { side: "suspect", ancestor: 1, declared: true, group: "vision-tower", tensors: 2 },
      },
    ]);
  });

  it("says nothing of a tower that was trained further", async () => {
    const moved = tower("public").map((tensor) => ({ ...tensor, values: tensor.values.map((x) => x * 1.1) }));
    expect(await reasonsOf([...moved, ...language("own")])).toEqual([]);
  });

  it("does not see a declared base of which nothing is left, and blames nobody who declares none", async () => {
    const other = [...tower("own"), ...language("own")];
    expect((await reasonsOf(other)).map(({ code }) => code)).toEqual(["declared-base-not-seen"]);
    expect(await reasonsOf(other, "license: mit")).toEqual([]);
  });

  it("asks no tensor that holds next to nothing", async () => {
    const blank = tower("public").map((tensor) => ({ ...tensor, values: new Float32Array(4096) }));
    const zeros = release(blank, "lab/eyes-1b", "license: mit");
    const outcome = await lineage.run(
      methodInput({ original: base, suspect: release(blank, "c/d-1", ""), ancestors: [zeros] }),
    );
    expect(outcome.statistics.claims).toEqual([]);
  });
});
