import type { RowBlock } from "../../statistics/row-matching";
import type { ReleaseWeights, WeightTensor } from "../../weights/release-weights";
import { type MeasuredCell, measureCells, type Sides } from "./measure-cells";
import { countedStacks, type NeuronStack, neuronStacks, type Places, valueStacks } from "./neuron-groups";
import { countedCells, pooled } from "./pooled";
import type { PooledStatistics } from "./schema";
import { type Cell, cellsAt, pairStacks, spread } from "./stack-pairs";

const mostPrivateCells = 64;

/**
 * Whether some ancestor has a tensor that could be this one's source: same role and shape, whatever its name and the
 * part of the model (a tower may be published by itself). Rather too often than too seldom: what an ancestor might explain is never private.
 */
export function presenceIn(ancestors: readonly ReleaseWeights[]): (tensor: WeightTensor) => boolean {
  const known = new Set(ancestors.flatMap((weights) => [...weights.tensors.values()].map(signature)));
  return (tensor) => known.has(signature(tensor));
}

/**
 * Cells along admissible axes only (admissible-axes.ts), of groups that no ancestor has: neurons of new MLPs, hidden
 * units of two-layer projectors, value channels of new attention.
 */
function privateCells(
  { a, b, leftOut }: Sides,
  adopted: { original: Places; suspect: Places },
  inAncestor: (tensor: WeightTensor) => boolean,
): Cell[] {
  const own = (stacks: readonly NeuronStack[]): NeuronStack[] =>
    stacks.flatMap((stack) => {
      const groups = stack.groups.filter(({ tensor }) => !inAncestor(tensor));
      return groups.length === 0 ? [] : [{ ...stack, groups }];
    });
  return [neuronStacks, valueStacks].flatMap((stacks) =>
    pairStacks(
      own(countedStacks(stacks(a, adopted.original), leftOut?.a)),
      own(countedStacks(stacks(b, adopted.suspect), leftOut?.b)),
    ).flatMap((pair) => cellsAt(pair, 0)),
  );
}

/** The windowed statistic over private groups alone; `pooled` is null where there is none to be tested. */
export async function privateGroups(
  sides: Sides,
  adopted: { original: Places; suspect: Places },
  inAncestor: (tensor: WeightTensor) => boolean,
): Promise<{ cells: MeasuredCell[]; pooled: PooledStatistics | null }> {
  const cells = spread(privateCells(sides, adopted, inAncestor), mostPrivateCells);
  const measured = (await measureCells(sides, cells, [])).map(withoutConstantStart);
  const { counted } = countedCells(measured);
  return { cells: measured, pooled: pooled(counted.map(({ windows }) => windows)) };
}

/** A matrix that still resembles the identity started as one: its numbering is the constructor's. */
function withoutConstantStart(measured: MeasuredCell): MeasuredCell {
  const { kept, range, cell } = measured;
  if (kept === null || range === null || cell.a.tensor.rows !== cell.a.tensor.cols) return measured;
  const suspicious = [kept.a, kept.b].some((block) => isIdentityLike(block, range.start));
  if (!suspicious) return measured;
  return { ...measured, unmeasured: "constant-start", windows: { sizes: [], matched: [] }, global: null };
}

/** At least half of the rows are largest at their own index (by chance one in as many as there are columns). */
function isIdentityLike({ values, rows, cols }: RowBlock, start: number): boolean {
  let own = 0;
  for (let row = 0; row < rows; row++) {
    let [largest, at] = [-1, -1];
    for (let col = 0; col < cols; col++) {
      const size = Math.abs(values[row * cols + col] as number);
      if (size > largest) [largest, at] = [size, col];
    }
    if (at === start + row) own += 1;
  }
  return own * 2 >= rows;
}

function signature({ place, rows, cols }: WeightTensor): string {
  return `${place.role} ${rows} ${cols}`;
}
