import type { MethodInput } from "../methods/method";
import { log } from "../statistics/elementary";
import { isConstructed } from "./constructed";
import { coarserGrid, type NumberGrid, roundToGrid } from "./number-grid";
import { type SampledPair, type SampledRuns, sampledRuns } from "./sampled-runs";

/** Why a tensor does not count (METHODS, "what counts"). */
export type LeftOutReason =
  /** An infinite or undefined value on a side. */
  | "not-finite"
  /** Fewer than 128 bits of empirical entropy in the sample: zero biases, unit gains, empty leaves. */
  | "little-entropy"
  /** Made by a known constructor: position ids, rotary frequencies, sine-cosine tables. */
  | "constructed"
  /** An ancestor holds the values of a side. */
  | "common-ancestor"
  /** An unrelated release holds the values of a side. */
  | "common-families";

/** A sampled pair with everybody's values on the grid of the coarser of the pair's dtypes. */
export interface CountedPair {
  readonly pair: SampledPair;
  readonly why: LeftOutReason | null;
  /** Null when a side is quantised: values are then as decoded. */
  readonly grid: NumberGrid | null;
  readonly o: Float32Array;
  readonly s: Float32Array;
  readonly ancestors: readonly (Float32Array | null)[];
  readonly controls: readonly (Float32Array | null)[];
  /** Indices of ancestors that hold the values of the side. */
  readonly heldBy: { readonly original: readonly number[]; readonly suspect: readonly number[] };
}

export interface CountedRuns {
  readonly runs: SampledRuns;
  readonly pairs: readonly CountedPair[];
}

/** The sampled pairs of a run with what counts among them; once for all methods of the run. */
export function countedRuns(input: MethodInput): Promise<CountedRuns | null> {
  return input.shared("weights/counted@1", async () => {
    const runs = await sampledRuns(input);
    return runs === null ? null : countRuns(runs);
  });
}

export function countRuns(runs: SampledRuns): CountedRuns {
  return { runs, pairs: runs.pairs.map(countPair) };
}

function countPair(pair: SampledPair): CountedPair {
  const grid = coarserGrid(pair.original.dtype, pair.suspect.dtype);
  const place = (dtype: string, values: Float32Array) =>
    coarserGrid(dtype, dtype) === grid ? values : roundToGrid(values, grid);
  const o = place(pair.original.dtype, pair.o);
  const s = place(pair.suspect.dtype, pair.s);
  const others = (given: SampledPair["ancestors"]) =>
    given.map((run) => {
      const values = run && place(run.dtype, run.values);
      return values?.every(Number.isFinite) ? values : null;
    });
  const [ancestors, controls] = [others(pair.ancestors), others(pair.controls)];
  const holders = (side: Float32Array, among: readonly (Float32Array | null)[]) =>
    among.flatMap((values, index) => (values && sameValues(side, values) ? [index] : []));
  const heldBy = { original: holders(o, ancestors), suspect: holders(s, ancestors) };
  const elsewhere = holders(o, controls).length + holders(s, controls).length > 0;
  return { pair, why: whyNot(pair, o, s, heldBy, elsewhere), grid, o, s, ancestors, controls, heldBy };
}

function whyNot(
  { at }: SampledPair,
  o: Float32Array,
  s: Float32Array,
  heldBy: CountedPair["heldBy"],
  elsewhere: boolean,
): LeftOutReason | null {
  if (!o.every(Number.isFinite) || !s.every(Number.isFinite)) return "not-finite";
  if (entropyBits(o) < leastBits || entropyBits(s) < leastBits) return "little-entropy";
  if (isConstructed(o, at.rows, at.cols) || isConstructed(s, at.rows, at.cols)) return "constructed";
  if (heldBy.original.length + heldBy.suspect.length > 0) return "common-ancestor";
  return elsewhere ? "common-families" : null;
}

const leastBits = 128;

/** n times the Shannon entropy of the values' own frequencies, in bits; of long samples only as much as is needed. */
export function entropyBits(values: Float32Array): number {
  const start = ofSample(values.subarray(0, 4096));
  return start >= leastBits || values.length <= 4096 ? start : ofSample(values);
}

function ofSample(values: Float32Array): number {
  const sorted = Float32Array.from(values).sort();
  const n = sorted.length;
  let [sum, from] = [0, 0];
  for (let i = 1; i <= n; i++) {
    if (i < n && sorted[i] === sorted[from]) continue;
    const count = i - from;
    sum += count * log(n / count);
    from = i;
  }
  return sum / Math.LN2;
}

export function sameValues(a: Float32Array, b: Float32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
