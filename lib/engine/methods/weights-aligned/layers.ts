import { bootstrapInterval, type Interval, median, ratioOf } from "../../statistics/bootstrap";
import type { LayerMap } from "../../weights/layer-map";
import type { Draws } from "./ancestry";
import { type Beyond, rhoOf } from "./beyond-ancestors";
import type { AlignedStatistics } from "./schema";
import type { TensorFacts } from "./tensor-facts";

type Layers = AlignedStatistics["layers"];

/** Cosine, equal values and α of every pair of layers, with intervals over its matrices. */
export function layersOf(
  facts: readonly TensorFacts[],
  beyond: readonly Beyond[],
  from: "original" | "suspect",
  draws: Draws,
): Layers {
  const matrices = facts.filter(
    ({ matrix, counted: { pair } }) => matrix && pair.original.place.layer !== null,
  );
  const byFacts = new Map(beyond.map((found) => [found.facts, found]));
  const keyOf = ({ counted: { pair } }: TensorFacts) =>
    JSON.stringify([pair.original.place.stack, pair.original.place.layer, pair.suspect.place.layer]);
  return [...Map.groupBy(matrices, keyOf)]
    .map(([key, inside]) => {
      const [stack, original, suspect] = JSON.parse(key) as [string | null, number, number | null];
      const moved = inside.map((fact) => byFacts.get(fact)).filter((found) => found?.moved[from]) as Beyond[];
      const alpha =
        moved.length === 0
          ? null
          : bootstrapInterval(
              moved.length,
              draws(moved.length),
              ratioOf(
                moved.map(({ os }) => os),
                moved.map((b) => (from === "original" ? b.oo : b.ss)),
              ),
            );
      return {
        stack: stack ?? "",
        original,
        suspect: suspect ?? original,
        matrices: inside.length,
        equal: inside.reduce((sum, { equal }) => sum + equal, 0) / inside.length,
        cosine: bootstrapInterval(inside.length, draws(inside.length), (chosen) =>
          mean(Array.from(chosen, (i) => (inside[i] as TensorFacts).cosine)),
        ) as Interval,
        alpha,
        rho: moved.length === 0 ? null : median(moved.map(rhoOf)),
      };
    })
    .sort((a, b) =>
      a.stack < b.stack ? -1 : a.stack > b.stack ? 1 : a.original - b.original || a.suspect - b.suspect,
    );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function layerMapFacts(map: LayerMap): AlignedStatistics["layerMaps"][number] {
  const { original, suspect } = map.layers;
  const [used, answered] = [map.pairs.map(([i]) => i), map.pairs.map(([, j]) => j)];
  const twice = (layers: readonly number[]) =>
    [...new Set(layers.filter((layer, at) => layers.indexOf(layer) !== at))].sort((a, b) => a - b);
  return {
    original: map.original,
    suspect: map.suspect,
    layers: { original: original.length, suspect: suspect.length },
    pairs: map.pairs.map(([i, j]) => [i, j]),
    moved: map.moved,
    without: {
      original: original.filter((layer) => !used.includes(layer)),
      suspect: suspect.filter((layer) => !answered.includes(layer)),
    },
    repeated: { original: twice(used), suspect: twice(answered) },
  };
}
