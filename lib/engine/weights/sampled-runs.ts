import { byCodeUnit } from "../formats/metadata-files";
import { isNumeric } from "../formats/numbers/decode";
import type { MethodInput } from "../methods/method";
import { nullIfRefused } from "../methods/refused-weights";
import type { TensorGroup } from "../result/document";
import { centredCosine, type LayerMap, mapLayers } from "./layer-map";
import { gridOf } from "./number-grid";
import { openWeights } from "./open-weights";
import { pairTensors, type TensorPair } from "./pair-tensors";
import { readRun } from "./read-run";
import type { ReleaseWeights, WeightTensor } from "./release-weights";
import { RunPlan, type Side, slotOf } from "./run-plan";
import type { RunPosition } from "./run-positions";
import { contentDigest, pairSeed } from "./sample-seed";
import { SideRuns } from "./side-runs";

/** One matched pair of tensors and everybody's values at the same logical positions. */
export interface SampledPair {
  readonly original: WeightTensor;
  readonly suspect: WeightTensor;
  readonly group: TensorGroup;
  readonly at: RunPosition;
  /** Row-major `at.rows` × `at.cols`, as decoded. */
  readonly o: Float32Array;
  readonly s: Float32Array;
  /** Quantisation steps of a side whose format has them. */
  readonly oSteps: Float32Array | null;
  readonly sSteps: Float32Array | null;
  /** By position in the input; null where that release has no such tensor or its bytes cannot be had. */
  readonly ancestors: readonly (OtherRun | null)[];
  readonly controls: readonly (OtherRun | null)[];
}

/** Values of a third release at the same place. */
export interface OtherRun {
  readonly dtype: string;
  readonly values: Float32Array;
}

export interface SampledRuns {
  readonly pairs: readonly SampledPair[];
  readonly layerMaps: readonly LayerMap[];
  /** Tensors without a partner (after the layer map), and pairs whose bytes could not be had or mean nothing alone. */
  readonly unpaired: { readonly original: number; readonly suspect: number };
  readonly unreadable: number;
  readonly codes: number;
  /** Pairs of experts that were left out so that a mixture stays within the budget. */
  readonly expertsLeftOut: number;
  /** Given ancestors whose weights cannot be read: fingerprints, refused checkpoints, withdrawn files. */
  readonly ancestorsUnread: number;
  /** Where rows or columns of a pair differ. */
  readonly resized: readonly TensorPair[];
  readonly seed: string;
  /** For what reads further blocks; null where nothing was opened. */
  readonly weights: { readonly original: ReleaseWeights; readonly suspect: ReleaseWeights } | null;
}

const maxPairs = 2048;

/** The releases of one run, opened. Null among ancestors and controls: no weights that can be read. */
export interface SampledReleases {
  readonly original: ReleaseWeights;
  readonly suspect: ReleaseWeights;
  readonly ancestors: readonly (ReleaseWeights | null)[];
  readonly controls: readonly (ReleaseWeights | null)[];
}

/** One seeded run of 64 KiB for each matched matrix, vectors whole. Null when a side has no weights that can be read. */
export function sampledRuns(input: MethodInput): Promise<SampledRuns | null> {
  return input.shared("weights/sampled-runs@1", async () => {
    const { signal } = input;
    const [original, suspect] = [
      await openWeights(input.original, signal),
      await openWeights(input.suspect, signal),
    ];
    if (original === null || suspect === null) return null;
    const open = (readers: MethodInput["ancestors"]) =>
      Promise.all(readers.map((reader) => openWeights(reader, signal).catch(nullIfRefused)));
    const [a, b] = [contentDigest(input.original.release), contentDigest(input.suspect.release)];
    return sampleReleases(
      { original, suspect, ancestors: await open(input.ancestors), controls: await open(input.controls) },
      pairSeed(a, b, input.parameters.nonce),
      a <= b ? "original" : "suspect",
      signal,
    );
  });
}

/** The same from opened weights. `first` orders the pairs, so that swapping the sides changes nothing but the names. */
export async function sampleReleases(
  { original, suspect, ancestors, controls }: SampledReleases,
  seed: string,
  first: Side,
  signal?: AbortSignal,
): Promise<SampledRuns> {
  const matched = pairTensors(original, suspect);
  const numeric = matched.pairs.filter(
    (pair) => isNumeric(pair.original.dtype) && isNumeric(pair.suspect.dtype),
  );
  const kept = withinBudget(numeric);
  const plan = new RunPlan(seed, kept, 2 + ancestors.length + controls.length);

  const sides = {
    original: new SideRuns(original, plan, "original", signal),
    suspect: new SideRuns(suspect, plan, "suspect", signal),
  };
  await Promise.all([
    sides.original.load(kept, matched.unpaired.original),
    sides.suspect.load(kept, matched.unpaired.suspect),
  ]);
  const layerMaps = plan
    .stacks()
    .map(([a, b]) =>
      mapLayers({ original: a, suspect: b }, sides.original.layers(a), sides.suspect.layers(b)),
    );
  const second = first === "original" ? "suspect" : "original";
  const pairs = [...repaired(kept, layerMaps, sides, plan)].sort(
    (a, b) => byCodeUnit(a[first].name, b[first].name) || byCodeUnit(a[second].name, b[second].name),
  );
  const elsewhere = (others: readonly (ReleaseWeights | null)[]) =>
    Promise.all(others.map((other) => otherRuns(other, original, suspect, pairs, sides, plan, signal)));
  const [byAncestor, byControl] = [await elsewhere(ancestors), await elsewhere(controls)];

  const sampled: SampledPair[] = [];
  let unreadable = 0;
  for (const [index, pair] of pairs.entries()) {
    const at = plan.of(pair);
    const [o, s] = [sides.original.run(pair.original, at), sides.suspect.run(pair.suspect, at)];
    if (!o || !s || o.length !== s.length) {
      unreadable += 1;
      continue;
    }
    sampled.push({
      ...pair,
      at,
      o,
      s,
      oSteps: await stepsOf(original, pair.original, at, signal),
      sSteps: await stepsOf(suspect, pair.suspect, at, signal),
      ancestors: byAncestor.map((runs) => runs[index] ?? null),
      controls: byControl.map((runs) => runs[index] ?? null),
    });
  }
  const lost = (side: Side, all: ReleaseWeights) => {
    const known = new Set(pairs.map((pair) => pair[side].name));
    const keptPairs = new Set(kept);
    for (const pair of matched.pairs) if (!keptPairs.has(pair)) known.add(pair[side].name);
    return [...all.tensors.keys()].filter((name) => !known.has(name)).length;
  };
  return {
    pairs: sampled,
    layerMaps,
    unpaired: { original: lost("original", original), suspect: lost("suspect", suspect) },
    unreadable,
    codes: matched.pairs.length - numeric.length,
    expertsLeftOut: numeric.length - kept.length,
    ancestorsUnread: ancestors.filter((weights) => weights === null).length,
    resized: pairs.filter((p) => p.original.rows !== p.suspect.rows || p.original.cols !== p.suspect.cols),
    seed,
    weights: { original, suspect },
  };
}

