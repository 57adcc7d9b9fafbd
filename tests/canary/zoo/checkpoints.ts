import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { modelOf, tensorsHash, type ZooModel } from "@/tests/zoo/model";
import { unpacked } from "@/tests/zoo/packed";
import { readFlat, fixtures as zooFixtures } from "@/tests/zoo/store";
import { baseShape } from "@/tests/zoo/trainer/shape";
import { type CanaryModel, type CanaryRecipe, canaryRecipes } from "./recipes";

export const fixtures = fileURLToPath(new URL("../../fixtures/canary/zoo", import.meta.url));

/** What is written down of each model. The hash is of the model as one safetensors file. */
export interface CanaryRecord {
  readonly sha256: string;
  readonly firstLoss: number;
  readonly lastLoss: number;
}

export const isCanaryModel = (name: string): name is CanaryModel => name in canaryRecipes;

/** Flat parameters of a model of the table in `folder`, or of the zoo's own. */
export function flatParameters(folder: string, name: string): Float32Array {
  if (!isCanaryModel(name)) return readFlat(zooFixtures, name);
  const recipe: CanaryRecipe = canaryRecipes[name];
  return unpacked(readFileSync(join(folder, `${name}.br`)), flatParameters(folder, recipe.from), false);
}

export function readRecords(folder: string): Record<string, CanaryRecord> {
  return JSON.parse(readFileSync(join(folder, "records.json"), "utf8")) as Record<string, CanaryRecord>;
}

/** A committed model of the table, checked against its recorded hash. */
export function taughtModel(name: CanaryModel): ZooModel {
  const model = modelOf(baseShape, flatParameters(fixtures, name), "BF16");
  if (tensorsHash(model.tensors, "BF16") !== readRecords(fixtures)[name]?.sha256)
    throw new Error(`${name} is not the recorded model`);
  return model;
}
