import type { PinnedRelease, ReleaseReader } from "../io/source/release";
import type { ReleaseWeights, WeightTensor } from "../weights/release-weights";
import { contentDigest } from "../weights/sample-seed";
import type { Fingerprint, LightTensor } from "./schema";
import { structureKey } from "./structure-key";
import type { TokenHashes } from "./token-hashes";

const programs = /\.(py|pyi|js|mjs|cjs|jsx|ts|mts|cts|tsx|java|c|cc|cpp|cu|h|hpp|rs|go|ipynb|sh)$/i;
const mostPrograms = 20_000;

type Common = Pick<Fingerprint, "release" | "format" | "structure" | "tokenizer" | "code">;

/** What a full and a light fingerprint say alike: the release, its structure, its tokenizer and its program files. */
export function commonParts(
  { release }: ReleaseReader,
  weights: ReleaseWeights,
  tokens: TokenHashes | null,
): Common {
  const { repository, commit, kind } = release;
  return {
    release: {
      repository: repository === null || kind === "folder" ? null : `${kind}:${repository}`,
      commit,
      content: contentDigest(release),
    },
    format: weights.format,
    structure: structureKey([...weights.tensors.values()]) as string,
    tokenizer: tokens && { tokens: tokens.tokens, hashes: tokens.smallest.map(({ hash }) => hash) },
    code: programFiles(release),
  };
}

function programFiles({ files }: PinnedRelease): string[] {
  const ids = files.flatMap(({ path, gitOid, size }) =>
    gitOid !== null && size !== 0 && programs.test(path) ? [gitOid] : [],
  );
  return [...new Set(ids)].sort().slice(0, mostPrograms);
}

/** A tensor as a fingerprint names it. */
export function namedTensor(tensor: WeightTensor): Omit<LightTensor, "run"> {
  const { name, stored, place, dtype, shape, rows, cols } = tensor;
  const { role, parameter, stack, layer, expert, group } = place;
  return {
    name,
    stored,
    place: { role, parameter, stack, layer, expert, group },
    dtype,
    shape: [...shape],
    rows,
    cols,
  };
}

/**
 * Which tensors a SimHash is made of: the matrices of the language model, its embeddings and its head, else (a model
 * without any) all matrices. Towers that many models took from one place would make all of these look alike.
 */
export function countsForSimhash(
  tensors: readonly Pick<WeightTensor, "place" | "rows" | "cols">[],
): boolean[] {
  const matrix = (tensor: Pick<WeightTensor, "rows" | "cols">) => tensor.rows > 1 && tensor.cols > 1;
  const own = new Set(["language-model", "embeddings", "head"]);
  const some = tensors.some((tensor) => matrix(tensor) && own.has(tensor.place.group));
  return tensors.map((tensor) => matrix(tensor) && (!some || own.has(tensor.place.group)));
}

/** Adds a sketch at unit length, so that each tensor has the same say. */
export function addNormalised(sums: Float64Array, sketch: ArrayLike<number>): void {
  let squares = 0;
  for (let at = 0; at < sketch.length; at++) squares += (sketch[at] as number) * (sketch[at] as number);
  if (!(squares > 0) || squares === Number.POSITIVE_INFINITY) return;
  const factor = 1 / Math.sqrt(squares);
  for (let at = 0; at < sketch.length; at++)
    sums[at] = (sums[at] as number) + (sketch[at] as number) * factor;
}
