import { describe, expect, it } from "vitest";
import { type MemoryFile, memoryRelease } from "../../../../tests/support/memory-release";
import { methodInput } from "../../../../tests/support/method-input";
import { type SeededTensor, seededTensor, tensorFile } from "../../../../tests/support/tensor-files";
import type { ReleaseReader } from "../../io/source/release";
import { identity } from ".";

/** Another file each time, so that only tensors can be the same. */
let configs = 0;
const config = (): MemoryFile => {
  configs += 1;
  return { path: "config.json", content: { model_type: "llama", hidden_size: 64, run: configs } };
};
const names = ["self_attn.q_proj", "self_attn.o_proj", "mlp.up_proj", "mlp.down_proj"];
const model = (seed: number, layers = 2, prefix = "model.layers"): SeededTensor[] =>
  Array.from({ length: layers }, (_, layer) =>
    names.map((name, i) =>
      seededTensor(`${prefix}.${layer}.${name}.weight`, "BF16", [64, 64], seed + layer * 10 + i),
    ),
  ).flat();
const single = (tensors: readonly SeededTensor[]) =>
  memoryRelease([{ path: "model.safetensors", content: tensorFile(tensors) }, config()]);
const run = (original: ReleaseReader, suspect: ReleaseReader, ancestors: ReleaseReader[] = []) =>
  identity.run(
    methodInput({
      original,
      suspect,
      ancestors,
      threads: 0,
      parameters: { nonce: "", screened: 1, level: 3 },
    }),
  );
type Outcome = Awaited<ReturnType<typeof run>>;
const codes = (outcome: Outcome) => outcome.reasons.map(({ code }) => code);
const facts = (outcome: Outcome, code: string) => outcome.reasons.find((one) => one.code === code)?.facts;

/** The same tensors under other names, in another order, in two files. */
function disguised(tensors: readonly SeededTensor[]): ReleaseReader {
  const renamed = tensors
    .map((tensor) => ({ ...tensor, name: tensor.name.replace("model.layers", "llm.blocks") }))
    .toReversed();
  const shards = [renamed.slice(0, 3), renamed.slice(3)];
  return memoryRelease([
    ...shards.map((own, i) => ({
      path: `model-0000${i + 1}-of-00002.safetensors`,
      content: tensorFile(own),
    })),
    {
      path: "model.safetensors.index.json",
      content: {
        metadata: { total_size: 1 },
        weight_map: Object.fromEntries(
          shards.flatMap((own, i) =>
            own.map(({ name }) => [name, `model-0000${i + 1}-of-00002.safetensors`]),
          ),
        ),
      },
    },
    config(),
  ]);
}

