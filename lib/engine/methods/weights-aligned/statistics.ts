import type { TensorGroup } from "../../result/document";
import { bootstrapDraws, median } from "../../statistics/bootstrap";
import type { CountedRuns } from "../../weights/counted";
import { SeededStream } from "../../weights/sample-seed";
import {
  type Ancestry,
  ancestryOf,
  carriesOver,
  closestOf,
  type Draws,
  directions,
  mergeOf,
} from "./ancestry";
import { residualOf } from "./histogram";
import { layerMapFacts, layersOf } from "./layers";
import { lowRankOf } from "./low-rank";
import { noiseSummary } from "./noise-summary";
import { panelLimit, panelOf } from "./panel";
import {
  type AlignedStatistics,
  type AncestryStatistics,
  changeSchema,
  type GroupStatistics,
} from "./schema";
import { type Change, type TensorFacts, tensorFacts } from "./tensor-facts";
import { tensorMapOf } from "./tensor-map";
import { transformationsOf } from "./transformations";
import { copyAncestors } from "./untouched-ancestor";
import { type AlignedSays, verdict } from "./verdict";

export interface Aligned {
  readonly says: AlignedSays;
  readonly statistics: AlignedStatistics;
}

/** All of weights/aligned@2 from the sampled runs. `report` is told the part that is done. */
export async function alignedStatistics(
  counted: CountedRuns,
  given: { readonly ancestors: number; readonly controls: number },
  signal?: AbortSignal,
  report: (part: number) => void = () => {},
): Promise<Aligned> {
  const { runs, pairs } = counted;
  const draws = drawsOf(runs.seed);
  const all: TensorFacts[] = [];
  for (const [index, pair] of pairs.entries()) {
    // A breath now and then: a run can be stopped, and a host stays responsive.
    if (index % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    if (pair.why !== "not-finite") all.push(tensorFacts(pair));
    report(index / pairs.length);
  }
  const facts = all.filter(({ counted: { why } }) => why === null);
  const matrices = facts.filter(({ matrix }) => matrix);
  let panel: AlignedStatistics["panel"] = [];
  const ancestry = ancestryOf(all, given.ancestors, draws, (nearest) => {
    panel = panelOf(facts, given.controls, nearest);
    return panelLimit(panel);
  });
  if (ancestry === null) panel = panelOf(facts, given.controls, -1);
  const seen = verdict(facts, ancestry);
  const copy = seen === "equal-values" || seen === "noise-copy" || seen === "re-encoded";
  const says = copy && copyAncestors(facts, given.ancestors) ? "ancestor-explains" : seen;
  const layers = layersOf(all, ancestry?.beyond ?? [], ancestry?.decidingFrom ?? "original", draws);
  const copyLike =
    (says === "noise-copy" || says === "re-encoded") && ancestry !== null && carriesOver(ancestry);
  const merge =
    ancestry &&
    mergeOf(
      ancestry,
      layers.map(({ alpha }) => alpha?.value ?? null),
    );
  const layerMaps = runs.layerMaps.map(layerMapFacts);
  const lowRank = says === "trained-difference" ? await lowRankOf(runs, facts, signal) : null;
  const noise = noiseSummary(matrices, draws);
  const transformations = transformationsOf(counted, facts, says, { lowRank, merge, layerMaps });
  const vectors = facts.filter(({ matrix }) => !matrix);
  return {
    says,
    statistics: {
      tensors: {
        sampled: pairs.length,
        counted: facts.length,
        matrices: matrices.length,
        unpaired: runs.unpaired,
        unreadable: runs.unreadable,
        codes: runs.codes,
        expertsLeftOut: runs.expertsLeftOut,
        resized: runs.resized.length,
      },
      elements: pairs.reduce((sum, { o }) => sum + o.length, 0),
      changes: changeCounts(matrices),
      vectors: {
        counted: vectors.length,
        equal: vectors.filter(({ change }) => change === "equal" || change === "recast").length,
        alike: vectors.filter(({ cosine }) => cosine >= 0.999).length,
      },
      equal: mean(matrices.map(({ equal }) => equal)),
      cosine: mean(matrices.map(({ cosine }) => cosine)),
      lambda:
        matrices.length === 0
          ? null
          : {
              original: median(matrices.map(({ lambda }) => lambda.original)),
              suspect: median(matrices.map(({ lambda }) => lambda.suspect)),
            },
      groups: groupsOf(all, pairs, ancestry, draws),
      ancestry: ancestry && ancestryFacts(ancestry),
      closest: ancestry && closestOf(ancestry, copyLike, draws),
      noise,
      quantised: quantisedFacts(matrices),
      pruned: prunedFacts(matrices),
      rescaled: rescaledFacts(matrices),
      lowRank,
      merge,
      layers,
      layerMaps,
      residual: residualOf(facts),
      panel,
      transformations,
      noiseSigma: noise && transformations.includes("noise") ? noise.sigma.value : null,
      alpha: ancestry?.decidable ? (merge?.alpha ?? ancestry.deciding.alpha) : null,
      tensorMap: tensorMapOf(all, pairs, ancestry),
    },
  };
}

function drawsOf(seed: string): Draws {
  const known = new Map<number, readonly Uint32Array[]>();
  return (n) => {
    const found = known.get(n) ?? bootstrapDraws(new SeededStream(seed, `bootstrap ${n}`), n);
    known.set(n, found);
    return found;
  };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function changeCounts(matrices: readonly TensorFacts[]): Record<Change, number> {
  return Object.fromEntries(
    changeSchema.options.map((change) => [change, matrices.filter((fact) => fact.change === change).length]),
  ) as Record<Change, number>;
}

const groupOrder: readonly TensorGroup[] = [
  "language-model",
  "vision-tower",
  "projector",
  "embeddings",
  "head",
  "other",
];

function groupsOf(
  all: readonly TensorFacts[],
  pairs: CountedRuns["pairs"],
  ancestry: Ancestry | null,
  draws: Draws,
): GroupStatistics[] {
  return groupOrder.flatMap((group) => {
    const inGroup = pairs.filter(({ pair }) => pair.group === group);
    if (inGroup.length === 0) return [];
    const facts = all.filter(({ counted: { pair, why } }) => pair.group === group && why === null);
    const matrices = facts.filter(({ matrix }) => matrix);
    const leftOut: GroupStatistics["leftOut"] = {};
    for (const { why } of inGroup) if (why !== null) leftOut[why] = (leftOut[why] ?? 0) + 1;
    const beyond = ancestry?.beyond.filter((found) => found.facts.counted.pair.group === group) ?? [];
    const found = directions(beyond, draws, ancestry?.panelR2 ?? null);
    return [
      {
        group,
        counted: facts.length,
        matrices: matrices.length,
        leftOut,
        changes: changeCounts(matrices),
        equal: mean(matrices.map(({ equal }) => equal)),
        cosine: mean(matrices.map(({ cosine }) => cosine)),
        lambda: matrices.length === 0 ? null : median(matrices.map(({ lambda }) => lambda.original)),
        eligible: { original: found.originalToSuspect.eligible, suspect: found.suspectToOriginal.eligible },
        alpha: {
          originalToSuspect: found.originalToSuspect.alpha,
          suspectToOriginal: found.suspectToOriginal.alpha,
        },
        rho: found.deciding.rho,
      },
    ];
  });
}

function ancestryFacts(ancestry: Ancestry): AncestryStatistics {
  const { given, nearest, beyond, originalToSuspect, suspectToOriginal, deciding, decidable, panelR2 } =
    ancestry;
  const donors = Array.from({ length: given }, (_, k) => {
    const found = beyond.map((b) => b.joint.original.donors[k] ?? null).filter((value) => value !== null);
    return found.length === 0 ? null : median(found);
  });
  return {
    given,
    nearest,
    originalToSuspect,
    suspectToOriginal,
    symmetric: {
      decidable,
      eligible: deciding.eligible,
      alpha: deciding.alpha,
      rho: deciding.rho,
      partialR2: deciding.partialR2,
      rhoShare: deciding.rhoShare,
      lengthShare: deciding.lengthShare,
      ruleShare: deciding.ruleShare,
    },
    panelR2,
    donors,
    explained: beyond.length === 0 ? null : median(beyond.map((b) => b.joint.original.explained)),
  };
}

function quantisedFacts(matrices: readonly TensorFacts[]): AlignedStatistics["quantised"] {
  const found = matrices.flatMap(({ change, lattice }) =>
    change === "quantised" && lattice ? [lattice] : [],
  );
  if (found.length === 0) return null;
  const bits = [4, 8, null]
    .map((width) => ({ bits: width, tensors: found.filter((lattice) => lattice.bits === width).length }))
    .filter(({ tensors }) => tensors > 0);
  return { tensors: found.length, bits, onSuspect: found.filter(({ side }) => side === "suspect").length };
}

function prunedFacts(matrices: readonly TensorFacts[]): AlignedStatistics["pruned"] {
  const found = matrices.filter(({ change }) => change === "pruned");
  if (found.length === 0) return null;
  return {
    tensors: found.length,
    zeroed: {
      original: mean(found.map(({ zeroed }) => zeroed.original)) as number,
      suspect: mean(found.map(({ zeroed }) => zeroed.suspect)) as number,
    },
  };
}

function rescaledFacts(matrices: readonly TensorFacts[]): AlignedStatistics["rescaled"] {
  const found = matrices.flatMap(({ change, rescaling }) =>
    change === "rescaled" && rescaling ? [rescaling] : [],
  );
  if (found.length === 0) return null;
  const rows = found.filter(({ axis }) => axis === "rows").length;
  return {
    rows,
    columns: found.length - rows,
    smallest: Math.min(...found.map(({ smallest }) => smallest)),
    largest: Math.max(...found.map(({ largest }) => largest)),
  };
}
