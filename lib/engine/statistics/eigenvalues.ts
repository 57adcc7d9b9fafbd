/**
 * All eigenvalues of a real symmetric matrix, largest first: Householder's reduction to tridiagonal form, then
 * bisection on the Sturm sequence (Golub & Van Loan, *Matrix Computations*, 8.3.1 and 8.4.1). Always the same number of
 * steps: the last bits do not depend on when an iteration would have been content.
 */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
  const { diagonal, off } = tridiagonal(Float64Array.from(matrix), n);
  let [low, high] = [0, 0];
  for (let i = 0; i < n; i++) {
    const radius = Math.abs(off[i] ?? 0) + Math.abs(i > 0 ? (off[i - 1] as number) : 0);
    low = Math.min(low, (diagonal[i] as number) - radius);
    high = Math.max(high, (diagonal[i] as number) + radius);
  }
  const found = new Float64Array(n);
  // Between 52 and 60 halvings exhaust a double; the largest value found bounds the next.
  for (let k = 0; k < n; k++) {
    let [from, to] = [low, k === 0 ? high : (found[k - 1] as number)];
    for (let step = 0; step < 56; step++) {
      const middle = (from + to) / 2;
      if (countAbove(diagonal, off, middle) > k) from = middle;
      else to = middle;
    }
    found[k] = to;
  }
  return found;
}

/** Eigenvalues of the tridiagonal matrix that lie above x. */
function countAbove(diagonal: Float64Array, off: Float64Array, x: number): number {
  let count = 0;
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    const e = i === 0 ? 0 : (off[i - 1] as number);
    pivot = (diagonal[i] as number) - x - (e * e) / pivot;
    if (pivot === 0) pivot = -1e-300;
    if (pivot > 0) count += 1;
  }
  return count;
}

function tridiagonal(a: Float64Array, n: number): { diagonal: Float64Array; off: Float64Array } {
  const off = new Float64Array(Math.max(0, n - 1));
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    let tail = 0;
    for (let i = k + 1; i < n; i++) tail += (a[i * n + k] as number) * (a[i * n + k] as number);
    const first = a[(k + 1) * n + k] as number;
    const alpha = first > 0 ? -Math.sqrt(tail) : Math.sqrt(tail);
    off[k] = alpha;
    const norm = tail - alpha * first;
    if (!(norm > 0)) continue;
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k] as number;
    v[k + 1] = first - alpha;
    let vp = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += (a[i * n + j] as number) * (v[j] as number);
      p[i] = sum / norm;
      vp += (p[i] as number) * (v[i] as number);
    }
    const half = vp / (2 * norm);
    for (let i = k + 1; i < n; i++) p[i] = (p[i] as number) - half * (v[i] as number);
    for (let i = k + 1; i < n; i++) {
      const [vi, pi] = [v[i] as number, p[i] as number];
      for (let j = k + 1; j < n; j++)
        a[i * n + j] = (a[i * n + j] as number) - vi * (p[j] as number) - pi * (v[j] as number);
    }
  }
  if (n >= 2) off[n - 2] = a[(n - 1) * n + n - 2] as number;
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number), off };
}