describe("identity of tensors", () => {
  it("knows a copy that was renamed, reordered and divided anew", async () => {
    const outcome = await run(single(model(1)), disguised(model(1)));
    expect(outcome.says).toBe("same-weights");
    expect(facts(outcome, "all-tensors-identical")).toEqual({ tensors: 8, inAncestor: false });
    expect(codes(outcome)).toEqual(
      expect.arrayContaining([
        "identical-tensors-renamed",
        "identical-tensors-resharded",
        "identical-tensors-reordered",
      ]),
    );
  });

  it("finds nothing between unrelated tensors, and reads none below level 3", async () => {
    const outcome = await run(single(model(1)), single(model(500)));
    expect(outcome.says).toBe("nothing-same");
    expect(outcome.statistics.tensors).toMatchObject({
      identical: 0,
      counted: { original: 8, suspect: 8 },
      map: [],
    });
    const below = await identity.run(
      methodInput({ original: single(model(1)), suspect: single(model(500)) }),
    );
    expect(below.statistics.tensors).toBeNull();
  });

  it("maps a suspect that was put together from the original and an ancestor", async () => {
    const [one, other] = [model(1), model(700)];
    const merged = one.map((tensor, i) => (i < 4 ? tensor : (other[i] as SeededTensor)));
    const outcome = await run(single(one), single(merged), [single(other)]);
    expect(outcome.says).toBe("some-weights-same");
    expect(facts(outcome, "tensors-from-several")).toEqual({
      side: "suspect",
      other: 4,
      ofAncestors: 4,
      ancestors: [{ position: 0, tensors: 4 }],
      tensors: 8,
    });
    const { map } = outcome.statistics.tensors as unknown as { map: object[] };
    expect(map).toContainEqual({
      side: "suspect",
      tensor: "model.layers.1.mlp.up_proj.weight",
      other: [],
      ancestors: [{ position: 0, tensors: ["model.layers.1.mlp.up_proj.weight"] }],
    });
  });

  it("does not count what an ancestor holds", async () => {
    const outcome = await run(single(model(1)), disguised(model(1)), [single(model(1, 2, "model.layers"))]);
    expect(facts(outcome, "all-tensors-identical")).toEqual({ tensors: 8, inAncestor: true });
    const tuned = (seed: number) => [...model(1).slice(0, 5), ...model(seed).slice(5)];
    const siblings = await run(single(tuned(800)), single(tuned(900)), [single(model(1))]);
    expect(siblings.says).toBe("nothing-same");
    expect(facts(siblings, "identical-tensors-in-ancestor")).toMatchObject({ tensors: 5 });
  });

  it("shows one flipped byte as one leaf that differs", async () => {
    const large = seededTensor("model.embed_tokens.weight", "F32", [700, 1024], 4);
    const flipped = { ...large, bytes: large.bytes.with(1_500_000, 1 ^ (large.bytes[1_500_000] as number)) };
    const outcome = await run(single([large, ...model(1)]), single([flipped, ...model(1)]));
    expect(outcome.says).toBe("some-weights-same");
    expect(outcome.statistics.tensors).toMatchObject({
      identical: 8,
      partial: [{ original: large.name, suspect: large.name, leaves: 3, equal: 2 }],
    });
  });

  it("lets constant tensors count for nothing", async () => {
    const ones = (): SeededTensor => ({
      ...seededTensor("model.norm.weight", "F32", [64], 1),
      bytes: new Uint8Array(new Float32Array(64).fill(1).buffer),
    });
    const outcome = await run(single([ones(), ...model(1)]), single([ones(), ...model(500)]));
    expect(outcome.statistics.tensors).toMatchObject({
      identical: 0,
      notCounted: { original: 1, suspect: 1 },
    });
  });

  it("says nothing of all where bytes are missing", async () => {
    const whole = disguised(model(1));
    const broken: ReleaseReader = {
      ...whole,
      read: async (path, start, end, signal) =>
        path.includes("00002-of") && start > 20_000 ? null : whole.read(path, start, end, signal),
    };
    const outcome = await run(single(model(1)), broken);
    expect(codes(outcome)).toContain("tensors-not-all-read");
    expect(codes(outcome)).not.toContain("all-tensors-identical");
    expect(outcome.says).toBe("some-weights-same");
  });

  it("finds the same with the sides swapped", { timeout: 30_000 }, async () => {
    const merged = model(1).map((tensor, i) => (i < 4 ? tensor : (model(700)[i] as SeededTensor)));
    const [a, b, older] = [disguised(model(1)), single(merged), [single(model(700))]];
    const [there, back] = [await run(a, b, older), await run(b, a, older)];
    expect(back.says).toBe(there.says);
    const tensors = (outcome: Outcome) =>
      outcome.statistics.tensors as unknown as Record<string, unknown> & { map: { side: string }[] };
    for (const key of ["identical", "renamed", "resharded", "reordered"]) {
      expect(tensors(back)[key]).toEqual(tensors(there)[key]);
    }
    expect(
      tensors(back)
        .map.map(({ side }) => side)
        .sort(),
    ).toEqual(
      tensors(there)
        .map.map(({ side }) => (side === "original" ? "suspect" : "original"))
        .sort(),
    );
    expect(codes(back).toSorted()).toEqual(codes(there).toSorted());
  });

  it("explains itself in both languages", async () => {
    const { en, zh } = identity.explain(await run(single(model(1)), disguised(model(1))));
    expect(en).not.toContain("?");
    expect(zh).not.toContain("?");
  });
});
