import { folderOf, readMetadata } from "../../formats/metadata-files";
import { parseSafetensorsIndex } from "../../formats/safetensors-index";
import { type WeightFormat, weightFormat } from "../../formats/weight-files";
import type { ListedFile, PinnedRelease, ReleaseReader } from "../../io/source/release";
import { contentKey, contentKeys } from "./equal-files";
import type { WeightPair } from "./schema";

const formats: readonly WeightFormat[] = ["safetensors", "pytorch", "gguf", "onnx", "other"];

/** Files this large are no side files, whatever they are called. */
const heavyBytes = 1024 * 1024;
const mostOf = 1 / 3;

/**
 * Do the equal weight files make most of a side? A small file that many releases carry beside their weights (a voice
 * detector, a safety head) is equal without saying anything of them. A second copy in another format is allowed for.
 */
export function equalsMakeTheModel(original: PinnedRelease, suspect: PinnedRelease): boolean {
  const sides = [original, suspect] as const;
  return sides.every((side, index) => {
    const others = hashes((sides[1 - index] as PinnedRelease).files.filter(isWeight));
    let [all, equal] = [0, 0];
    for (const file of side.files) {
      const size = file.size ?? 0;
      if (!isWeight(file) && size < heavyBytes) continue;
      all += size;
      if (isWeight(file) && common([file], others) === 1) equal += size;
    }
    return equal >= mostOf * all;
  });
}

const isWeight = ({ path }: ListedFile) => weightFormat(path) !== null;

/**
 * Weight files by format: how many of each side the other side holds too, by the listings' hashes alone.
 * `incomplete`: a side's shard index names files that are not listed, so "all" cannot be said of its safetensors.
 */
export function weightPairs(
  original: PinnedRelease,
  suspect: PinnedRelease,
  ancestors: readonly PinnedRelease[],
  incomplete: boolean,
): WeightPair[] {
  const inAncestors = contentKeys(ancestors);
  return formats.flatMap((format) => {
    const mine = original.files.filter((file) => weightFormat(file.path) === format);
    const theirs = suspect.files.filter((file) => weightFormat(file.path) === format);
    if (mine.length + theirs.length === 0) return [];
    const [a, b] = [hashes(mine), hashes(theirs)];
    const equal = { original: common(mine, b), suspect: common(theirs, a) };
    const allEqual =
      !(incomplete && format === "safetensors") &&
      mine.length > 0 &&
      theirs.length > 0 &&
      equal.original === mine.length &&
      equal.suspect === theirs.length;
    return [
      {
        format,
        files: { original: mine.length, suspect: theirs.length },
        equal,
        hashed: { original: mine.filter(contentKey).length, suspect: theirs.filter(contentKey).length },
        allEqual,
        inAncestor: allEqual && [...a].every((hash) => inAncestors.has(hash)),
      },
    ];
  });
}

function hashes(files: readonly ListedFile[]): Set<string> {
  return new Set(files.map((file) => contentKey(file)?.hash).filter((hash) => hash !== undefined));
}

function common(files: readonly ListedFile[], others: ReadonlySet<string>): number {
  return files.filter((file) => {
    const key = contentKey(file);
    return key !== null && others.has(key.hash);
  }).length;
}

/** Shards that a release's index names but its listing lacks. */
export async function missingShards(reader: ReleaseReader, signal?: AbortSignal): Promise<string[]> {
  const found = await readMetadata(reader, "model.safetensors.index.json", signal);
  if (found.state !== "read") return [];
  const listed = new Set(reader.release.files.map((file) => file.path));
  const folder = folderOf(found.path);
  return parseSafetensorsIndex(found.value, found.path).shards.filter((shard) => !listed.has(folder + shard));
}
