/** Is one side's difference from the other the rounding of a quantiser? */
export interface Lattice {
  /** Elements that share a scale, or 0 for a whole row. */
  readonly block: number;
  /** 4, 8, or null where the levels cannot be counted. */
  readonly bits: number | null;
  /** How it shows: by the file's own steps, by bounded even residuals, or by few distinct values. */
  readonly sign: "steps" | "residual" | "levels";
}

const blocks = [32, 64, 128, 0] as const;
/** Excess kurtosis of a uniform distribution is −1.2, of one rounded to bfloat16 afterwards −.5; noise has 0, training more. */
const evenKurtosis = -0.4;
/** Blocks looked at for levels: distinct values are slow to count, and few blocks tell. */
const levelBlocks = 12;

/** `values` is the side that may be quantised, `other` the one it may come from; `steps` are its file's own. */
export function latticeOf(
  values: Float32Array,
  other: Float32Array,
  steps: Float32Array | null,
  cols: number,
): Lattice | null {
  if (steps !== null)
    return withinSteps(values, other, steps) ? { block: 0, bits: null, sign: "steps" } : null;
  for (const size of blocks) {
    const block = size === 0 ? cols : size;
    if (block > cols || cols % block !== 0 || block < 32) continue;
    const [mine, theirs] = [distinctValues(values, block), distinctValues(other, block)];
    const few = mine <= 16.5 ? 4 : mine <= 256.5 ? 8 : null;
    if (few !== null && mine * 2 <= theirs && block >= 2 * mine)
      return { block: size, bits: few, sign: "levels" };
  }
  for (const size of blocks) {
    const block = size === 0 ? cols : size;
    if (block > cols || cols % block !== 0 || block < 8) continue;
    const { kurtosis, levels } = blockResidual(values, other, block);
    if (kurtosis <= Math.min(evenKurtosis, -4.5 * Math.sqrt(24 / values.length)) && levels >= 3) {
      const bits = levels <= 24 ? 4 : levels <= 400 ? 8 : null;
      return { block: size, bits, sign: "residual" };
    }
  }
  return null;
}

/** Nineteen of twenty differences within half a step: scales found by search clip a few. */
function withinSteps(values: Float32Array, other: Float32Array, steps: Float32Array): boolean {
  let inside = 0;
  for (let i = 0; i < values.length; i++) {
    const gap = Math.abs((values[i] as number) - (other[i] as number));
    if (gap <= 0.505 * Math.abs(steps[i] as number)) inside += 1;
  }
  return inside >= 0.95 * values.length;
}

/** Mean number of distinct values in a block. */
function distinctValues(values: Float32Array, block: number): number {
  let [sum, count] = [0, 0];
  const end = Math.min(values.length, block * (block > 128 ? 1 : levelBlocks));
  for (let from = 0; from + block <= end; from += block) {
    const sorted = values.slice(from, from + block).sort();
    for (let i = 0; i < block; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) sum += 1;
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}

/** Kurtosis of the difference over the largest value of its block, and how many such steps fit into that range. */
function blockResidual(values: Float32Array, other: Float32Array, block: number) {
  let [n, two, four] = [0, 0, 0];
  for (let from = 0; from + block <= values.length; from += block) {
    let largest = 0;
    for (let i = from; i < from + block; i++) largest = Math.max(largest, Math.abs(other[i] as number));
    if (largest === 0) continue;
    for (let i = from; i < from + block; i++) {
      const x = ((values[i] as number) - (other[i] as number)) / largest;
      n += 1;
      two += x * x;
      four += x * x * x * x;
    }
  }
  if (n < 256 || two === 0) return { kurtosis: 0, levels: 0 };
  // A uniform residual of a step q has variance q²/12; the range is twice the largest value.
  const step = Math.sqrt((12 * two) / n);
  return { kurtosis: (four * n) / (two * two) - 3, levels: 2 / step };
}
