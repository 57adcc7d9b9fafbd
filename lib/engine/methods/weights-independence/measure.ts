import { log10 } from "../../statistics/elementary";
import { rounded } from "../../statistics/round";
import { windowRows } from "../../statistics/row-matching";
import { pairTensors } from "../../weights/pair-tensors";
import type { ReleaseWeights } from "../../weights/release-weights";
import { cellStatistics, placeStatistics, sidesNamed } from "./cell-statistics";
import { commonGroups } from "./common-groups";
import { controlPlans, controlStatistics } from "./controls";
import { measureEmbedding, type Vocabularies } from "./embedding-columns";
import { layerMaps } from "./layer-maps";
import { type LeftOut, measureCells, type Sides } from "./measure-cells";
import { times } from "./multiplicity";
import { adoptedPlaces, countedStacks, neuronStacks } from "./neuron-groups";
import { countedCells, globalLog10, pooled, pooledByGroup } from "./pooled";
import { presenceIn, privateGroups } from "./private-groups";
import type { IndependenceStatistics } from "./schema";
import { cellsAt, pairStacks, shared } from "./stack-pairs";

/** Groups measured at most: an exact tail over 64 × 32 windows takes a fifth of a second. */
const mostCells = 64;
/** p ≤ 1e-6 after all corrections. */
export const thresholdLog10 = -6;

export interface IndependenceInput extends Sides {
  /** a is the suspect and b the original. Sides are put in order beforehand, so that swapping them changes no finding. */
  readonly swapped: boolean;
  readonly ancestors: readonly ReleaseWeights[];
  /** Further ancestors whose weights cannot be read; none unless told. With any, no group is known to be private. */
  readonly ancestorsUnread?: number | undefined;
  /** Null where a control's weights cannot be opened. */
  readonly controls: readonly (ReleaseWeights | null)[];
  /** Null where no tokenizer was read at all: equal ids then stand for equal tokens. */
  readonly vocabularies?: Vocabularies | undefined;
  readonly screened: number;
  readonly onProgress?: ((part: number) => void) | undefined;
}

export interface IndependenceFinding {
  readonly statistics: IndependenceStatistics;
  /**
   * After all corrections, of neurons and embedding; null where nothing could be tested. An embedding that shows nothing
   * where no neurons could be tested is not enough to speak of a test.
   */
  readonly log10P: number | null;
  /** The same of the neurons alone: renumbered ones leave it silent. */
  readonly neuronsLog10P: number | null;
  /** Tensors that were found not to count, for the methods that come after. */
  readonly leftOut: LeftOut;
}

