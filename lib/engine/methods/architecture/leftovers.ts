import { textsIn } from "../../formats/json-shape";
import { baseName, byCodeUnit, type MetadataName, readJsonMetadata } from "../../formats/metadata-files";
import type { TensorTable } from "../../formats/tensor-table";
import type { PinnedRelease, ReleaseReader } from "../../io/source/release";
import type { MethodInput } from "../method";
import type { ArchitectureStatistics, LeftoverName } from "./schema";

const searched: readonly MetadataName[] = [
  "config.json",
  "generation_config.json",
  "preprocessor_config.json",
  "processor_config.json",
  "special_tokens_map.json",
  "tokenizer_config.json",
];
const maxListed = 64;

/**
 * References "module.Class" in a side's metadata to a module that only the other side has: code was pointed at that
 * never came along. A module that an ancestor has too is not the other side's own.
 */
export async function leftoverNames({
  original,
  suspect,
  ancestors,
  signal,
}: MethodInput): Promise<LeftoverName[]> {
  const older = ancestors.map((reader) => modules(reader.release));
  const ofSide = (side: "original" | "suspect", reader: ReleaseReader, other: ReleaseReader) =>
    danglingReferences(side, reader, other.release, older, signal);
  const found = [
    ...(await ofSide("original", original, suspect)),
    ...(await ofSide("suspect", suspect, original)),
  ];
  return found.slice(0, maxListed);
}

async function danglingReferences(
  side: "original" | "suspect",
  reader: ReleaseReader,
  other: PinnedRelease,
  older: readonly ReadonlyMap<string, string>[],
  signal?: AbortSignal,
): Promise<LeftoverName[]> {
  const own = modules(reader.release);
  const theirs = modules(other);
  const result: LeftoverName[] = [];
  for (const name of searched) {
    const found = await readJsonMetadata(reader, name, signal);
    if (found.state !== "read") continue;
    for (const { pointer, text } of textsIn(found.value)) {
      const module = /^([A-Za-z_]\w{0,199})\.[A-Za-z_]\w{0,199}$/.exec(text)?.[1];
      const names = module === undefined ? undefined : theirs.get(module);
      if (module === undefined || names === undefined || own.has(module)) continue;
      if (older.some((ancestor) => ancestor.has(module))) continue;
      result.push({ side, file: found.path, pointer, value: text, names });
    }
  }
  return result.sort((a, b) => byCodeUnit(a.file, b.file) || byCodeUnit(a.pointer, b.pointer));
}

/** Python modules of a release by name, with the first path that has it. Names that every project uses are left out. */
function modules(release: PinnedRelease): ReadonlyMap<string, string> {
  const general =
    /^(?:__init__|__main__|setup|test|tests|main|config|model|modeling|utils|train|app|handler)$/;
  const result = new Map<string, string>();
  for (const { path } of release.files) {
    if (!path.endsWith(".py")) continue;
    const module = baseName(path).slice(0, -3);
    if (!general.test(module) && !result.has(module)) result.set(module, path);
  }
  return result;
}

/** Further than this from the listed bytes a stated total is wrong: headers and padding stay far below. */
const tolerance = 0.01;

/**
 * Stated totals against what the listings hold. The same figure on both sides is telling only where it is wrong on
 * one of them; and even then a tool that counts in another precision errs alike on equal structures.
 */
export function totals(
  original: TensorTable | null,
  suspect: TensorTable | null,
): ArchitectureStatistics["totals"] {
  const stated = { original: original?.statedTotal ?? null, suspect: suspect?.statedTotal ?? null };
  const listed = { original: original?.listedTotal ?? null, suspect: suspect?.listedTotal ?? null };
  const wrong = (side: "original" | "suspect") => {
    const [says, holds] = [stated[side], listed[side]];
    return says !== null && holds !== null && Math.abs(says - holds) > holds * tolerance;
  };
  const sameFigure = stated.original !== null && stated.original === stated.suspect;
  return { stated, listed, sameWrongFigure: sameFigure && (wrong("original") || wrong("suspect")) };
}
