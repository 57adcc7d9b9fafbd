import type { ConfigFacts } from "../formats/config-facts";
import { isNumeric } from "../formats/numbers/decode";
import { elementsOf, type StoredTensor, type StoredWeights } from "../formats/stored-weights";
import { convertedBy } from "./converters";
import { type FusedPart, splitGateUp, splitKv, splitQkv } from "./fused";
import { nameParts } from "./name-parts";
import { placeOf } from "./places";
import type { TensorPlace, TensorRole, WeightTensor } from "./release-weights";
import type { TensorView } from "./tensor-view";

export interface LaidOut {
  readonly tensor: WeightTensor;
  readonly view: TensorView;
}

/** What is known of the whole release while one of its tensors is laid out. */
interface Surroundings {
  readonly format: StoredWeights["format"];
  readonly config: ConfigFacts;
  /** Stacks whose linear layers are stored [in, out], as GPT-2's Conv1D does. */
  readonly conv1d: ReadonlySet<string>;
  /** Matrices of experts that may still be told apart; a hostile shape must not become a billion of them. */
  readonly budget: { experts: number };
}

const maxExperts = 1024;
const maxExpertMatrices = 1_000_000;

/** The logical tensors of a release, in the order of their names. */
export function layOut({ format, tensors }: StoredWeights, config: ConfigFacts): LaidOut[] {
  const conv1d = new Set(tensors.filter(isConv1d).map(({ name }) => nameParts(name).stack ?? ""));
  const around = { format, config, conv1d, budget: { experts: maxExpertMatrices } };
  return tensors.flatMap((stored) => layOutOne(stored, around));
}

const conv1dWords = /^(?:c_attn|c_proj|c_fc|q_attn)$/;

/** A fused query-key-value matrix with three times as many columns as rows can only be stored [in, out]. */
function isConv1d({ name, shape }: StoredTensor): boolean {
  return /(?:^|\.)c_attn\.weight$/.test(name) && shape.length === 2 && shape[1] === 3 * (shape[0] as number);
}

function layOutOne(stored: StoredTensor, around: Surroundings): LaidOut[] {
  const { shape, name } = stored;
  const place = placeOf(name, shape.length);
  const whole = { offset: 0, turned: false, expert: null, label: "" };
  if (!isNumeric(stored.dtype)) return [logical(stored, { ...place, role: "other" }, whole, null, around)];
  const { words } = nameParts(name);
  const fused = fusedKind(words);
  if (shape.length === 3 && isExperts(words)) return expertsOf(stored, place, fused, around);
  const turned = isTurned(stored, place, words, around);
  const block = { ...whole, turned };
  const parts = partsOf(fused, words.at(-1) ?? "", rowsOf(stored, turned), place, around);
  if (parts === null) return [logical(stored, place, block, null, around)];
  return parts.map((part) => logical(stored, place, block, part, around));
}

const experts = /^(?:local_)?experts?$|_(?:ch)?exps$|^(?:input|output)_linear$/;

function isExperts(words: readonly string[]): boolean {
  return words.some((word) => experts.test(word));
}

type Fused = "qkv" | "kv" | "gate-up" | null;

function fusedKind(words: readonly string[]): Fused {
  const last = (words.at(-1) ?? "").replace(/_(?:ch)?exps$/, "");
  const attention = words.slice(0, -1).some((word) => /attn|attention/i.test(word));
  if (/^(?:qkv|qkv_proj|query_key_value|c_attn|wqkv|Wqkv|W_pack|to_qkv|attn_qkv)$/.test(last)) return "qkv";
  if (attention && /^in_proj(?:_weight|_bias)?$/.test(last)) return "qkv";
  if (/^(?:kv|to_kv|kv_proj)$/.test(last)) return "kv";
  return /^(?:gate_up_proj|gate_up|gate_up_proj_bias|ffn_gate_up|input_linear|w12)$/.test(last)
    ? "gate-up"
    : null;
}

function partsOf(
  fused: Fused,
  word: string,
  rows: number,
  { group }: TensorPlace,
  { config, format }: Surroundings,
): FusedPart[] | null {
  if (fused === null) return null;
  if (fused === "kv") return splitKv(rows);
  if (fused === "gate-up") return splitGateUp(rows, config);
  const tower = group === "vision-tower" || group === "projector";
  // GPT-NeoX's word, and Bloom's: without a configuration nobody knows whether heads alternate.
  if (!tower && word === "query_key_value" && config.heads === null) return null;
  return splitQkv(rows, tower ? null : config, format === "gguf");
}

