import { pairMoments } from "../../kernels";
import type { CountedPair } from "../../weights/counted";
import { exponentOf, gridOf, unitAt } from "../../weights/number-grid";
import { type Lattice, latticeOf } from "./lattice";
import { type Rescaling, rescalingOf } from "./rescaled";
import { type WhiteNoise, whiteNoise } from "./white-noise";

/** What was done to one tensor, told from its sampled values alone. */
export type Change =
  | "equal"
  /** Apart by no more than the rounding of the two formats. */
  | "recast"
  | "pruned"
  | "quantised"
  | "rescaled"
  | "noise"
  /** Resembles its partner, and differs in a way that none of the others explains. */
  | "trained"
  /** No resemblance at equal positions. */
  | "none";

export interface TensorFacts {
  readonly counted: CountedPair;
  readonly matrix: boolean;
  readonly n: number;
  /** Share of equal values on the coarser grid. */
  readonly equal: number;
  /** Cosine of centred values. */
  readonly cosine: number;
  /** <S,O>/<O,O>, and with the sides swapped. */
  readonly lambda: { readonly original: number; readonly suspect: number };
  /** Root mean squares about the mean. */
  readonly sd: { readonly original: number; readonly suspect: number };
  readonly change: Change;
  /** Zeros on one side only, as a share. */
  readonly zeroed: { readonly original: number; readonly suspect: number };
  readonly lattice: (Lattice & { readonly side: "original" | "suspect" }) | null;
  readonly rescaling: Rescaling | null;
  readonly white: WhiteNoise | null;
}

/** Below this share of the larger |cosine| that chance gives, two tensors do not resemble each other. */
const resembles = 0.1;
/** Noise is only spoken of around values that are still mostly there. */
const noiseAround = 0.5;
const rotations = 8;

export function tensorFacts(counted: CountedPair): TensorFacts {
  const { o, s, pair } = counted;
  const { rows, cols } = pair.at;
  const moments = pairMoments(o, s);
  const { n } = moments;
  const [vo, vs] = [
    moments.sumAA / n - (moments.sumA / n) * (moments.sumA / n),
    moments.sumBB / n - (moments.sumB / n) * (moments.sumB / n),
  ];
  const covariance = moments.sumAB / n - (moments.sumA / n) * (moments.sumB / n);
  const cosine = vo > 0 && vs > 0 ? covariance / Math.sqrt(vo * vs) : 0;
  const zeroed = zerosOnOneSide(o, s);
  const base = {
    counted,
    matrix: pair.original.rows > 1 && pair.suspect.rows > 1,
    n,
    equal: moments.equal / n,
    cosine,
    lambda: { original: ratio(moments.sumAB, moments.sumAA), suspect: ratio(moments.sumAB, moments.sumBB) },
    sd: { original: Math.sqrt(Math.max(0, vo)), suspect: Math.sqrt(Math.max(0, vs)) },
    zeroed,
    lattice: null,
    rescaling: null,
    white: null,
  };
  if (base.equal === 1)
    return { ...base, change: pair.original.dtype === pair.suspect.dtype ? "equal" : "recast" };
  if (withinRounding(counted)) return { ...base, change: "recast" };
  if (Math.abs(cosine) < Math.max(resembles, 6 / Math.sqrt(n))) return { ...base, change: "none" };
  if (cosine < noiseAround && !rowsKnowEachOther(o, s, rows, cols, cosine)) {
    // Rows that were multiplied by −1 throughout are still the same rows.
    const turned = cosine < 0 ? rescalingOf(o, s, rows, cols) : null;
    return turned ? { ...base, rescaling: turned, change: "rescaled" } : { ...base, change: "none" };
  }
  if (isPruned(o, s, zeroed)) return { ...base, change: "pruned" };
  const lattice = cosine >= noiseAround ? eitherLattice(counted) : null;
  if (lattice) return { ...base, lattice, change: "quantised" };
  const rescaling = rescalingOf(o, s, rows, cols);
  if (rescaling) return { ...base, rescaling, change: "rescaled" };
  const white = cosine >= noiseAround ? whiteNoise(counted) : null;
  return { ...base, white, change: white?.isWhite ? "noise" : "trained" };
}

/**
 * Are equal rows more alike than rows of other numbers are? What all rows of a layer share (inputs that vary together,
 * a mean that the data set) makes unrelated tensors alike or opposite wherever they are laid on each other. A weak
 * resemblance counts only where it is positive and twice what the nearest rotations of the rows give.
 */
