import { type RowBlock, windowRows } from "../../statistics/row-matching";
import type { ReleaseWeights, WeightTensor } from "../../weights/release-weights";
import { SeededStream } from "../../weights/sample-seed";
import type { Named } from "../weights-independence/cell-statistics";
import { type NeuronGroup, type NeuronStack, neuronStacks } from "../weights-independence/neuron-groups";
import { pairStacks } from "../weights-independence/stack-pairs";
import { matchedRows, type RowPair } from "./matched-rows";
import { nearestRows } from "./nearest-rows";
import { readAllRows, readAsRows } from "./read-rows";
import type { InvariantStatistics } from "./schema";
import type { InvariantInput, TokenPlan } from "./token-plan";
import type { TokenView } from "./token-view";

const mostReferences = 2048;
/** Multiplications that one comparison may cost; columns or tokens are thinned to stay below. */
const mostProducts = 20e9;
/**
 * Below this share of the references agreement says nothing, whatever the controls show: between independent micro
 * models up to 12 of 64 agreed (statistics/calibration.ts), in larger ones up to 6 of 256.
 */
const leastShare = 0.3;
/** And it must be this many times what the most alike control shows (at least one). */
const overControls = 10;
const controlsNeeded = 2;

type View = "up" | "gate" | "down";
export type NeuronSearch = NonNullable<InvariantStatistics["search"]>;

interface Subject {
  readonly a: NeuronGroup;
  readonly b: NeuronGroup;
  readonly by: "rows" | "tokens";
  readonly views: readonly [View, View];
  /** The stack of a, and where in its depth the layer stands. */
  readonly stack: NeuronStack;
  readonly part: number;
}

/**
 * 2C: neurons renumbered. In one layer every reference neuron looks for its nearest among all neurons of the other side,
 * by two matrices separately; where both name the same one, they agree. Independent models share features, so that no
 * exact law is known: unrelated controls of like shape, at equal depth, say what is ordinary.
 */
export async function searchNeurons(
  input: InvariantInput,
  stacks: { a: readonly NeuronStack[]; b: readonly NeuronStack[] },
  plan: TokenPlan | null,
  related: readonly boolean[],
  named: Named,
): Promise<NeuronSearch | null> {
  const byRows = subjectOf(input.seed, stacks, "rows");
  const first = byRows && (await search(input, byRows, null, related, named));
  if (first !== null && first.agree >= leastShare * first.references) return first;
  const byTokens = plan && subjectOf(input.seed, stacks, "tokens");
  const second = byTokens && (await search(input, byTokens, plan, related, named));
  return second !== null && (first === null || second.agree >= leastShare * second.references)
    ? second
    : first;
}

/** One layer from the middle third, by the seed, of the largest pair of stacks. */
function subjectOf(
  seed: string,
  stacks: { a: readonly NeuronStack[]; b: readonly NeuronStack[] },
  by: "rows" | "tokens",
): Subject | null {
  const pairs = pairStacks(stacks.a, stacks.b, { anyWidth: by === "tokens" });
  const size = ({ a }: { a: NeuronStack }) => (a.group === "language-model" ? 1e6 : 0) + a.groups.length;
  const [pair] = [...pairs].sort((x, y) => size(y) - size(x));
  if (pair === undefined) return null;
  const layers = [...new Set(pair.a.groups.map(({ layer }) => layer))];
  const third = Math.max(1, Math.ceil(layers.length / 3));
  const at = Math.min(
    layers.length - 1,
    Math.floor(layers.length / 3) + new SeededStream(seed, "search").below(third),
  );
  const a = pair.a.groups.find(({ layer }) => layer === layers[at]);
  const b = a && atDepth(pair.b, at / layers.length, a.expert);
  if (a === undefined || b === undefined) return null;
  const both = (view: View) => a[view] !== null && b[view] !== null;
  const second = (["gate", "down"] as const).find(
    (view) => both(view) && !(by === "tokens" && view === "down"),
  );
  return both("up") && second !== undefined
    ? { a, b, by, views: ["up", second], stack: pair.a, part: at / layers.length }
    : null;
}

/** The group at the same part of the depth. A single MLP meets the first expert of a mixture, as in 2A: it may be grown from it. */
function atDepth(stack: NeuronStack, part: number, expert: number | null): NeuronGroup | undefined {
  const layers = [...new Set(stack.groups.map(({ layer }) => layer))];
  const layer = layers[Math.min(layers.length - 1, Math.floor(part * layers.length + 1e-9))];
  const here = stack.groups.filter((group) => group.layer === layer);
  const same = here.find((group) => group.expert === expert);
  return same ?? (expert === null ? here[0] : here.find((group) => group.expert === null));
}