function isTurned(
  { name, shape, turned }: StoredTensor,
  { stack }: TensorPlace,
  words: readonly string[],
  { conv1d }: Surroundings,
): boolean {
  if (shape.length !== 2) return false;
  if (turned !== undefined) return turned;
  return name.endsWith(".kernel") || (conv1dWords.test(words.at(-1) ?? "") && conv1d.has(stack ?? ""));
}

function rowsOf({ shape }: StoredTensor, turned: boolean): number {
  if (turned) return shape[1] as number;
  return shape[0] ?? 1;
}

const partRoles: Readonly<Record<FusedPart["part"], TensorRole>> = {
  q: "query",
  k: "key",
  v: "value",
  gate: "gate",
  up: "up",
};

interface Block {
  /** First element of the stored block. */
  readonly offset: number;
  readonly turned: boolean;
  readonly expert: number | null;
  readonly label: string;
}

/** One logical tensor: a block of a stored one, or a fused part of such a block. */
function logical(
  stored: StoredTensor,
  place: TensorPlace,
  block: Block,
  part: FusedPart | null,
  around: Surroundings,
): LaidOut {
  const dims = block.expert === null ? stored.shape : stored.shape.slice(1);
  const flat = dims.length <= 1;
  const [first, rest] = [dims[0] ?? 1, elementsOf(dims.slice(1))];
  const [storedRows, cols] = block.turned ? [rest, first] : [first, rest];
  const rows = part?.rows ?? storedRows;
  const role = part === null ? place.role : partRoles[part.part];
  const label = [block.label, part?.part ?? ""].filter((word) => word !== "").join(".");
  const found = { ...place, role, expert: block.expert ?? place.expert };
  const elements = rows * (flat ? 1 : cols);
  const undone = convertedBy(stored.name, found, rows, around);
  const tensor: WeightTensor = {
    name: label === "" ? stored.name : `${stored.name}#${label}`,
    stored: stored.storedName ?? stored.name,
    place: found,
    dtype: stored.dtype,
    shape: flat ? (dims.length === 0 ? [] : [rows]) : block.turned ? [rows, cols] : [rows, ...dims.slice(1)],
    rows: flat ? 1 : rows,
    cols: flat ? rows : cols,
    bytes: Math.round((stored.bytes * elements) / stored.elements),
  };
  const rowAt = composed(part?.rowAt ?? null, undone.rowAt);
  const turnedFrom = block.turned ? { rows: cols, cols: storedRows } : null;
  const view = { source: stored, offset: block.offset, rowLength: flat ? 1 : cols, rowAt, turnedFrom };
  return { tensor, view: { ...view, add: undone.add } };
}

type RowAt = ((row: number) => number) | null;

function composed(outer: RowAt, inner: RowAt): RowAt {
  if (outer === null || inner === null) return outer ?? inner;
  return (row) => outer(inner(row));
}

/** [experts, …, …]: one logical matrix for each expert, straight or turned as the width of the model tells. */
function expertsOf(stored: StoredTensor, place: TensorPlace, fused: Fused, around: Surroundings): LaidOut[] {
  const [count, a, b] = stored.shape as [number, number, number];
  const role = fused === "gate-up" ? "up" : /output_linear/.test(stored.name) ? "down" : place.role;
  const turned = around.format === "gguf" ? false : orientation(role, a, b, around.config.hidden);
  around.budget.experts -= count;
  const tooMany = count > maxExperts || around.budget.experts < 0;
  if (tooMany || turned === null || (fused !== null && fused !== "gate-up")) {
    return [logical(stored, { ...place, role: "other" }, plain, null, around)];
  }
  const parts = fused === null ? null : splitGateUp(turned ? b : a, around.config);
  return Array.from({ length: count }, (_, expert) => expert).flatMap((expert) => {
    const block = { offset: expert * a * b, turned, expert, label: `expert${expert}` };
    const at = { ...place, role };
    return (parts ?? [null]).map((part) => logical(stored, at, block, part, around));
  });
}

const plain: Block = { offset: 0, turned: false, expert: null, label: "" };

/** Null where shapes do not tell: the width of the model is the columns of gate and up, and the rows of down. */
function orientation(role: TensorRole, a: number, b: number, hidden: number | null): boolean | null {
  if (hidden === null || a === b || (a !== hidden && b !== hidden)) return null;
  if (role === "gate" || role === "up") return a === hidden;
  return role === "down" ? b === hidden : null;
}
