import type { ReleaseReader } from "../io/source/release";
import { folderOf, readMetadata } from "./metadata-files";
import { readSafetensorsHeaders } from "./safetensors-headers";
import { parseSafetensorsIndex } from "./safetensors-index";
import { unindexedFiles } from "./unindexed-files";

export interface TensorFacts {
  readonly name: string;
  /** Null where only the name is known, because the shard's bytes cannot be had. */
  readonly dtype: string | null;
  readonly shape: readonly number[] | null;
}

/** The tensors of one release, from headers and index alone. */
export interface TensorTable {
  readonly tensors: ReadonlyMap<string, TensorFacts>;
  readonly shapesKnown: boolean;
  /** Path of the index, or null where there is none. */
  readonly indexPath: string | null;
  readonly shards: number;
  readonly shardsRead: number;
  /** metadata.total_size of the index, bytes. */
  readonly statedTotal: number | null;
  /** Sum of the listed sizes of all shards, bytes; null unless every one of them is listed with its size. */
  readonly listedTotal: number | null;
  /** Tensor names in the order of their bytes, shard after shard; null unless all headers were read. */
  readonly byteOrder: readonly string[] | null;
}

/** Null when the release has no safetensors weights and no index. */
export async function loadTensorTable(
  reader: ReleaseReader,
  signal?: AbortSignal,
): Promise<TensorTable | null> {
  const indexFile = await readMetadata(reader, "model.safetensors.index.json", signal);
  if (indexFile.state === "read") {
    const index = parseSafetensorsIndex(indexFile.value, indexFile.path);
    const folder = folderOf(indexFile.path);
    const paths = index.shards.map((shard) => folder + shard);
    const read = await readHeaders(reader, paths, signal);
    const tensors = new Map<string, TensorFacts>();
    for (const [name, shard] of index.shardOf) {
      tensors.set(name, read.get(folder + shard)?.get(name) ?? { name, dtype: null, shape: null });
    }
    return table(reader, tensors, paths, read, indexFile.path, index.statedTotal);
  }
  const paths = unindexedFiles(reader);
  if (paths.length === 0) return null;
  const read = await readHeaders(reader, paths, signal);
  const tensors = new Map<string, TensorFacts>();
  for (const path of paths) {
    for (const [name, facts] of read.get(path) ?? []) if (!tensors.has(name)) tensors.set(name, facts);
  }
  return tensors.size === 0 ? null : table(reader, tensors, paths, read, null, null);
}

function table(
  reader: ReleaseReader,
  tensors: ReadonlyMap<string, TensorFacts>,
  paths: readonly string[],
  read: ReadonlyMap<string, ReadonlyMap<string, TensorFacts>>,
  indexPath: string | null,
  statedTotal: number | null,
): TensorTable {
  const sizes = new Map(reader.release.files.map((file) => [file.path, file.size]));
  const listed = paths.map((path) => sizes.get(path) ?? null);
  const complete = paths.every((path) => read.has(path));
  return {
    tensors,
    shapesKnown: [...tensors.values()].every((facts) => facts.shape !== null),
    indexPath,
    shards: paths.length,
    shardsRead: read.size,
    statedTotal,
    listedTotal: listed.every((size) => size !== null) ? listed.reduce((sum, size) => sum + size, 0) : null,
    byteOrder: complete ? paths.flatMap((path) => [...(read.get(path)?.keys() ?? [])]) : null,
  };
}

async function readHeaders(reader: ReleaseReader, paths: readonly string[], signal?: AbortSignal) {
  const result = new Map<string, ReadonlyMap<string, TensorFacts>>();
  for (const [path, { tensors }] of await readSafetensorsHeaders(reader, paths, signal)) {
    result.set(
      path,
      new Map(tensors.map(({ name, dtype, shape }) => [name, { name, dtype, shape }] as const)),
    );
  }
  return result;
}
