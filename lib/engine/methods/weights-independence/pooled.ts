import { criticalFixedPoints, log10FixedPointTail, log10PoissonTail } from "../../statistics/rencontres";
import { rounded } from "../../statistics/round";
import type { WindowedMatching } from "../../statistics/row-matching";
import type { WeightTensor } from "../../weights/release-weights";
import type { MeasuredCell } from "./measure-cells";
import { collapse } from "./resemblance";
import type { IndependenceStatistics, PooledStatistics } from "./schema";

/**
 * The cells that count: measured ones, each permutation group once. `roots` gives for every cell the one that speaks
 * for it, itself included.
 */
export function countedCells(measured: readonly MeasuredCell[]): {
  roots: number[];
  counted: MeasuredCell[];
} {
  const usable = [...measured.keys()].filter((index) => measured[index]?.unmeasured === null);
  const kept = usable.map((index) => measured[index]?.kept).filter((blocks) => blocks != null);
  const together = collapse(kept);
  const roots = measured.map((_, index) => index);
  for (const [at, index] of usable.entries()) roots[index] = usable[together[at] as number] as number;
  return { roots, counted: measured.filter((_, index) => usable.includes(index) && roots[index] === index) };
}

/** Windows of several independent groups as one statistic; null where there is none. */
export function pooled(groups: readonly WindowedMatching[]): PooledStatistics | null {
  const sizes = groups.flatMap((group) => group.sizes);
  if (sizes.length === 0) return null;
  const [e6 = null, e9 = null, e12 = null] = criticalFixedPoints(sizes, [6, 9, 12]);
  const matched = sum(groups.flatMap((group) => group.matched));
  return {
    groups: groups.length,
    windows: sizes.length,
    matched,
    of: sum(sizes),
    expected: sizes.length,
    critical: { e6, e9, e12 },
    log10P: log10FixedPointTail(sizes, matched),
  };
}

export function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}

/** Per part of the model, in the order in which the parts first occur. */
export function pooledByGroup(
  counted: readonly MeasuredCell[],
  inAncestor: (tensor: WeightTensor) => boolean,
): IndependenceStatistics["byGroup"] {
  const parts = Map.groupBy(counted, ({ cell }) => (cell.a.group === cell.b.group ? cell.a.group : "other"));
  return [...parts]
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .flatMap(([group, cells]) => {
      const result = pooled(cells.map(({ windows }) => windows));
      const known = cells.filter(({ cell }) => inAncestor(cell.a.tensor) || inAncestor(cell.b.tensor));
      return result === null ? [] : [{ group, inAncestor: known.length, pooled: result }];
    });
}

/** log10 of the Poisson tail of all global matchings together: a diagnostic that index trends can fool. */
export function globalLog10(counted: readonly MeasuredCell[]): number | null {
  const globals = counted.flatMap(({ global }) => (global === null ? [] : [global.matched]));
  return globals.length === 0 ? null : rounded(Math.min(0, log10PoissonTail(globals.length, sum(globals))));
}
