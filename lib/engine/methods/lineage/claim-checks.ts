import { publishedName } from "../../io/source/published-name";
import type { ReleaseReader } from "../../io/source/release";
import { pairMoments } from "../../kernels";
import { rounded } from "../../statistics/round";
import { centredCosine } from "../../weights/layer-map";
import { coarserGrid, roundToGrid } from "../../weights/number-grid";
import { openWeights } from "../../weights/open-weights";
import { pairTensors, type TensorPair } from "../../weights/pair-tensors";
import { readRun } from "../../weights/read-run";
import type { ReleaseWeights } from "../../weights/release-weights";
import { runPosition } from "../../weights/run-positions";
import { contentDigest, pairSeed } from "../../weights/sample-seed";
import { byGroupOrder } from "../architecture/roles";
import type { MethodInput } from "../method";
import { nullIfRefused } from "../refused-weights";
import { repositoryName } from "./names";
import type { CardStatistics, ClaimCheck } from "./schema";

/** Elements read of each tensor: enough that equality is no accident, few enough for hundreds of tensors. */
const elements = 2048;
const fewestDistinct = 16;

/**
 * Holds what a card says about a base against the bytes: for each side and each given ancestor, how many tensors of each
 * group hold the ancestor's very values. "The vision tower is the frozen tower of X" is true where all of them do.
 * Only tensors with something in them are asked (16 distinct sampled values or more).
 */
export async function claimChecks(
  input: MethodInput,
  cards: Readonly<Record<"original" | "suspect", CardStatistics>>,
): Promise<ClaimCheck[]> {
  const checks: ClaimCheck[] = [];
  for (const side of ["original", "suspect"] as const) {
    const weights = await openWeights(input[side], input.signal).catch(nullIfRefused);
    if (weights === null) continue;
    for (const [ancestor, reader] of input.ancestors.entries()) {
      const base = await openWeights(reader, input.signal).catch(nullIfRefused);
      if (base === null) continue;
      const name = publishedName(reader.release);
      const declared =
        name === null || cards[side].state !== "read"
          ? null
          : cards[side].baseModels.some((one) => repositoryName(one) === repositoryName(name));
      const groups = await equalGroups(input, input[side], weights, reader, base);
      if (groups.length > 0) checks.push({ side, ancestor, declared, groups });
    }
  }
  return checks;
}

async function equalGroups(
  { parameters, signal }: MethodInput,
  reader: ReleaseReader,
  weights: ReleaseWeights,
  baseReader: ReleaseReader,
  base: ReleaseWeights,
): Promise<ClaimCheck["groups"]> {
  const seed = pairSeed(contentDigest(reader.release), contentDigest(baseReader.release), parameters.nonce);
  const read = await Promise.all(
    pairTensors(weights, base).pairs.map((pair) => likeness(pair, weights, base, seed, signal)),
  );
  const groups = Map.groupBy(
    read.filter((one) => one !== null),
    ({ group }) => group,
  );
  return [...groups]
    .sort(([a], [b]) => byGroupOrder(a, b))
    .map(([group, list]) => {
      const cosines = list.map(({ cosine }) => cosine).sort((a, b) => a - b);
      return {
        group,
        tensors: list.length,
        equal: list.filter(({ equal }) => equal).length,
        medianCosine: rounded(cosines[Math.floor((cosines.length - 1) / 2)] ?? 0),
      };
    });
}

async function likeness(
  { original, suspect, group }: TensorPair,
  weights: ReleaseWeights,
  base: ReleaseWeights,
  seed: string,
  signal?: AbortSignal,
) {
  const shape = {
    rows: Math.min(original.rows, suspect.rows),
    cols: Math.min(original.cols, suspect.cols),
  };
  const at = runPosition(shape, elements, seed, `${original.place.role} ${shape.rows}x${shape.cols}`);
  const [mine, theirs] = await Promise.all([
    readRun(weights, original, at, "read", signal),
    readRun(base, suspect, at, "read", signal),
  ]);
  if (mine === null || theirs === null || new Set(theirs).size < fewestDistinct) return null;
  const grid = coarserGrid(original.dtype, suspect.dtype);
  const [a, b] = [roundToGrid(mine, grid), roundToGrid(theirs, grid)];
  return { group, equal: pairMoments(a, b).equal === a.length, cosine: centredCosine(a, b) };
}
