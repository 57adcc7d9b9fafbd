import { log10FixedPointTail } from "../../statistics/rencontres";
import { rounded } from "../../statistics/round";
import {
  type RowBlock,
  usableOnBoth,
  type WindowedMatching,
  windowedMatching,
} from "../../statistics/row-matching";
import { SeededStream } from "../../weights/sample-seed";
import { type Named, placeStatistics } from "../weights-independence/cell-statistics";
import { controlPlans } from "../weights-independence/controls";
import { times } from "../weights-independence/multiplicity";
import type { NeuronStack } from "../weights-independence/neuron-groups";
import { pooled, sum } from "../weights-independence/pooled";
import { collapse } from "../weights-independence/resemblance";
import { fewestRows, keepRows, type RowRange, readRows, rowRange } from "../weights-independence/row-sample";
import { type Cell, cellsAt, pairStacks, shared } from "../weights-independence/stack-pairs";
import { meanCosine, rowScales } from "./matched-rows";
import type { InvariantStatistics } from "./schema";
import type { InvariantInput, TokenPlan } from "./token-plan";

const mostCells = 64;
const together = 4;
/**
 * Models trained on like data share features, and features have an order: the measured excess over the null is 4 to
 * 10 % of the windows. That many rows and half as many again are granted before p is taken.
 */
const grantedExcess = 0.15;
/** Beyond this the null of 2B is not known well enough; no lower p is printed. */
export const floorLog10 = -6;

interface ProductCell {
  readonly cell: Cell;
  readonly range: RowRange | null;
  readonly rows: number;
  readonly windows: WindowedMatching;
  readonly kept: { readonly a: RowBlock; readonly b: RowBlock } | null;
  /** Of rows at their own index: mean |cosine|, and how unevenly neurons were scaled. */
  readonly cosine: number | null;
  readonly rawCosine: number | null;
  readonly scaleVariation: number | null;
  readonly controls: readonly { a: WindowedMatching | null; b: WindowedMatching | null }[];
}

export interface ProductFinding {
  readonly statistics: NonNullable<InvariantStatistics["products"]>;
  /** After all corrections, not below the floor; null where nothing could be measured. */
  readonly log10P: number | null;
}

/** 2B: the windowed matching of neurons seen through shared tokens. */
export async function measureProducts(
  input: InvariantInput,
  stacks: { a: readonly NeuronStack[]; b: readonly NeuronStack[] },
  plan: TokenPlan,
  named: Named,
): Promise<ProductFinding> {
  const cells = productCells(stacks, plan);
  const controls = controlPlans(input.controls, stacks.a, stacks.b, { anyWidth: true });
  const measured: ProductCell[] = [];
  for (let at = 0; at < cells.length; at += together) {
    input.signal?.throwIfAborted();
    const next = cells.slice(at, at + together);
    measured.push(...(await Promise.all(next.map((cell) => productCell(input, plan, controls, cell)))));
    input.onProgress?.(measured.length / cells.length);
  }
  const usable = [...measured.keys()].filter((index) => (measured[index]?.windows.sizes.length ?? 0) > 0);
  const together2 = collapse(usable.flatMap((index) => measured[index]?.kept ?? []));
  const roots = measured.map((_, index) => index);
  for (const [at, index] of usable.entries()) roots[index] = usable[together2[at] as number] as number;
  const counted = measured.filter((_, index) => usable.includes(index) && roots[index] === index);
  const result = pooled(counted.map(({ windows }) => windows));
  const granted = Math.ceil(grantedExcess * (result?.windows ?? 0));
  const sizes = counted.flatMap(({ windows }) => windows.sizes);
  const guarded = result && log10FixedPointTail(sizes, Math.max(0, result.matched - granted));
  const log10P = guarded === null ? null : Math.max(floorLog10, times(guarded, input.screened));
  const statistics: ProductFinding["statistics"] = {
    tokens: plan.statistics,
    hidden: named(plan.hidden.a, plan.hidden.b),
    gains: named(
      plan.gains(
        cells.map(({ a }) => a),
        "a",
      ),
      plan.gains(
        cells.map(({ b }) => b),
        "b",
      ),
    ),
    cells: measured.map((one, index) => ({
      group: one.cell.a.group === one.cell.b.group ? one.cell.a.group : "other",
      ...named(placeStatistics(one.cell.a), placeStatistics(one.cell.b)),
      sampled: one.range && { start: one.range.start, rows: one.range.rows },
      rows: one.rows,
      windows: plain(one.windows),
      matched: sum(one.windows.matched),
      cosine: one.cosine === null ? null : rounded(one.cosine),
      rawCosine: one.rawCosine === null ? null : rounded(one.rawCosine),
      scaleVariation: one.scaleVariation === null ? null : rounded(one.scaleVariation),
      sameAs: roots[index] === index ? null : (roots[index] as number),
      controls: one.controls.map(({ a, b }) => named(a && plain(a), b && plain(b))),
    })),
    pooled: result,
    granted,
    log10Granted: guarded,
    floor: floorLog10,
    controls: controls.map((_, position) => {
      const against = (side: "a" | "b") =>
        pooled(counted.flatMap(({ controls: all }) => all[position]?.[side] ?? []));
      const [a, b] = [against("a"), against("b")];
      return { position, like: a !== null && b !== null, against: named(a, b) };
    }),
  };
  return { statistics, log10P };
}

