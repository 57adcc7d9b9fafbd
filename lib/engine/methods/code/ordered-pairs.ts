import type { CodeIndex } from "./code-index";
import { giveBack } from "./column";
import { span } from "./prefix-sums";
import { sortTogether } from "./radix";
import type { Runs } from "./runs";

/**
 * Pairs of units (runs.ts), the one first that could explain most of both: by mass / (both wholes) · √mass, the mass
 * being what their runs weigh on the lighter side. Ties by unit.
 */
export function orderedPairs(
  a: CodeIndex,
  b: CodeIndex,
  runs: Runs,
  sumsA: Uint32Array,
  sumsB: Uint32Array,
): Uint32Array {
  const [wholesA, wholesB] = [wholes(a, sumsA), wholes(b, sumsB)];
  const ranks = new Float64Array(runs.pairs.length - 1);
  let run = 0;
  for (let pair = 0; pair < ranks.length; pair++) {
    const wholeA = wholesA[a.unitOf[runs.a[run] as number] as number] as number;
    const wholeB = wholesB[b.unitOf[runs.b[run] as number] as number] as number;
    let mass = 0;
    for (const end = runs.pairs[pair + 1] as number; run < end; run++) {
      const length = runs.length[run] as number;
      const massA = span(sumsA, runs.a[run] as number, length);
      const massB = span(sumsB, runs.b[run] as number, length);
      mass += Math.min(massA, massB);
    }
    const least = Math.min(mass, wholeA, wholeB);
    ranks[pair] = wholeA + wholeB === 0 ? 0 : (least / (wholeA + wholeB)) * Math.sqrt(least);
  }
  const order = descending(ranks);
  giveBack(ranks);
  return order;
}

/** Weight of each unit. */
function wholes({ units }: CodeIndex, sums: Uint32Array): Float64Array {
  const weights = new Float64Array(units.length);
  for (const [unit, { from, to }] of units.entries()) weights[unit] = span(sums, from, to - from);
  return weights;
}

/** Positions of values ≥ 0, largest first, equal ones in order: the bits of such doubles sort as whole numbers do. */
function descending(values: Float64Array): Uint32Array {
  const halves = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  const order = new Uint32Array(values.length);
  const keys = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i++) {
    order[i] = i;
    keys[i] = ~(halves[2 * i + lowHalf] as number);
  }
  sortTogether(keys, order);
  for (let i = 0; i < order.length; i++)
    keys[i] = ~(halves[2 * (order[i] as number) + 1 - lowHalf] as number);
  sortTogether(keys, order);
  giveBack(keys);
  return order;
}

/** Which of the two words of a double has its lower bits. */
const lowHalf = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;