/** A mixture of thousands of experts: as many of them, from the first, as the budget holds; other tensors all. */
function withinBudget(pairs: readonly TensorPair[]): readonly TensorPair[] {
  if (pairs.length <= maxPairs) return pairs;
  const experts = [...new Set(pairs.map((pair) => pair.original.place.expert).filter((e) => e !== null))];
  const plain = pairs.filter((pair) => pair.original.place.expert === null).length;
  const each = (pairs.length - plain) / Math.max(1, experts.length);
  const room = Math.max(1, Math.floor((maxPairs - plain) / Math.max(1, each)));
  const chosen = new Set(experts.sort((a, b) => a - b).slice(0, room));
  return pairs
    .filter(({ original: { place } }) => place.expert === null || chosen.has(place.expert))
    .slice(0, 4 * maxPairs);
}

/** The pairs under the layer maps: where layers moved, tensors follow them. */
function repaired(
  pairs: readonly TensorPair[],
  maps: readonly LayerMap[],
  sides: Record<Side, SideRuns>,
  plan: RunPlan,
): readonly TensorPair[] {
  const moved = maps.filter((map) => map.moved);
  if (moved.length === 0) return pairs;
  const stacks = new Set(moved.map((map) => map.original));
  const suspects = sides.suspect.bySlotAndLayer();
  const originals = sides.original.bySlotAndLayer();
  const kept = pairs.filter(
    ({ original: { place } }) => place.layer === null || !stacks.has(place.stack ?? ""),
  );
  const found: TensorPair[] = [...kept];
  for (const map of moved) {
    const groups = new Map(pairs.map((pair) => [slotOf(pair.original), pair.group]));
    for (const [slot, group] of groups) {
      const other = plan.slots.get(slot);
      for (const [i, j] of map.pairs) {
        const [original, suspect] = [originals.get(`${slot} ${i}`), suspects.get(`${other} ${j}`)];
        if (original?.place.stack === map.original && suspect) found.push({ original, suspect, group });
      }
    }
  }
  return found;
}

/** Values of an ancestor or control at the pairs' positions, by what answers to the original's or the suspect's tensor. */
async function otherRuns(
  other: ReleaseWeights | null,
  original: ReleaseWeights,
  suspect: ReleaseWeights,
  pairs: readonly TensorPair[],
  sides: Record<Side, SideRuns>,
  plan: RunPlan,
  signal: AbortSignal | undefined,
): Promise<(OtherRun | null)[]> {
  if (other === null) return pairs.map(() => null);
  const partner = (side: ReleaseWeights) =>
    new Map(pairTensors(side, other).pairs.map((pair) => [pair.original.name, pair.suspect]));
  const [byOriginal, bySuspect] = [partner(original), partner(suspect)];
  return Promise.all(
    pairs.map(async (pair) => {
      const answers = [byOriginal.get(pair.original.name), bySuspect.get(pair.suspect.name)];
      const tensors = [...new Set(answers.filter((tensor) => tensor !== undefined))].filter((tensor) =>
        isNumeric(tensor.dtype),
      );
      const at = plan.of(pair);
      const own = [sides.original.run(pair.original, at), sides.suspect.run(pair.suspect, at)];
      let best: OtherRun | null = null;
      let closest = -1;
      const runs = await Promise.all(tensors.map((tensor) => readRun(other, tensor, at, "read", signal)));
      for (const [k, values] of runs.entries()) {
        if (!values) continue;
        const closeness = own.reduce(
          (sum, mine) => sum + (mine ? Math.abs(centredCosine(mine, values)) : 0),
          0,
        );
        if (closeness > closest) best = { dtype: (tensors[k] as WeightTensor).dtype, values };
        closest = Math.max(closest, closeness);
      }
      return best;
    }),
  );
}

function stepsOf(weights: ReleaseWeights, tensor: WeightTensor, at: RunPosition, signal?: AbortSignal) {
  return gridOf(tensor.dtype) === null
    ? readRun(weights, tensor, at, "steps", signal)
    : Promise.resolve(null);
}
