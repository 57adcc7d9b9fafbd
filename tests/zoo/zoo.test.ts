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
