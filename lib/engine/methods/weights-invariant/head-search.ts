import { multiplyTransposed } from "../../kernels";
import { type RowBlock, unitRows } from "../../statistics/row-matching";
import type { ReleaseWeights, WeightTensor } from "../../weights/release-weights";
import type { Named } from "../weights-independence/cell-statistics";
import { type NeuronGroup, valueStacks } from "../weights-independence/neuron-groups";
import { pairStacks } from "../weights-independence/stack-pairs";
import { readAsRows } from "./read-rows";
import type { InvariantStatistics } from "./schema";
import type { InvariantInput } from "./token-plan";

/** Channels of each value head, and rows of the output matrix, that are looked at. */
const channels = 16;
const outputRows = 256;
const mostElements = 1 << 25;
/** A head counts as found again only above this |cosine| in both views; unrelated blocks stay below .1. */
const alike = 0.3;

/**
 * Whole heads renumbered? In the middle layer every head is held against all of the other side, once by the first
 * channels of the value head that it reads and once by its own columns of the output matrix. A head is found again
 * where both lead to the same place. Only where configurations state equal heads.
 */
export async function searchHeads(
  { a, b, places, signal }: InvariantInput,
  named: Named,
): Promise<InvariantStatistics["heads"]> {
  const { headDim, kvHeads, heads } = a.config;
  if (headDim === null || kvHeads === null || heads === null || heads < 2 || heads % kvHeads !== 0)
    return null;
  if (b.config.headDim !== headDim || b.config.kvHeads !== kvHeads || b.config.heads !== heads) return null;
  if (headDim < channels) return null;
  const each = heads / kvHeads;
  const own = (stacks: ReturnType<typeof valueStacks>) =>
    stacks.filter(
      ({ group, groups }) => group === "language-model" && groups[0]?.tensor.rows === headDim * kvHeads,
    );
  const [pair] = pairStacks(own(valueStacks(a, places.original)), own(valueStacks(b, places.suspect)));
  const middle = pair?.a.groups[Math.floor(pair.a.groups.length / 2)];
  const other = pair?.b.groups.find(({ layer }) => layer === middle?.layer);
  if (middle === undefined || other === undefined) return null;
  const of = async (weights: ReleaseWeights, group: NeuronGroup) =>
    Promise.all([
      valueBlocks(weights, group.tensor, kvHeads, headDim, signal),
      outputBlocks(weights, group.down, heads, signal),
    ]);
  const [mine, theirs] = [await of(a, middle), await of(b, other)];
  const [byValue, byOutput] = [nearestHeads(mine[0], theirs[0]), nearestHeads(mine[1], theirs[1])];
  if (byValue === null || byOutput === null) return null;
  const agreed = byOutput.flatMap((to, head) =>
    to >= 0 && byValue[Math.floor(head / each)] === Math.floor(to / each) ? [[head, to] as const] : [],
  );
  return {
    layer: named(middle.layer, other.layer),
    heads,
    agree: agreed.length,
    ownIndex: agreed.filter(([from, to]) => from === to).length,
  };
}

/** One row per head: its first channels, one after the other. */
async function valueBlocks(
  weights: ReleaseWeights,
  tensor: WeightTensor,
  heads: number,
  headDim: number,
  signal?: AbortSignal,
): Promise<RowBlock | null> {
  const { cols } = tensor;
  const width = channels * cols;
  if (heads * width > mostElements) return null;
  const blocks = await Promise.all(
    Array.from({ length: heads }, (_, head) => {
      const start = head * headDim * cols;
      return weights.read(tensor, start, start + width, signal);
    }),
  );
  const values = new Float32Array(heads * width);
  for (const [head, block] of blocks.entries()) {
    if (block === null) return null;
    values.set(block, head * width);
  }
  return { values, rows: heads, cols: width };
}

/** One row per head: its columns of the output matrix over some of its rows. */
async function outputBlocks(
  weights: ReleaseWeights,
  output: WeightTensor,
  heads: number,
  signal?: AbortSignal,
): Promise<RowBlock | null> {
  const columns = await readAsRows(weights, output, { start: 0, rows: output.cols }, outputRows, signal);
  if (columns === null || output.cols % heads !== 0) return null;
  return { values: columns.values, rows: heads, cols: (output.cols / heads) * columns.cols };
}

function nearestHeads(a: RowBlock | null, b: RowBlock | null): number[] | null {
  if (a === null || b === null || a.cols !== b.cols) return null;
  const all = Array.from({ length: a.rows }, (_, head) => head);
  const cosines = multiplyTransposed(unitRows(a, all), unitRows(b, all), a.rows, b.rows, a.cols);
  return all.map((head) => {
    let [largest, best] = [alike, -1];
    for (let other = 0; other < b.rows; other++) {
      const size = Math.abs(cosines[head * b.rows + other] as number);
      if (size > largest) [largest, best] = [size, other];
    }
    return best;
  });
}
