import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSafetensorsHeader } from "@/lib/engine/formats/safetensors-header";
import { openWeights } from "@/lib/engine/weights/open-weights";
import { catalogue, recipeOf } from "./catalogue";
import { trainMicro } from "./micro";
import { safetensorsBytes, tensorsHash } from "./model";
import { zooPairs } from "./pairs";
import { dtypeOf, fixtures, readFlat, readRecords, tensorsOf, trainedModel } from "./store";
import { furtherPairs, suitePairs } from "./table/table-tests";
import { loadKernels } from "./trainer/kernels";
import { zooModel, zooNames, zooRelease } from "./zoo";

test("every checkpoint of the catalogue is committed, and is the recorded one", () => {
  const records = readRecords(fixtures);
  expect(Object.keys(records).sort()).toEqual([...catalogue.keys()].sort());
  for (const [name, { sha256 }] of Object.entries(records)) {
    const tensors = tensorsOf(name, readFlat(fixtures, name));
    expect(tensorsHash(tensors, dtypeOf(recipeOf(name))), name).toBe(sha256);
  }
}, 120_000);

test("training lowered the loss wherever it lasted 100 steps", () => {
  for (const [name, { firstLoss, lastLoss }] of Object.entries(readRecords(fixtures))) {
    const recipe = recipeOf(name);
    if (recipe.steps >= 100) expect(lastLoss, name).toBeLessThan(firstLoss);
  }
});

