/**
 * The arithmetic that a digest rests on: the same bits on every machine and for any number of threads, because the
 * order of every sum is fixed.
 */
export interface PairMoments {
  readonly n: number;
  readonly sumA: number;
  readonly sumB: number;
  readonly sumAA: number;
  readonly sumBB: number;
  readonly sumAB: number;
  /** Elements with equal values (+0 = −0; NaN equals nothing). */
  readonly equal: number;
}

/** Sums of two float32 vectors of one length and of their products, in float64. */
export function pairMoments(a: Float32Array, b: Float32Array): PairMoments {
  let [sumA, sumB, sumAA, sumBB, sumAB, equal] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number;
    const y = b[i] as number;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
    if (x === y) equal += 1;
  }
  return { n: a.length, sumA, sumB, sumAA, sumBB, sumAB, equal };
}

/** A·Bᵀ for row-major A (m × k) and B (n × k), float32 in, float32 out (m × n). */
export function multiplyTransposed(
  a: Float32Array,
  b: Float32Array,
  m: number,
  n: number,
  k: number,
): Float32Array {
  const out = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let x = 0; x < k; x++) sum += (a[i * k + x] as number) * (b[j * k + x] as number);
      out[i * n + j] = sum;
    }
  }
  return out;
}
