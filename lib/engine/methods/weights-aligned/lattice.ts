/**
 * Do the values of one side stand on the levels of a quantiser? Told from the values themselves: an even residual alone
 * proves nothing, for the first steps of Adam move all weights by about as much.
 */
export interface Lattice {
  /** Elements that share a scale, or 0 for a whole row. */
  readonly block: number;
  /** 4, 8, or null where the levels cannot be counted. */
  readonly bits: number | null;
  /** How it shows: by the file's own steps, by few distinct values, or by even distances between them. */
  readonly sign: "steps" | "levels" | "lattice";
}

const blocks = [32, 64, 128, 0] as const;
/** Steps from 0 to the largest value (from the smallest, where negative), and the bits of such a code. */
const lattices = [
  [7, 4],
  [8, 4],
  [-15, 4],
  [127, 8],
  [128, 8],
  [-255, 8],
] as const;
const onLattice = 0.15;
const notOnLattice = 0.2;
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
    if (block > cols || cols % block !== 0 || block < 32) continue;
    for (const [levels, bits] of lattices) {
      const off = offLattice(values, block, levels);
      if (off < onLattice && offLattice(other, block, levels) > notOnLattice)
        return { block: size, bits, sign: "lattice" };
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

/**
 * Mean distance of the values from the points of their block's lattice, in steps: ¼ for values that know of none, less
 * than a tenth for a lattice stored in bfloat16. Symmetric lattices have their largest value on the last of `levels`
 * steps from 0; asymmetric ones (negative `levels`) run from the smallest to the largest. Blocks whose values mostly lie
 * within one step of 0 tell nothing.
 */
function offLattice(values: Float32Array, block: number, levels: number): number {
  let [sum, n] = [0, 0];
  const end = Math.min(values.length, Math.max(block, 4096));
  for (let from = 0; from + block <= end; from += block) {
    let [low, high, square] = [0, 0, 0];
    for (let i = from; i < from + block; i++) {
      const x = values[i] as number;
      low = Math.min(low, x);
      high = Math.max(high, x);
      square += x * x;
    }
    const step = levels > 0 ? Math.max(high, -low) / levels : (high - low) / -levels;
    if (!(square > block * step * step)) continue;
    const origin = levels > 0 ? 0 : low;
    for (let i = from; i < from + block; i++) {
      const at = ((values[i] as number) - origin) / step;
      sum += Math.abs(at - Math.floor(at + 0.5));
      n += 1;
    }
  }
  return n < 256 ? 0.25 : sum / n;
}