async function search(
  input: InvariantInput,
  subject: Subject,
  plan: TokenPlan | null,
  related: readonly boolean[],
  named: Named,
): Promise<NeuronSearch | null> {
  const { a, b, by, views } = subject;
  const height = a.tensor.rows;
  const count = Math.min(mostReferences, height);
  const places = Math.floor((height - count) / windowRows) + 1;
  const start = new SeededStream(input.seed, "references").below(places) * windowRows;
  const references = { start, rows: count };
  const width = Math.max(64, Math.floor(mostProducts / (2 * count * b.tensor.rows)));
  const rowsOf = (
    weights: ReleaseWeights,
    group: NeuronGroup,
    view: TokenView | null,
    range: typeof references | null,
  ) => Promise.all(views.map((name) => blockOf(weights, group, name, { by, view, range, width, input })));

  const [mine, theirs] = [
    await rowsOf(input.a, a, plan?.a ?? null, references),
    await rowsOf(input.b, b, plan?.b ?? null, null),
  ];
  const agreed = agreement(mine, theirs);
  if (agreed === null) return null;
  const controls: NeuronSearch["controls"] = [];
  for (const [position, weights] of input.controls.entries()) {
    input.signal?.throwIfAborted();
    const group = weights && controlGroup(weights, subject);
    const other = group && weights && (await rowsOf(weights, group, plan?.controls[position] ?? null, null));
    const pairs = other && agreement(mine, other);
    controls.push({
      position,
      agree: pairs?.length ?? null,
      candidates: pairs && (other?.[0]?.rows ?? null),
    });
  }
  const usable = controls.filter(({ agree, position }) => agree !== null && !related[position]);
  const ordinary = usable.reduce((most, { agree }) => Math.max(most, agree ?? 0), 1);
  const strong = agreed.length >= Math.max(leastShare * count, overControls * ordinary);
  const [rowsA, rowsB] = [mine[0] as RowBlock, theirs[0] as RowBlock];
  return {
    by,
    layer: named(a.layer, b.layer),
    views: [...views],
    references: count,
    candidates: theirs[0]?.rows ?? 0,
    agree: agreed.length,
    ownIndex: agreed.filter(([i, j]) => i + start === j).length,
    controls,
    calibratedBy: usable.length,
    found: strong && usable.length >= controlsNeeded,
    matchedRows: strong ? matchedRows(rowsA, rowsB, agreed) : null,
  };
}

/** Pairs (reference, candidate) that both views name; null where a view cannot be compared. */
function agreement(
  mine: readonly (RowBlock | null)[],
  theirs: readonly (RowBlock | null)[],
): RowPair[] | null {
  const nearest: Int32Array[] = [];
  for (const [view, block] of mine.entries()) {
    const other = theirs[view] ?? null;
    if (block === null || other === null || block.cols !== other.cols) return null;
    nearest.push(nearestRows(block, other));
  }
  const [one, two] = nearest as [Int32Array, Int32Array];
  return [...one.entries()].filter(([i, j]) => j >= 0 && two[i] === j);
}

/** The group of a control at the part of the depth where the pair's layer stands. */
function controlGroup(weights: ReleaseWeights, { stack, a, by, part }: Subject): NeuronGroup | null {
  const [pair] = pairStacks([stack], neuronStacks(weights), { anyWidth: by === "tokens" });
  return (pair && atDepth(pair.b, part, a.expert)) ?? null;
}

interface BlockOptions {
  readonly by: "rows" | "tokens";
  readonly view: TokenView | null;
  readonly range: { start: number; rows: number } | null;
  readonly width: number;
  readonly input: InvariantInput;
}

async function blockOf(
  weights: ReleaseWeights,
  group: NeuronGroup,
  name: View,
  { by, view, range, width, input: { signal } }: BlockOptions,
): Promise<RowBlock | null> {
  const tensor = group[name] as WeightTensor | null;
  if (tensor === null) return null;
  const rows = range ?? { start: 0, rows: group.tensor.rows };
  if (by === "tokens") {
    if (view === null || name === "down") return null;
    const through = (block: RowBlock) => view.of(group, block, signal, width);
    return readAllRows(weights, tensor, rows, through, signal);
  }
  return name === "down"
    ? readAsRows(weights, tensor, rows, width, signal)
    : readAllRows(weights, tensor, rows, async (block) => thinned(block, width), signal);
}

/** Columns spread evenly over the row, at most `width`. */
function thinned({ values, rows, cols }: RowBlock, width: number): RowBlock {
  if (cols <= width) return { values, rows, cols };
  const out = new Float32Array(rows * width);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let k = 0; k < width; k++) out[at++] = values[row * cols + Math.floor((k * cols) / width)] as number;
  }
  return { values: out, rows, cols: width };
}
