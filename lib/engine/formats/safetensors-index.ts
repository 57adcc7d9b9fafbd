import type { Json } from "../methods/method";
import { isObject, objectAt } from "./json-shape";
import { isTensorName } from "./safetensors-header";
import { malformed, parseStrictJson, show } from "./strict-json";

/** model.safetensors.index.json: which shard holds which tensor. Shards need not exist. */
export interface ShardIndex {
  /** Tensor name → shard file name, relative to the index. */
  readonly shardOf: ReadonlyMap<string, string>;
  /** Distinct shard names in code-unit order. */
  readonly shards: readonly string[];
  /** metadata.total_size: bytes of all tensors, as stated; null when not stated. */
  readonly statedTotal: number | null;
}

const maxTensors = 1_000_000;

/** Throws "malformed-file", also where a shard name points outside the index's own folder. */
export function parseSafetensorsIndex(bytes: Uint8Array, path: string): ShardIndex {
  const index = parseStrictJson(bytes, path, { maxDepth: 16, hugeIntegers: "refuse" });
  const map = objectAt(index, "weight_map");
  if (!isObject(index) || map === null) throw malformed(path, "it has no weight_map");
  const names = Object.keys(map);
  if (names.length > maxTensors) throw malformed(path, `lists more than ${maxTensors} tensors`);
  const shardOf = new Map<string, string>();
  for (const name of names) {
    if (!isTensorName(name)) throw malformed(path, `tensor ${show(name)} has an unusable name`);
    shardOf.set(name, shardName(map[name] as Json, path));
  }
  return { shardOf, shards: [...new Set(shardOf.values())].sort(), statedTotal: total(index, path) };
}

function total(index: Json, path: string): number | null {
  const stated = objectAt(index, "metadata")?.total_size;
  if (stated === undefined || stated === null) return null;
  if (typeof stated !== "number" || !Number.isSafeInteger(stated) || stated < 0) {
    throw malformed(path, "metadata.total_size is not a whole number of bytes");
  }
  return stated;
}

// A shard is a plain file name beside the index. Anything else ("../x", "/etc/x", "a\\b", "C:x") is a trick.
function shardName(value: Json, path: string): string {
  const ok =
    typeof value === "string" && /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,254}$/.test(value) && !value.includes("..");
  if (!ok) throw malformed(path, `names a shard that is not a plain file name: ${show(String(value))}`);
  return value as string;
}
