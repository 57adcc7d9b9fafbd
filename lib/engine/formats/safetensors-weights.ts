import type { ReleaseReader } from "../io/source/release";
import { byCodeUnit, folderOf, readMetadata } from "./metadata-files";
import { bitsOf } from "./numbers/decode";
import { plainTensor } from "./plain-tensor";
import { readSafetensorsHeaders } from "./safetensors-headers";
import { parseSafetensorsIndex } from "./safetensors-index";
import type { StoredWeights } from "./stored-weights";
import { unindexedFiles } from "./unindexed-files";

/**
 * The tensors of a release's safetensors files, chosen as for the tensor table: what the index names, else
 * model.safetensors, else the shallowest folder's files. Null where there are none or no header can be had.
 * Complex numbers (buffers of rotary embeddings, never weights) are left out.
 */
export async function openSafetensors(
  reader: ReleaseReader,
  signal?: AbortSignal,
): Promise<StoredWeights | null> {
  const found = await readMetadata(reader, "model.safetensors.index.json", signal);
  const index = found.state === "read" ? parseSafetensorsIndex(found.value, found.path) : null;
  const folder = found.state === "read" ? folderOf(found.path) : "";
  const paths = index ? index.shards.map((shard) => folder + shard) : unindexedFiles(reader);
  const headers = await readSafetensorsHeaders(reader, paths, signal);
  const tensors = new Map<string, StoredWeights["tensors"][number]>();
  for (const path of paths) {
    const header = headers.get(path);
    for (const { name, dtype, shape, start } of header?.tensors ?? []) {
      if (index !== null && folder + index.shardOf.get(name) !== path) continue;
      if (tensors.has(name) || bitsOf(dtype) === null) continue;
      tensors.set(name, plainTensor(reader, path, (header?.dataStart ?? 0) + start, { name, dtype, shape }));
    }
  }
  if (tensors.size === 0) return null;
  return {
    format: "safetensors",
    files: headers.size,
    tensors: [...tensors.values()].sort((a, b) => byCodeUnit(a.name, b.name)),
    config: null,
  };
}
