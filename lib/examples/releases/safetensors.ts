import { type Tensor, tensorBytes } from "./tensors";

/** One safetensors file: u64le header length, JSON header padded with spaces to 8 bytes, tensor data. */
export function safetensorsFile(tensors: readonly Tensor[]): Buffer {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  const chunks: Buffer[] = [];
  let offset = 0;
  for (const tensor of tensors) {
    const bytes = tensorBytes(tensor);
    header[tensor.name] = {
      dtype: tensor.dtype,
      shape: tensor.shape,
      data_offsets: [offset, offset + bytes.length],
    };
    offset += bytes.length;
    chunks.push(bytes);
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, " ")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...chunks]);
}

/** Shards of about equal tensor counts in the given order, and their index. */
export function shardedFiles(tensors: readonly Tensor[], shards: number): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  const weightMap: Record<string, string> = {};
  const perShard = Math.ceil(tensors.length / shards);
  let total = 0;
  for (let shard = 0; shard < shards; shard += 1) {
    const name = `model-${String(shard + 1).padStart(5, "0")}-of-${String(shards).padStart(5, "0")}.safetensors`;
    const inside = tensors.slice(shard * perShard, (shard + 1) * perShard);
    files[name] = safetensorsFile(inside);
    for (const tensor of inside) {
      weightMap[tensor.name] = name;
      total += tensor.values.length * (tensor.dtype === "F32" ? 4 : 2);
    }
  }
  const sorted = Object.fromEntries(Object.entries(weightMap).sort(([a], [b]) => (a < b ? -1 : 1)));
  const index = { metadata: { total_size: total }, weight_map: sorted };
  files["model.safetensors.index.json"] = Buffer.from(`${JSON.stringify(index, null, 2)}\n`);
  return files;
}
