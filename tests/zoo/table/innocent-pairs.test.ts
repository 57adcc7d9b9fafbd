import { expect, test, vi } from "vitest";
import { compare } from "@/lib/engine/compare";
import { asStored, type ZooModel, type ZooTensor } from "../model";
import { inOtherWords, type ReleaseLayout, releaseOf } from "../release";
import { Random } from "../trainer/random";
import { mapTensors, withRelativeNoise } from "../variants/noise";
import { headsPermuted, neuronsPermuted } from "../variants/symmetry";
import { zooModel, zooRelease } from "../zoo";

// Every byte is read, in both orders: minutes on a machine that is busy otherwise.
vi.setConfig({ testTimeout: 600_000 });

/** The embedding (and a tied head, if there is one) of another model. */
function withEmbeddingOf(model: ZooModel, other: ZooModel): ZooModel {
  const theirs = new Map(other.tensors.map(({ name, values }) => [name, values]));
  return mapTensors(model, ({ name, values }) =>
    name.includes("embed_tokens") ? (theirs.get(name) ?? values) : values,
  );
}

/** One small low-rank change of queries and values, the same for whoever takes it. */
function withAdapter(model: ZooModel, seed: string): ZooModel {
  const rank = 4;
  const changed = ({ name, shape: [rows = 0, cols = 0], values }: ZooTensor) => {
    if (!/q_proj|v_proj/.test(name)) return values;
    const random = new Random(`adapter ${seed} ${name}`);
    const normals = (n: number) => Float64Array.from({ length: n }, () => random.normal());
    const [up, down] = [normals(rows * rank), normals(rank * cols)];
    return values.map((value, i) => {
      const [row, col] = [Math.floor(i / cols), i % cols];
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += (up[row * rank + k] ?? 0) * (down[k * cols + col] ?? 0);
      return value + 0.01 * sum;
    });
  };
  return asStored(mapTensors(model, changed));
}

/** Sines and cosines of positions, as exporters write them beside the weights. */
function withRotaryTables(model: ZooModel): ZooModel {
  const [positions, half] = [512, 16];
  const table = (of: (x: number) => number) =>
    Float32Array.from({ length: positions * half }, (_, i) =>
      of(Math.floor(i / half) * 10_000 ** (-(i % half) / half)),
    );
  const tables = [...new Set(model.tensors.map(({ name }) => /^model\.layers\.\d+/.exec(name)?.[0]))]
    .filter((layer) => layer !== undefined)
    .flatMap((layer) => [
      { name: `${layer}.self_attn.rope_cos`, shape: [positions, half], values: table(Math.cos) },
      { name: `${layer}.self_attn.rope_sin`, shape: [positions, half], values: table(Math.sin) },
    ]);
  return asStored({ ...model, tensors: [...model.tensors, ...tables] });
}

const pairs: readonly [
  why: string,
  make: () => readonly [original: ZooModel, suspect: ZooModel],
  layout?: ReleaseLayout,
][] = [
  [
    "two bases around one public embedding that nobody named, with one tokenizer",
    () => [zooModel("base-a"), withEmbeddingOf(zooModel("base-b"), zooModel("base-a"))],
  ],
  [
    "the same, the embedding trained on a little on one side",
    () => {
      const [a, b] = [zooModel("base-a"), zooModel("base-b")];
      return [a, asStored(withEmbeddingOf(b, withRelativeNoise(a, 0.05, "embedding")))];
    },
  ],
  [
    "two fine-tunes of an unnamed base, one renamed and re-ordered",
    () => [zooModel("sibling-1"), zooModel("sibling-2")],
    { renamed: inOtherWords, shuffled: "parts", shards: 2 },
  ],
  [
    "two fine-tunes of an unnamed base, one with its neurons and heads renumbered",
    () => [
      zooModel("sibling-1"),
      asStored(headsPermuted(neuronsPermuted(zooModel("sibling-2"), "innocent"), "innocent")),
    ],
  ],
  [
    "two bases with one small public adapter merged in",
    () => [withAdapter(zooModel("base-a"), "public"), withAdapter(zooModel("base-b"), "public")],
  ],
  [
    "two bases exported with rotary tables",
    () => [withRotaryTables(zooModel("base-a")), withRotaryTables(zooModel("base-b"))],
  ],
];

/** Constructed against the rules: neither side of a pair comes from the other, and no ancestor is named. */
test.each(pairs)("%s: never derived, never identical", async (_why, make, layout = {}) => {
  const [a, b] = make();
  const [one, other] = [releaseOf("innocent-1", a), releaseOf("innocent-2", b, layout)];
  const controls = await Promise.all(["base-d", "random-init"].map(zooRelease));
  const methods = [
    "identity",
    "architecture",
    "tokenizer",
    "weights/aligned",
    "weights/independence",
    "weights/invariant",
    "weights/full",
  ];
  const relations: string[] = [];
  for (const [original, suspect] of [
    [one, other],
    [other, one],
  ] as const) {
    const { result, blobs } = await compare(
      { original, suspect, ancestors: [], controls },
      { methods, nonce: "", screened: 1, level: 3 },
    );
    blobs.close();
    relations.push(result.summary.relation);
  }
  expect(relations[1]).toBe(relations[0]);
  expect(["derived", "identical"]).not.toContain(relations[0]);
});
