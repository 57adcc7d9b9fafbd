import { createHash } from "node:crypto";
import type { HubFile } from "@/lib/examples/hub/repository";
import { type LlamaShape, type ShapedTensor, tensorsOf } from "./shapes";
import { computeElements, type Recipe } from "./values";

export interface WeightsPlan {
  readonly shape: LlamaShape;
  readonly recipe: Recipe;
  /** What a tensor of Llama's own releases is called here. */
  readonly rename: (name: string) => string;
  /** Prefix of the files: "model" in Llama's own releases. */
  readonly stem: string;
}

interface Placed {
  readonly tensor: ShapedTensor;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The safetensors files of a release and their index. Headers and index are real; the bytes of the tensors are computed
 * when they are asked for; the object ids say what the content is made from, they are no hashes of it.
 */
export function weightFiles(plan: WeightsPlan): HubFile[] {
  const shards = shardsOf(plan);
  const weightMap: Record<string, string> = {};
  let total = 0;
  const files = shards.map((placed, k): HubFile => {
    const path = `${plan.stem}-${number(k + 1)}-of-${number(shards.length)}.safetensors`;
    for (const { name } of placed) weightMap[name] = path;
    const file = computedFile(placed, plan.recipe);
    total += file.computed.size - file.headerBytes;
    const lfsSha256 = createHash("sha256")
      .update(JSON.stringify([path, plan.recipe, file.header]))
      .digest("hex");
    return { path, computed: file.computed, lfsSha256 };
  });
  const index = { metadata: { total_size: total }, weight_map: weightMap };
  return [
    ...files,
    { path: "model.safetensors.index.json", bytes: Buffer.from(JSON.stringify(index, null, 2)) },
  ];
}

const number = (k: number) => String(k).padStart(5, "0");

function shardsOf({ shape, rename }: WeightsPlan): Placed[][] {
  const shards: Placed[][] = [];
  let room = 0;
  let at = 0;
  for (const tensor of tensorsOf(shape)) {
    const bytes = tensor.rows * Math.max(1, tensor.cols) * 2;
    if (shards.length === 0 || bytes > room) {
      shards.push([]);
      room = shape.shardBytes;
      at = 0;
    }
    shards.at(-1)?.push({ tensor, name: rename(tensor.name), start: at, end: at + bytes });
    room -= bytes;
    at += bytes;
  }
  return shards;
}

function computedFile(placed: readonly Placed[], recipe: Recipe) {
  const entries: Record<string, unknown> = { __metadata__: { format: "pt" } };
  for (const { tensor, name, start, end } of placed) {
    const shape = tensor.cols === 0 ? [tensor.rows] : [tensor.rows, tensor.cols];
    entries[name] = { dtype: "BF16", shape, data_offsets: [start, end] };
  }
  const text = JSON.stringify(entries);
  // Padded with spaces to whole 8 bytes, as the reference implementation does.
  const header = Buffer.from(text.padEnd(Math.ceil(Buffer.byteLength(text) / 8) * 8, " "));
  const lead = Buffer.alloc(8);
  lead.writeBigUInt64LE(BigInt(header.length));
  const front = Buffer.concat([lead, header]);
  const size = front.length + (placed.at(-1)?.end ?? 0);

  function read(start: number, end: number): Uint8Array {
    const out = new Uint8Array(end - start);
    if (start < front.length) out.set(front.subarray(start, Math.min(end, front.length)));
    const from = Math.max(start - front.length, 0);
    const to = end - front.length;
    for (
      let k = firstEndingAfter(placed, from);
      k < placed.length && (placed[k] as Placed).start < to;
      k += 1
    ) {
      const { tensor, start: begins, end: ends } = placed[k] as Placed;
      const first = Math.max(from, begins) - begins;
      const last = Math.min(to, ends) - begins;
      const element = Math.floor(first / 2);
      const values = computeElements(recipe, tensor, element, Math.ceil(last / 2));
      const bytes = new Uint8Array(values.buffer, first - 2 * element, last - first);
      out.set(bytes, begins + first + front.length - start);
    }
    return out;
  }
  return { computed: { size, read }, header: text, headerBytes: front.length };
}

function firstEndingAfter(placed: readonly Placed[], position: number): number {
  let low = 0;
  let high = placed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((placed[middle] as Placed).end <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
