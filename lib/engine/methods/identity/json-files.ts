import { sameJson, sha256Hex } from "../../formats/canonical-json";
import {
  byCodeUnit,
  jsonMetadata,
  locate,
  type MetadataName,
  metadataLimits,
} from "../../formats/metadata-files";
import { parseStrictJson } from "../../formats/strict-json";
import type { ReleaseReader } from "../../io/source/release";
import { contentKey } from "./equal-files";
import type { JsonPair } from "./schema";

/** Compares the metadata files that both sides have, as bytes and as JSON. Equal blob ids spare the reading. */
export async function jsonPairs(
  original: ReleaseReader,
  suspect: ReleaseReader,
  ancestors: readonly ReleaseReader[],
  signal?: AbortSignal,
): Promise<JsonPair[]> {
  const result: JsonPair[] = [];
  for (const name of [...jsonMetadata].sort(byCodeUnit)) {
    const a = locate(original.release, name);
    const b = locate(suspect.release, name);
    if (a === null || b === null) continue;
    const known = contentKey(a);
    const same =
      known !== null && known.hash === contentKey(b)?.hash
        ? "bytes"
        : await compareBytes([original, a.path], [suspect, b.path], name, signal);
    // Either side's hash: the one may be the ancestor's file as it was, the other its reformatted copy.
    const hashes = [known?.hash, contentKey(b)?.hash];
    const inAncestor = ancestors.some((ancestor) => {
      const file = locate(ancestor.release, name);
      const hash = file === null ? undefined : contentKey(file)?.hash;
      return hash !== undefined && hashes.includes(hash);
    });
    result.push({
      original: a.path,
      suspect: b.path,
      same,
      originalSize: a.size,
      suspectSize: b.size,
      inAncestor,
    });
  }
  return result;
}

type Side = readonly [reader: ReleaseReader, path: string];

async function compareBytes(
  a: Side,
  b: Side,
  name: MetadataName,
  signal?: AbortSignal,
): Promise<JsonPair["same"]> {
  const limit = metadataLimits[name];
  const [mine, theirs] = await Promise.all(
    [a, b].map(([reader, path]) => reader.readWhole(path, limit, signal)),
  );
  if (!mine || !theirs) return "unknown";
  if (sha256Hex(mine) === sha256Hex(theirs)) return "bytes";
  const options = { hugeIntegers: "keep" } as const;
  return sameJson(parseStrictJson(mine, a[1], options), parseStrictJson(theirs, b[1], options))
    ? "content"
    : "different";
}