test("all fixtures together stay under 25 MB", () => {
  const sizes = readdirSync(fixtures).map((file) => statSync(join(fixtures, file)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(25e6);
});

test("a micro model trained again is the committed one, byte for byte", async () => {
  const again = trainMicro(await loadKernels(), 1, 1);
  const committed = trainedModel("micro-1");
  expect(Buffer.from(safetensorsBytes(again.tensors, "BF16"))).toEqual(
    Buffer.from(safetensorsBytes(committed.tensors, "BF16")),
  );
}, 60_000);

test("another seed or other data make another micro model", async () => {
  const kernels = await loadKernels();
  const hash = (seed: number, data: number) => tensorsHash(trainMicro(kernels, seed, data).tensors, "BF16");
  expect(new Set([hash(1, 1), hash(1, 2), hash(2, 1)]).size).toBe(3);
}, 60_000);

test("there are at least 80 ordered pairs, each with its mirror image, of releases that exist", () => {
  expect(zooPairs.length).toBeGreaterThanOrEqual(80);
  const key = (a: string, b: string, ancestors: readonly string[]) => [a, b, ...ancestors].join(" ");
  const keys = new Set(zooPairs.map(({ original, suspect, ancestors }) => key(original, suspect, ancestors)));
  expect(keys.size).toBe(zooPairs.length);
  for (const { original, suspect, ancestors, controls, truth } of zooPairs) {
    expect(keys).toContain(key(suspect, original, ancestors));
    for (const name of [original, suspect, ...ancestors, ...controls]) expect(zooNames).toContain(name);
    expect(truth.relations.length).toBeGreaterThan(0);
    const innocent = truth.kind === "siblings" || truth.kind === "same-start" || truth.kind === "independent";
    if (innocent) {
      expect(truth.relations).not.toContain("derived");
      expect(truth.relations).not.toContain("identical");
    }
  }
});

/** What a lineage zoo has to hold, each as the pairs (original, suspect) that stand for it. */
const held: readonly (readonly [what: string, ...pairs: readonly (readonly [string, string])[]])[] = [
  [
    "three independent bases, one of another width",
    ["base-a", "base-b"],
    ["base-a", "base-c"],
    ["base-b", "base-d"],
  ],
  ["the same seed, other data", ["base-a", "same-seed"]],
  ["light and heavy fine-tunes", ["base-a", "light"], ["base-a", "heavy"]],
  ["two siblings", ["sibling-1", "sibling-2"]],
  ["siblings on the same public data in another order", ["public-1", "public-2"]],
  ["the same public recipe and seed", ["public-1", "public-1-again"]],
  ["two fine-tunes of an undeclared instruct variant", ["instruct-tuned-1", "instruct-tuned-2"]],
  ["LoRA", ["base-a", "low-rank"], ["base-a", "low-rank-other"]],
  ["a distilled student", ["base-a", "distilled"]],
  [
    "a true copy trained a little further",
    ["sibling-1", "sibling-1-further"],
    ["sibling-1", "sibling-1-polished"],
  ],
  ["noise of constant σ", ...["1e-4", "1e-3", "1e-2"].map((part) => ["sibling-1", `noise-${part}`] as const)],
  [
    "noise of relative σ, 1e-3 to .5",
    ...["1e-3", "1e-2", ".1", ".5"].map((part) => ["sibling-1", `relative-noise-${part}`] as const),
  ],
  ["renamed and shuffled", ["sibling-1", "renamed-shuffled"]],
  ["renamed, noise, other dtype", ["sibling-1", "renamed-noise-f16"], ["sibling-1", "renamed-noise-f32"]],
  [
    "neurons and heads permuted",
    ["sibling-1", "neurons-permuted"],
    ["sibling-1", "heads-permuted"],
    ["sibling-1", "both-permuted"],
  ],
  ["permuted and noise", ["sibling-1", "permuted-noise"]],
  ["fine-tuned, then permuted", ["sibling-1", "tuned-permuted"], ["base-a", "heavy-permuted"]],
  ["residual stream rotated, gains folded", ["sibling-1", "rotated"]],
  ["MLP rescaled", ["sibling-1", "rescaled"]],
  ["pruned by half", ["sibling-1", "pruned"]],
  ["int8 and int4", ["sibling-1", "int8"], ["sibling-1", "int4"]],
  ["a merge of two fine-tunes", ["sibling-1", "merged"]],
  ["dropped and repeated layers", ["sibling-1", "layer-dropped"], ["sibling-1", "layer-repeated"]],
  ["an extended vocabulary", ["sibling-1", "vocabulary-extended"]],
  ["zero-padded neurons", ["sibling-1", "zero-neurons"], ["zero-neurons", "base-b-zero-neurons"]],
  ["norm-sorted neurons", ["sibling-1", "neurons-sorted"], ["base-a-sorted", "base-b-sorted"]],
  ["bf16 rounding of a shared base", ["rounding-1", "rounding-2"], ["base-a-f32", "base-a"]],
  ["mixtures of experts grown on both sides", ["base-a-upcycled", "base-b-upcycled"]],
  ["two linear projectors between the same frozen towers", ["vlm-linear-1", "vlm-linear-2"]],
  ["two-layer projectors between them", ["vlm-two-layer-1", "vlm-two-layer-2"]],
  ["random initialisation", ["base-a", "random-init"]],
];

test.each(held)("the zoo holds: %s", (_what, ...pairs) => {
  for (const [original, suspect] of pairs) {
    const found = zooPairs.filter((pair) => pair.original === original && pair.suspect === suspect);
    expect(found.length, `${original} and ${suspect}`).toBeGreaterThan(0);
  }
});

test("every pair of the zoo is compared in both orders, in the suite or in the long tests", () => {
  const oneWay = zooPairs.filter((_, index) => index % 2 === 0);
  expect(new Set([...suitePairs, ...furtherPairs])).toEqual(new Set(oneWay));
  const innocent = ["siblings", "same-start", "independent"];
  for (const { truth } of furtherPairs) expect(innocent).not.toContain(truth.kind);
});

test("every release is a well-formed repository", async () => {
  for (const name of zooNames.filter((name) => !name.startsWith("panel-") || name === "panel-01")) {
    const reader = await zooRelease(name);
    const files = reader.release.files.map(({ path }) => path);
    if (name.startsWith("gguf")) continue;
    const weights = files.filter((path) => path.endsWith(".safetensors"));
    let tensors = 0;
    for (const path of weights) tensors += (await readSafetensorsHeader(reader, path))?.tensors.length ?? 0;
    expect(tensors, name).toBe(zooModel(name).tensors.length);
    expect(files).toEqual(expect.arrayContaining(["config.json", "tokenizer.json", "README.md"]));
  }
}, 120_000);

test.each(["gguf-q8", "gguf-q4"])("%s is read back as the model, rows in their own order", async (name) => {
  const weights = await openWeights(await zooRelease(name));
  const model = zooModel(name);
  if (!weights) throw new Error("no weights");
  expect(weights.tensors.size).toBe(model.tensors.length);
  for (const role of ["query", "key", "down"] as const) {
    const tensor = [...weights.tensors.values()].find(
      ({ place }) => place.role === role && place.layer === 2,
    )!;
    const word = role === "down" ? "mlp.down" : `self_attn.${role[0]}`;
    const first = model.tensors.find(({ name }) => name === `model.layers.2.${word}_proj.weight`)!.values;
    const values = (await weights.read(tensor, 0, first.length))!;
    const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - first[i]!)), 0);
    const largest = first.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(worst / largest).toBeLessThan(name === "gguf-q8" ? 0.006 : 0.09);
  }
});

test("a release's files are the same whenever they are made", async () => {
  const before = await zooRelease("renamed-shuffled");
  const { releaseOf, inOtherWords } = await import("./release");
  const again = releaseOf("renamed-shuffled", zooModel("sibling-1"), {
    renamed: inOtherWords,
    shuffled: "other",
    shards: 3,
  });
  expect(again.release).toEqual(before.release);
});

test("a damaged checkpoint is noticed", () => {
  const flat = readFlat(fixtures, "micro-1").slice();
  flat[5] = flat[5]! + 1;
  const { sha256 } = readRecords(fixtures)["micro-1"]!;
  expect(tensorsHash(tensorsOf("micro-1", flat), "BF16")).not.toBe(sha256);
});