function rowsKnowEachOther(
  o: Float32Array,
  s: Float32Array,
  rows: number,
  cols: number,
  cosine: number,
): boolean {
  if (cosine <= 0) return false;
  const most = Math.min(rows - 1, rotations);
  for (let shift = 1; shift <= most; shift++) {
    for (const by of new Set([shift, rows - shift])) {
      const turned = new Float32Array(o.length);
      turned.set(s.subarray(by * cols));
      turned.set(s.subarray(0, by * cols), s.length - by * cols);
      const { n, sumA, sumB, sumAA, sumBB, sumAB } = pairMoments(o, turned);
      const both = (sumAA / n - (sumA / n) * (sumA / n)) * (sumBB / n - (sumB / n) * (sumB / n));
      const other = both > 0 ? (sumAB / n - (sumA / n) * (sumB / n)) / Math.sqrt(both) : 0;
      if (2 * Math.abs(other) > cosine) return false;
    }
  }
  return true;
}

function ratio(a: number, b: number): number {
  return b > 0 ? a / b : 0;
}

function zerosOnOneSide(o: Float32Array, s: Float32Array) {
  let [original, suspect] = [0, 0];
  for (let i = 0; i < o.length; i++) {
    if (o[i] === 0 && s[i] !== 0) original += 1;
    if (s[i] === 0 && o[i] !== 0) suspect += 1;
  }
  return { original: original / o.length, suspect: suspect / o.length };
}

/** Zeros on one side, in two of a hundred places or more, and equal values in all but one of a hundred others. */
function isPruned(o: Float32Array, s: Float32Array, zeroed: { original: number; suspect: number }): boolean {
  if (Math.max(zeroed.original, zeroed.suspect) < 0.02) return false;
  let [both, equal] = [0, 0];
  for (let i = 0; i < o.length; i++) {
    if (o[i] === 0 || s[i] === 0) continue;
    both += 1;
    if (o[i] === s[i]) equal += 1;
  }
  return both > 0 && equal >= 0.99 * both;
}

/**
 * Two formats of the same numbers: every difference within half a unit of each. With one format for both, values that
 * went through another in between differ by one unit at most, rarely, and as often in small values as in large ones.
 */
function withinRounding({ pair, o, s, grid }: CountedPair): boolean {
  const [a, b] = [gridOf(pair.original.dtype), gridOf(pair.suspect.dtype)];
  if (a === null || b === null || grid === null) return false;
  const same = a === b;
  const [x, y] = same ? [o, s] : [pair.o, pair.s];
  let differ = 0;
  for (let i = 0; i < x.length; i++) {
    const [p, q] = [x[i] as number, y[i] as number];
    if (p === q) continue;
    differ += 1;
    const exponent = exponentOf(Math.max(Math.abs(p), Math.abs(q)));
    const allowed = same
      ? Math.max(unitAt(exponent, grid), halfSmallest)
      : (unitAt(exponent, a) + unitAt(exponent, b)) / 2;
    if (Math.abs(p - q) > allowed * 1.0001) return false;
  }
  return same ? differ <= 0.1 * x.length && evenlySpread(o, s) : true;
}

/** The smallest unit of binary16, through which values often go. */
const halfSmallest = 2 ** -24;

/** Is the share of differing values the same in the upper and the lower half of the magnitudes, to a factor of two? */
function evenlySpread(o: Float32Array, s: Float32Array): boolean {
  const larger = Float32Array.from(o, (x, i) => Math.max(Math.abs(x), Math.abs(s[i] as number)));
  const sizes = Float32Array.from(larger).sort();
  const middle = sizes[sizes.length >> 1] as number;
  let [low, high] = [0, 0];
  for (let i = 0; i < o.length; i++) {
    if (o[i] === s[i]) continue;
    if ((larger[i] as number) < middle) low += 1;
    else high += 1;
  }
  return low <= 2 * high + 8 && high <= 2 * low + 8;
}

function eitherLattice({ pair, o, s }: CountedPair) {
  const { cols } = pair.at;
  const [mine, theirs] = [latticeOf(s, o, pair.sSteps, cols), latticeOf(o, s, pair.oSteps, cols)];
  return mine ? { ...mine, side: "suspect" as const } : theirs && { ...theirs, side: "original" as const };
}
