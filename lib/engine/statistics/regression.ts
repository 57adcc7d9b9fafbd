/**
 * Least squares from inner products alone, by the sweep operator (Goodnight, *A Tutorial on the SWEEP Operator*, The
 * American Statistician 33, 1979). Small systems: one row for each regressor and one for the response.
 */

/** Symmetric matrix of inner products, row-major, `size` × `size`. */
export interface Gram {
  readonly size: number;
  readonly entries: Float64Array;
}

/** Inner products of float32 vectors of one length, each pair summed in the order of the elements in float64. */
export function gramOf(vectors: readonly Float32Array[]): Gram {
  const size = vectors.length;
  const entries = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const a = vectors[i] as Float32Array;
    for (let j = i; j < size; j++) {
      const b = vectors[j] as Float32Array;
      let sum = 0;
      for (let x = 0; x < a.length; x++) sum += (a[x] as number) * (b[x] as number);
      entries[i * size + j] = sum;
      entries[j * size + i] = sum;
    }
  }
  return { size, entries };
}

/** A regressor counts as a combination of those before it when less than this share of its square is left. */
const collinear = 1e-9;

/** Sweeps one pivot in place; false (and nothing done) where it is collinear with those swept before. */
function sweep({ size, entries }: Gram, pivot: number, scale: number): boolean {
  const at = (i: number, j: number) => i * size + j;
  const d = entries[at(pivot, pivot)] as number;
  if (!(d > collinear * scale) || d <= 0) return false;
  for (let i = 0; i < size; i++) {
    if (i === pivot) continue;
    const b = (entries[at(i, pivot)] as number) / d;
    for (let j = 0; j < size; j++) {
      if (j === pivot) continue;
      entries[at(i, j)] = (entries[at(i, j)] as number) - b * (entries[at(pivot, j)] as number);
    }
  }
  for (let i = 0; i < size; i++) {
    if (i === pivot) continue;
    entries[at(i, pivot)] = -(entries[at(i, pivot)] as number) / d;
    entries[at(pivot, i)] = (entries[at(pivot, i)] as number) / d;
  }
  entries[at(pivot, pivot)] = 1 / d;
  return true;
}

export interface PartialFit {
  /** <o,o>, <s,s>, <o,s> with the other regressors taken out of both. */
  readonly oo: number;
  readonly ss: number;
  readonly os: number;
  /** Coefficients of the other regressors in the joint regression of s; null for one that is a combination of others. */
  readonly others: readonly (number | null)[];
  /** Share of <s,s> that the joint regression explains. */
  readonly explained: number;
}

/**
 * The joint regression of s on {o, m_1 … m_K}, from the inner products of [m_1 … m_K, o, s]. Partial α is os / oo, the
 * partial R² os² / (oo · ss). Both are symmetric in o and s but for the denominator of α.
 */
export function partialFit(gram: Gram): PartialFit {
  const { size } = gram;
  const others = size - 2;
  const work = { size, entries: Float64Array.from(gram.entries) };
  const diagonal = (i: number) => gram.entries[i * size + i] as number;
  const used: boolean[] = [];
  for (let k = 0; k < others; k++) used.push(sweep(work, k, diagonal(k)));
  const entry = (i: number, j: number) => work.entries[i * size + j] as number;
  const [o, s] = [others, others + 1];
  const [oo, ss, os] = [Math.max(0, entry(o, o)), Math.max(0, entry(s, s)), entry(o, s)];
  const moved = sweep(work, o, diagonal(o));
  const left = Math.max(0, moved ? entry(s, s) : ss);
  return {
    oo,
    ss,
    os,
    others: used.map((is, k) => (is ? entry(k, s) : null)),
    explained: diagonal(s) > 0 ? 1 - left / diagonal(s) : 0,
  };
}
