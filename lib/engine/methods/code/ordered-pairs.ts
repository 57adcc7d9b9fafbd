import type { CodeIndex } from "./code-index";
import { span } from "./prefix-sums";
import { radixSorted } from "./radix";
import type { Runs } from "./runs";

/**
 * Pairs of units (runs.ts), the one first that could explain most of both: by mass / (both wholes) · √mass, the mass
 * being what their runs weigh on the lighter side. Ties by unit.
 */
export function orderedPairs(
  a: CodeIndex,
  b: CodeIndex,
  runs: Runs,
  sumsA: Float64Array,
  sumsB: Float64Array,
): Uint32Array {
  const ranks = new Float64Array(runs.pairs.length - 1);
  for (let pair = 0; pair < ranks.length; pair++) {
    const [from, to] = [runs.pairs[pair] as number, runs.pairs[pair + 1] as number];
    let mass = 0;
    for (let run = from; run < to; run++) {
      const length = runs.length[run] as number;
      const massA = span(sumsA, runs.a[run] as number, length);
      const massB = span(sumsB, runs.b[run] as number, length);
      mass += Math.min(massA, massB);
    }
    const wholeA = wholeOf(a, sumsA, runs.a[from] as number);
    const wholeB = wholeOf(b, sumsB, runs.b[from] as number);
    const least = Math.min(mass, wholeA, wholeB);
    ranks[pair] = wholeA + wholeB === 0 ? 0 : (least / (wholeA + wholeB)) * Math.sqrt(least);
  }
  return descending(ranks);
}

/** Weight of the unit that has this token. */
function wholeOf(index: CodeIndex, sums: Float64Array, at: number): number {
  const { from, to } = index.units[index.unitOf[at] as number] as { from: number; to: number };
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