/** Stacks of the language model that the embedding feeds, of any width on either side. */
function productCells(
  stacks: { a: readonly NeuronStack[]; b: readonly NeuronStack[] },
  plan: TokenPlan,
): Cell[] {
  const fed = (list: readonly NeuronStack[], hidden: number) =>
    list.filter(({ group, cols }) => cols === hidden && group !== "vision-tower" && group !== "projector");
  const pairs = pairStacks(fed(stacks.a, plan.hidden.a), fed(stacks.b, plan.hidden.b), { anyWidth: true });
  return shared(
    pairs.map((pair) => cellsAt(pair, 0)),
    mostCells,
  );
}

async function productCell(
  { a, b, seed, signal, controls }: InvariantInput,
  plan: TokenPlan,
  plans: ReturnType<typeof controlPlans>,
  cell: Cell,
): Promise<ProductCell> {
  const range = rowRange(seed, cell.height, Math.max(cell.a.tensor.cols, cell.b.tensor.cols));
  const empty = {
    cell,
    range,
    rows: 0,
    windows: { sizes: [], matched: [] },
    kept: null,
    cosine: null,
    rawCosine: null,
    scaleVariation: null,
    controls: [],
  };
  if (range === null) return empty;
  const [rawA, rawB] = await Promise.all([
    readRows(a, cell.a.tensor, range, signal),
    readRows(b, cell.b.tensor, range, signal),
  ]);
  if (rawA === null || rawB === null) return empty;
  const [seenA, seenB] = await Promise.all([
    plan.a.of(cell.a, rawA, signal),
    plan.b.of(cell.b, rawB, signal),
  ]);
  const raw = usableOnBoth(rawA, rawB).usable;
  const seen = new Set(usableOnBoth(seenA, seenB).usable);
  const usable = raw.filter((row) => seen.has(row));
  const kept = { a: keepRows(rawA), b: keepRows(rawB) };
  if (usable.length < fewestRows) return { ...empty, rows: usable.length, kept };
  const ties = (label: string) =>
    new SeededStream(seed, `ties/tokens/${label}/${cell.a.tensor.name}\n${cell.b.tensor.name}`);
  const others = await Promise.all(
    controls.map(async (weights, i) => {
      const [view, group] = [plan.controls[i] ?? null, plans[i]?.groupFor(cell) ?? null];
      if (weights === null || view === null || group === null) return { a: null, b: null };
      const rows = await readRows(weights, group.tensor, range, signal);
      if (rows === null) return { a: null, b: null };
      const block = await view.of(group, rows, signal);
      const against = (side: RowBlock, label: string) => {
        const both = usableOnBoth(side, block).usable;
        return both.length < fewestRows ? null : windowedMatching(side, block, both, ties(label));
      };
      return { a: against(view.columns(seenA), `${i}/a`), b: against(view.columns(seenB), `${i}/b`) };
    }),
  );
  const windows = windowedMatching(seenA, seenB, usable, ties("windows"));
  return {
    ...empty,
    rows: usable.length,
    kept,
    windows,
    cosine: meanCosine(seenA, seenB, usable),
    rawCosine: rawA.cols === rawB.cols ? meanCosine(rawA, rawB, usable) : null,
    scaleVariation: rowScales(
      seenA,
      seenB,
      usable.map((row) => [row, row]),
    ).variation,
    controls: others,
  };
}

function plain({ sizes, matched }: WindowedMatching): { sizes: number[]; matched: number[] } {
  return { sizes: [...sizes], matched: [...matched] };
}
