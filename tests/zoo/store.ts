import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { bf16Bits, codeOfOrdered, fromBf16, orderedCode } from "./bits";
import { projectorShape, type Recipe, recipeOf, shapeOf } from "./catalogue";
import { modelOf, tensorsHash, type ZooDtype, type ZooModel, type ZooTensor } from "./model";

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

/**
 * A checkpoint's file: bfloat16 codes in the order of values, less those of the model it was trained from, as
 * zigzag numbers in two byte planes, compressed; weights of like size stand together, since they move by like steps.
 * Of a float32 base the low halves of the words follow.
 */
export function writeCheckpoint(folder: string, name: string, flat: Float32Array): void {
  const parent = parentCodes(folder, recipeOf(name));
  const places = placesBySize(parent, flat.length);
  const planes = Buffer.alloc(flat.length * (dtypeOf(recipeOf(name)) === "F32" ? 4 : 2));
  const words = new Uint32Array(flat.buffer, flat.byteOffset, flat.length);
  places.forEach((place, i) => {
    const step = orderedCode(bf16Bits(flat[place]!)) - (parent?.[place] ?? 0);
    const zigzag = step < 0 ? -2 * step - 1 : 2 * step;
    if (zigzag > 0xffff) throw new Error(`${name}: a weight moved too far to be stored`);
    planes[i] = zigzag & 0xff;
    planes[flat.length + i] = zigzag >>> 8;
    if (planes.length > 2 * flat.length)
      planes.writeUInt16LE(words[place]! & 0xffff, 2 * flat.length + 2 * i);
  });
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22 };
  writeFileSync(join(folder, `${name}.br`), brotliCompressSync(planes, { params: quality }));
}

/** Places of the weights by the parent's exponent, in their own order where it is equal. */
function placesBySize(parent: Int32Array | null, count: number): Uint32Array {
  const places = new Uint32Array(count);
  if (parent === null) {
    for (let i = 0; i < count; i += 1) places[i] = i;
    return places;
  }
  const starts = new Uint32Array(257);
  for (let i = 0; i < count; i += 1) starts[(Math.abs(parent[i]!) >> 7) + 1]! += 1;
  for (let exponent = 1; exponent < 257; exponent++) starts[exponent]! += starts[exponent - 1]!;
  for (let i = 0; i < count; i += 1) {
    const exponent = Math.abs(parent[i]!) >> 7;
    places[starts[exponent]!] = i;
    starts[exponent]! += 1;
  }
  return places;
}

function parentCodes(folder: string, recipe: Recipe): Int32Array | null {
  if (!("from" in recipe) || recipe.from === undefined) return null;
  const flat = readFlat(folder, recipe.from);
  const codes = new Int32Array(flat.length);
  // Loops here and below: the same through callbacks takes four times as long, over millions of weights.
  for (let i = 0; i < flat.length; i += 1) codes[i] = orderedCode(bf16Bits(flat[i]!));
  return codes;
}

const read = new Map<string, Float32Array>();

/** Flat parameters of a stored checkpoint. */
export function readFlat(folder: string, name: string): Float32Array {
  const known = read.get(`${folder}/${name}`);
  if (known) return known;
  const recipe = recipeOf(name);
  const planes = brotliDecompressSync(readFileSync(join(folder, `${name}.br`)));
  const wide = dtypeOf(recipe) === "F32";
  const size = planes.length / (wide ? 4 : 2);
  const parent = parentCodes(folder, recipe);
  const places = placesBySize(parent, size);
  const flat = new Float32Array(size);
  const words = new Uint32Array(flat.buffer);
  for (let i = 0; i < size; i += 1) {
    const place = places[i]!;
    const zigzag = planes[i]! | (planes[size + i]! << 8);
    const step = zigzag & 1 ? -(zigzag + 1) / 2 : zigzag / 2;
    const code = codeOfOrdered((parent === null ? 0 : parent[place]!) + step);
    if (wide) {
      const low = planes.readUInt16LE(2 * size + 2 * i);
      words[place] = ((low > 0x8000 ? code - 1 : code) << 16) | low;
    } else flat[place] = fromBf16(code);
  }
  read.set(`${folder}/${name}`, flat);
  return flat;
}

/** A float32 word just between two bfloat16 neighbours would not survive the format above: nudge it. */
export function storable(flat: Float32Array): Float32Array {
  const copy = flat.slice();
  const words = new Uint32Array(copy.buffer);
  words.forEach((word, i) => {
    if ((word & 0xffff) === 0x8000) words[i] = word + 1;
  });
  return copy;
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
