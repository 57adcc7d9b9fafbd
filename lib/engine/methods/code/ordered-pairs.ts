import type { CodeIndex } from "./code-index";
import { span } from "./prefix-sums";
import { radixSorted } from "./radix";
import type { Runs } from "./runs";

/** Pairs of units that share runs: pair p owns `members[starts[p]] … members[starts[p + 1] − 1]`, numbers of runs. */
export interface OrderedPairs {
  readonly starts: Uint32Array;
  readonly members: Uint32Array;
  /** Of each run, both sides together. */
  readonly weights: Float64Array;
  /** Pairs, the one first that could explain most of both units; ties by unit. */
  readonly order: Uint32Array;
}

/** Groups runs by the pair of units they stand in, and ranks the pairs by mass / (both wholes) · √mass. */
export function orderedPairs(
  a: CodeIndex,
  b: CodeIndex,
  runs: Runs,
  sumsA: Float64Array,
  sumsB: Float64Array,
): OrderedPairs {
  const count = runs.a.length;
  const unitA = Uint32Array.from(runs.a, (at) => a.unitOf[at] as number);
  const unitB = Uint32Array.from(runs.b, (at) => b.unitOf[at] as number);
  const byB = radixSorted(
    Uint32Array.from(unitB, (_, run) => run),
    unitB,
    b.units.length,
  );
  const members = radixSorted(byB, unitA, a.units.length);
  const weights = new Float64Array(count);
  const starts = new Uint32Array(count + 1);
  const ranks = new Float64Array(count);
  let pairs = 0;
  let mass = 0;
  const close = (last: number) => {
    const [wholeA, wholeB] = [
      wholeOf(a, sumsA, unitA[last] as number),
      wholeOf(b, sumsB, unitB[last] as number),
    ];
    const least = Math.min(mass, wholeA, wholeB);
    ranks[pairs++] = wholeA + wholeB === 0 ? 0 : (least / (wholeA + wholeB)) * Math.sqrt(least);
    mass = 0;
  };
  for (const [at, run] of members.entries()) {
    const before = members[at - 1] as number;
    if (at > 0 && (unitA[run] !== unitA[before] || unitB[run] !== unitB[before])) {
      close(before);
      starts[pairs] = at;
    }
    const [length, ofA, ofB] = [runs.length[run] as number, runs.a[run] as number, runs.b[run] as number];
    const [massA, massB] = [span(sumsA, ofA, length), span(sumsB, ofB, length)];
    weights[run] = massA + massB;
    mass += Math.min(massA, massB);
  }
  if (count > 0) close(members[count - 1] as number);
  starts[pairs] = count;
  return { starts: starts.slice(0, pairs + 1), members, weights, order: descending(ranks.slice(0, pairs)) };
}

function wholeOf(index: CodeIndex, sums: Float64Array, unit: number): number {
  const { from, to } = index.units[unit] as { from: number; to: number };
  return span(sums, from, to - from);
}

/** Positions of values ≥ 0, largest first, equal ones in order: the bits of such doubles sort as whole numbers do. */
function descending(values: Float64Array): Uint32Array {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  const half = (offset: number) =>
    Uint32Array.from(values, (_, at) => ~view.getUint32(at * 8 + offset, isLittleEndian) >>> 0);
  const [low, high] = isLittleEndian ? [half(0), half(4)] : [half(4), half(0)];
  const start = Uint32Array.from(values, (_, at) => at);
  return radixSorted(radixSorted(start, low, 0xffffffff), high, 0xffffffff);
}

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
