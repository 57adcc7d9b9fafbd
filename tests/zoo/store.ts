import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { projectorShape, type Recipe, recipeOf, shapeOf } from "./catalogue";
import { modelOf, tensorsHash, type ZooDtype, type ZooModel, type ZooTensor } from "./model";
import { packed, unpacked } from "./packed";

export const fixtures = fileURLToPath(new URL("../fixtures/zoo", import.meta.url));

/** What is written down of each trained checkpoint. The hash is of the checkpoint as one safetensors file. */
export interface ZooRecord {
  readonly sha256: string;
  /** Mean loss of the first and last tenth of the steps, rounded. */
  readonly firstLoss: number;
  readonly lastLoss: number;
}

export function dtypeOf(recipe: Recipe): ZooDtype {
  return recipe.how === "scratch" && recipe.keep === "F32" ? "F32" : "BF16";
}

/** What is stored of a checkpoint; see packed.ts. */
export function writeCheckpoint(folder: string, name: string, flat: Float32Array): void {
  const recipe = recipeOf(name);
  writeFileSync(
    join(folder, `${name}.br`),
    packed(flat, parentOf(folder, recipe), dtypeOf(recipe) === "F32"),
  );
}

function parentOf(folder: string, recipe: Recipe): Float32Array | null {
  return "from" in recipe && recipe.from !== undefined ? readFlat(folder, recipe.from) : null;
}

const read = new Map<string, Float32Array>();

/** Flat parameters of a stored checkpoint. */
export function readFlat(folder: string, name: string): Float32Array {
  const known = read.get(`${folder}/${name}`);
  if (known) return known;
  const recipe = recipeOf(name);
  const file = readFileSync(join(folder, `${name}.br`));
  const flat = unpacked(file, parentOf(folder, recipe), dtypeOf(recipe) === "F32");
  read.set(`${folder}/${name}`, flat);
  return flat;
}

export function readRecords(folder: string): Record<string, ZooRecord> {
  try {
    return JSON.parse(readFileSync(join(folder, "records.json"), "utf8")) as Record<string, ZooRecord>;
  } catch {
    return {};
  }
}

export function writeRecords(folder: string, records: Readonly<Record<string, ZooRecord>>): void {
  const sorted = Object.fromEntries(Object.entries(records).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(folder, "records.json"), `${JSON.stringify(sorted, null, 2)}\n`);
}

let records: Record<string, ZooRecord> | null = null;

/** A committed language model, checked against its recorded hash. */
export function trainedModel(name: string): ZooModel {
  const recipe = recipeOf(name);
  const model = modelOf(shapeOf(recipe), readFlat(fixtures, name), dtypeOf(recipe));
  checkHash(name, model.tensors);
  return model;
}

/** A committed projector, likewise. */
export function trainedProjector(name: string): ZooTensor[] {
  const tensors = tensorsOf(name, readFlat(fixtures, name));
  checkHash(name, tensors);
  return tensors;
}

function checkHash(name: string, tensors: readonly ZooTensor[]): void {
  records ??= readRecords(fixtures);
  if (tensorsHash(tensors, dtypeOf(recipeOf(name))) !== records[name]?.sha256) {
    throw new Error(`${name} is not the recorded checkpoint`);
  }
}

/** Flat parameters under their names. */
export function tensorsOf(name: string, flat: Float32Array): ZooTensor[] {
  const recipe = recipeOf(name);
  if (recipe.how !== "projector") return [...modelOf(shapeOf(recipe), flat, dtypeOf(recipe)).tensors];
  const { inputs, hidden, outputs } = projectorShape(recipe);
  if (hidden === 0)
    return [{ name: "multi_modal_projector.linear.weight", shape: [outputs, inputs], values: flat }];
  const cut = hidden * inputs;
  return [
    { name: "multi_modal_projector.linear_1.weight", shape: [hidden, inputs], values: flat.slice(0, cut) },
    { name: "multi_modal_projector.linear_2.weight", shape: [outputs, hidden], values: flat.slice(cut) },
  ];
}