/** weights/independence on two releases whose headers are known. */
export async function measureIndependence(input: IndependenceInput): Promise<IndependenceFinding> {
  const adopted = adoptedPlaces(pairTensors(input.a, input.b).pairs);
  const all = [neuronStacks(input.a, adopted.original), neuronStacks(input.b, adopted.suspect)] as const;
  const leftOut = await commonGroups(input, { a: all[0], b: all[1] }, input.ancestors);
  const sides: IndependenceInput = { ...input, leftOut };
  const [stacksA, stacksB] = [countedStacks(all[0], leftOut.a), countedStacks(all[1], leftOut.b)];
  const pairs = pairStacks(stacksA, stacksB);
  const plans = controlPlans(input.controls, stacksA, stacksB);
  const inAncestor = presenceIn(input.ancestors);
  const named = sidesNamed(input.swapped);

  const cells = shared(
    pairs.map((pair) => cellsAt(pair, 0)),
    mostCells,
  );
  const measured = await measureCells(sides, cells, plans, (part) => input.onProgress?.(part * 0.8));
  const { roots, counted } = countedCells(measured);
  const identity = pooled(counted.map(({ windows }) => windows));
  const mapped = await layerMaps(sides, pairs, measured, identity);
  input.onProgress?.(0.9);
  const allRead = input.ancestors.length > 0 && (input.ancestorsUnread ?? 0) === 0;
  const privates = allRead ? await privateGroups(sides, adopted, inAncestor) : null;
  const embedding = await measureEmbedding({
    ...sides,
    places: adopted,
    vocabularies: input.vocabularies ?? { a: null, b: null, ancestors: [], controls: [] },
  });
  const decided = decide(mapped, identity?.log10P ?? 0, embedding.pooled?.log10P ?? null, input.screened);

  const statistics: IndependenceStatistics = {
    windowRows,
    stacks: pairs.map(({ a, b }) => ({
      group: a.group === b.group ? a.group : "other",
      ...named(a.stack, b.stack),
      layers: named(a.layers, b.layers),
    })),
    neuronGroups: named(groupCount(all[0]), groupCount(all[1])),
    leftOut: named(groupCount(all[0]) - groupCount(stacksA), groupCount(all[1]) - groupCount(stacksB)),
    cells: measured.map((one, index) => {
      const root = roots[index] as number;
      return cellStatistics(one, root === index ? null : root, named, inAncestor);
    }),
    identity,
    embedding,
    maps: mapped.maps.map(({ pair, offset, result }) => ({
      ...named(pair.a.stack, pair.b.stack),
      offset: input.swapped ? -offset : offset,
      pooled: result,
    })),
    search: mapped.search && {
      pairs: mapped.searched,
      found: mapped.search
        .map((found) => ({
          ...found,
          log10P: times(found.log10P, decided.families * mapped.searched * input.screened),
        }))
        .filter(({ log10P }) => log10P <= thresholdLog10)
        .map(({ a, b, matched, of, log10P }) => ({
          ...named(placeStatistics(a), placeStatistics(b)),
          matched,
          of,
          log10P,
        })),
      bestLog10P: least(mapped.search.map(({ log10P }) => log10P)),
    },
    multiplicity: {
      screened: input.screened,
      looks: 1,
      maps: 1 + mapped.maps.length,
      searched: mapped.searched,
      families: decided.families,
      factor: decided.factor,
      log10Single: decided.log10Single,
      singleThreshold: rounded(thresholdLog10 - log10(decided.factor)),
    },
    globalLog10: globalLog10(counted),
    byGroup: pooledByGroup(counted, inAncestor),
    private: privates && {
      cells: privates.cells.map((one) => cellStatistics(one, null, named, inAncestor)),
      pooled: privates.pooled,
    },
    controls: controlStatistics(plans, counted, named),
  };
  const tested = identity !== null || mapped.maps.length > 0;
  const counts = tested || decided.log10P <= thresholdLog10;
  return {
    statistics,
    log10P: counts ? decided.log10P : null,
    neuronsLog10P: tested ? decided.neurons : null,
    leftOut,
  };
}

/**
 * One p-value from the declared layer maps, from the best pair of layers where layers were searched, and from the columns
 * of the embeddings where they count: each family is corrected for its own size, and all of them once more for how many
 * there are; then for the models screened. How many is settled before any p is known.
 */
function decide(
  { maps, search, searched, searchable }: Awaited<ReturnType<typeof layerMaps>>,
  identityLog10: number,
  embeddingLog10: number | null,
  screened: number,
) {
  const families = 1 + (searchable ? 1 : 0) + (embeddingLog10 === null ? 0 : 1);
  const family = (log10Single: number, size: number) => {
    const factor = families * size * screened;
    return { log10Single, factor, log10P: times(log10Single, factor) };
  };
  const byMap = family(least([identityLog10, ...maps.map(({ result }) => result.log10P)]), 1 + maps.length);
  const bySearch = family(least((search ?? []).map(({ log10P }) => log10P)), Math.max(1, searched));
  const neurons = search !== null && bySearch.log10P < byMap.log10P ? bySearch : byMap;
  const byEmbedding = family(embeddingLog10 ?? 0, 1);
  const best = byEmbedding.log10P < neurons.log10P ? byEmbedding : neurons;
  return { ...best, families, neurons: neurons.log10P };
}

function least(values: readonly number[]): number {
  return values.reduce((best, value) => Math.min(best, value), 0);
}

function groupCount(stacks: readonly { groups: readonly unknown[] }[]): number {
  return stacks.reduce((sum, { groups }) => sum + groups.length, 0);
}
