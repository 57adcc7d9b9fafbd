import type { MetadataValue } from "@huggingface/gguf";
import type { ReleaseReader } from "../../io/source/release";
import type { ConfigFacts } from "../config-facts";
import { baseName, byCodeUnit } from "../metadata-files";
import { plainTensor } from "../plain-tensor";
import type { StoredTensor, StoredWeights } from "../stored-weights";
import { malformed, show } from "../strict-json";
import { shallowestFiles } from "../unindexed-files";
import { blockTensor } from "./block-tensor";
import { blockTypes } from "./block-types";
import { type GgufHeader, readGgufHeader } from "./gguf-header";

const maxShards = 1024;
const shardName = /^(.*)-([0-9]{5})-of-([0-9]{5})\.gguf$/;

/**
 * The tensors of a release's GGUF model. A release often carries the same model in several precisions: the one with
 * the most listed bytes counts (the finest; of equals the first by name). Towers ("mmproj") and importance matrices
 * are other files and are left out. Null where there is none or the first header cannot be had.
 */
export async function openGguf(reader: ReleaseReader, signal?: AbortSignal): Promise<StoredWeights | null> {
  const paths = chosenFiles(reader);
  const headers: [string, GgufHeader][] = [];
  for (const path of paths) {
    const header = await readGgufHeader(reader, path, signal);
    if (header === null && path === paths[0]) return null;
    if (header === null) continue;
    checkSplit(header, path, paths.length);
    headers.push([path, header]);
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [path, header] of headers) {
    for (const { start, ...facts } of header.tensors) {
      if (tensors.has(facts.name)) throw malformed(path, `tensor ${show(facts.name)} is in two parts`);
      const block = Object.hasOwn(blockTypes, facts.dtype) ? blockTypes[facts.dtype] : undefined;
      const tensor = block
        ? blockTensor(reader, path, start, facts, block)
        : plainTensor(reader, path, start, facts);
      tensors.set(facts.name, tensor);
    }
  }
  const [first] = headers;
  if (first === undefined || tensors.size === 0) return null;
  return {
    format: "gguf",
    files: headers.length,
    tensors: [...tensors.values()].sort((a, b) => byCodeUnit(a.name, b.name)),
    config: metadataFacts(first[1].metadata, !tensors.has("output.weight")),
  };
}

function chosenFiles(reader: ReleaseReader): string[] {
  const sizes = new Map(reader.release.files.map((file) => [file.path, file.size ?? 0]));
  const all = shallowestFiles(
    reader,
    (path) => /\.gguf$/.test(path) && !/mmproj|imatrix/i.test(baseName(path)),
  );
  const sets = [...Map.groupBy(all, (path) => path.replace(shardName, "$1 of $3"))].map(([, paths]) => ({
    paths: paths.slice(0, maxShards),
    bytes: paths.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0),
  }));
  sets.sort((a, b) => b.bytes - a.bytes || byCodeUnit(a.paths[0] ?? "", b.paths[0] ?? ""));
  return sets[0]?.paths ?? [];
}

/** A part of a split model states of how many it is one, as its name does. */
function checkSplit({ metadata }: GgufHeader, path: string, listed: number): void {
  const stated = metadata.get("split.count");
  const named = Number(shardName.exec(path)?.[3] ?? 1);
  if (stated !== undefined && Number(stated) !== named && (listed > 1 || Number(stated) > 1)) {
    throw malformed(path, `states ${show(String(stated))} parts where its name says ${named}`);
  }
}

function metadataFacts(metadata: ReadonlyMap<string, MetadataValue>, tied: boolean): ConfigFacts {
  const name = metadata.get("general.architecture");
  const architecture = typeof name === "string" && name.length <= 100 ? name : null;
  const count = (key: string): number | null => {
    const value = metadata.get(`${architecture}.${key}`);
    const number = typeof value === "bigint" ? Number(value) : value;
    return typeof number === "number" && Number.isSafeInteger(number) && number > 0 ? number : null;
  };
  return {
    architecture,
    hidden: count("embedding_length"),
    layers: count("block_count"),
    heads: count("attention.head_count"),
    kvHeads: count("attention.head_count_kv"),
    headDim: count("attention.key_length"),
    tiedEmbeddings: tied,
    intermediate: count("feed_forward_length"),
  };
}
