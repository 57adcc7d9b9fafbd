import { log10FactorialBound } from "../../statistics/rencontres";
import { rounded } from "../../statistics/round";
import type { WindowedMatching } from "../../statistics/row-matching";
import type { WeightTensor } from "../../weights/release-weights";
import type { MeasuredCell } from "./measure-cells";
import type { NeuronGroup } from "./neuron-groups";
import { sum } from "./pooled";
import type { CellStatistics } from "./schema";

export type Named = <T>(a: T, b: T) => { original: T; suspect: T };

/** What was measured on a and b, under the names that the sides have in the result. */
export function sidesNamed(swapped: boolean): Named {
  return (a, b) => (swapped ? { original: b, suspect: a } : { original: a, suspect: b });
}

export function placeStatistics({ tensor, stack, layer, expert }: NeuronGroup): CellStatistics["original"] {
  return { tensor: tensor.name, stack, layer, expert };
}

export function cellStatistics(
  { cell, range, unmeasured, rows, dropped, windows, global, controls }: MeasuredCell,
  sameAs: number | null,
  named: Named,
  inAncestor: (tensor: WeightTensor) => boolean,
): CellStatistics {
  return {
    group: cell.a.group === cell.b.group ? cell.a.group : "other",
    axis: cell.a.axis === cell.b.axis ? cell.a.axis : "mlp-hidden",
    ...named(placeStatistics(cell.a), placeStatistics(cell.b)),
    sampled: range && { start: range.start, rows: range.rows },
    unmeasured,
    rows,
    dropped: named(dropped[0], dropped[1]),
    windows: plain(windows),
    matched: sum(windows.matched),
    global: global && {
      matched: global.matched,
      near: global.near,
      expectedNear: rounded(global.expectedNear),
      rows: global.rows,
      log10Bound: log10FactorialBound(global.matched),
    },
    sameAs,
    inAncestor: inAncestor(cell.a.tensor) || inAncestor(cell.b.tensor),
    controls: controls.map(({ againstA, againstB }) =>
      named(againstA && plain(againstA), againstB && plain(againstB)),
    ),
  };
}

function plain({ sizes, matched }: WindowedMatching): { sizes: number[]; matched: number[] } {
  return { sizes: [...sizes], matched: [...matched] };
}
