/** Longer windows than any spectrogram has; the search below is bounded by it. */
const longest = 4096;

/**
 * Rows of a discrete Fourier transform, plain or under a periodic Hann window (Harris, Proc. IEEE 66, 1978):
 * w(n) cos(2πkn/N) and ±w(n) sin(2πkn/N) with N = `cols` and k whole, up to the rounding of a half. Any choice of rows
 * will do, in any order.
 */
export function isFourierBasis(values: Float32Array, rows: number, cols: number): boolean {
  if (rows < 8 || cols < 16 || cols > longest) return false;
  const { cos, sin } = circle(cols);
  const hann = cos.map((x) => (1 - x) / 2);
  const each = Array.from({ length: rows }, (_, r) => values.subarray(r * cols, (r + 1) * cols));
  // Only the sines of the lowest and the highest frequency vanish; small values are no basis.
  if (each.filter((row) => row.every((x) => Math.abs(x) < 0.5)).length > 2) return false;
  return [hann, cos.map(() => 1)].some((window) => each.every((row) => isWave(row, window, cos, sin)));
}

/** Is the row a wave of some whole frequency? Wrong ones are given up at their first value that differs. */
function isWave(row: Float32Array, window: Float64Array, cos: Float64Array, sin: Float64Array): boolean {
  const n = row.length;
  for (let k = 0; 2 * k <= n; k++) {
    const follows = (table: Float64Array, sign: number) => {
      for (let i = 0, at = 0; i < n; i++, at = (at + k) % n) {
        const wave = sign * (window[i] as number) * (table[at] as number);
        if (!(Math.abs((row[i] as number) - wave) <= 0.001)) return false;
      }
      return true;
    };
    if (follows(cos, 1) || follows(sin, 1) || follows(sin, -1)) return true;
  }
  return false;
}

/** cos and sin of 2πm/n for m < n, by the addition theorems from the power series of the first: the same everywhere. */
function circle(n: number): { readonly cos: Float64Array; readonly sin: Float64Array } {
  const step = (2 * Math.PI) / n;
  let [c, s, term] = [1, 0, 1];
  for (let power = 1; power <= 24; power++) {
    term = (term * step) / power;
    const signed = power % 4 < 2 ? term : -term;
    if (power % 2 === 0) c += signed;
    else s += signed;
  }
  const [cos, sin] = [new Float64Array(n), new Float64Array(n)];
  cos[0] = 1;
  for (let m = 1; m < n; m++) {
    const [x, y] = [cos[m - 1] as number, sin[m - 1] as number];
    cos[m] = x * c - y * s;
    sin[m] = y * c + x * s;
  }
  return { cos, sin };
}
