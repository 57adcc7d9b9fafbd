// One vector: count, mean and central moments. Each group of 4,096 is taken about the float32 mean of its first 64
// elements before it is raised to powers, so that gains of 1 ± .01 keep their kurtosis; groups are merged by
// P. Pébay, "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical
// moments", SAND2008-6212 (2008), eq. 2.1 and 3.1.
import { flush } from "./lanes";

/** Σ of n ≤ 4096 float32. */
function sumOf(src: usize, n: i32): f64 {
  const whole = n & ~3;
  let lanes = f32x4.splat(0);
  let p = src;
  const end = src + ((<usize>whole) << 2);
  while (p < end) {
    lanes = f32x4.add(lanes, v128.load(p));
    p += 16;
  }
  let total = flush(lanes);
  for (let i = whole; i < n; i++, p += 4) total += f64(load<f32>(p));
  return total;
}

/** Merges the moments of n ≤ 4096 float32 into five float64 at `into`: count, mean, M2, M3, M4. Returns Σx². */
export function mergeGroup(src: usize, n: i32, into: usize): f64 {
  if (n === 0) return 0.0;
  const near = min(n, 64);
  const pivot = f32(sumOf(src, near) / f64(near));
  const whole = n & ~3;
  const centre = f32x4.splat(pivot);
  let l1 = f32x4.splat(0);
  let l2 = f32x4.splat(0);
  let l3 = f32x4.splat(0);
  let l4 = f32x4.splat(0);
  let p = src;
  const end = src + ((<usize>whole) << 2);
  while (p < end) {
    const d = f32x4.sub(v128.load(p), centre);
    const square = f32x4.mul(d, d);
    l1 = f32x4.add(l1, d);
    l2 = f32x4.add(l2, square);
    l3 = f32x4.add(l3, f32x4.mul(square, d));
    l4 = f32x4.add(l4, f32x4.mul(square, square));
    p += 16;
  }
  let s1 = flush(l1);
  let s2 = flush(l2);
  let s3 = flush(l3);
  let s4 = flush(l4);
  for (let i = whole; i < n; i++, p += 4) {
    const d = f64(load<f32>(p) - pivot);
    s1 += d;
    s2 += d * d;
    s3 += d * d * d;
    s4 += d * d * (d * d);
  }
  const m = f64(n);
  const c = s1 / m;
  merge(
    into,
    m,
    f64(pivot) + c,
    s2 - m * c * c,
    s3 - 3.0 * c * s2 + 2.0 * m * c * c * c,
    s4 - 4.0 * c * s3 + 6.0 * c * c * s2 - 3.0 * m * c * c * c * c,
  );
  const p0 = f64(pivot);
  return s2 + 2.0 * p0 * s1 + m * p0 * p0;
}

function merge(into: usize, nb: f64, mean: f64, m2: f64, m3: f64, m4: f64): void {
  const na = load<f64>(into);
  const n = na + nb;
  if (na === 0.0) {
    store<f64>(into, nb);
    store<f64>(into + 8, mean);
    store<f64>(into + 16, m2);
    store<f64>(into + 24, m3);
    store<f64>(into + 32, m4);
    return;
  }
  const a2 = load<f64>(into + 16);
  const a3 = load<f64>(into + 24);
  const a4 = load<f64>(into + 32);
  const d = mean - load<f64>(into + 8);
  const r = d / n;
  store<f64>(into, n);
  store<f64>(into + 8, load<f64>(into + 8) + nb * r);
  store<f64>(into + 16, a2 + m2 + na * nb * d * r);
  store<f64>(into + 24, a3 + m3 + na * nb * (na - nb) * d * r * r + 3.0 * r * (na * m2 - nb * a2));
  store<f64>(
    into + 32,
    a4 +
      m4 +
      na * nb * (na * na - na * nb + nb * nb) * d * r * r * r +
      6.0 * r * r * (na * na * m2 + nb * nb * a2) +
      4.0 * r * (na * m3 - nb * a3),
  );
}

/** Σx² of n ≤ 4096 float32. */
export function squaresOf(src: usize, n: i32): f64 {
  const whole = n & ~3;
  let lanes = f32x4.splat(0);
  let p = src;
  const end = src + ((<usize>whole) << 2);
  while (p < end) {
    const x = v128.load(p);
    lanes = f32x4.add(lanes, f32x4.mul(x, x));
    p += 16;
  }
  let total = flush(lanes);
  for (let i = whole; i < n; i++, p += 4) {
    const x = f64(load<f32>(p));
    total += x * x;
  }
  return total;
}

/** Σx, Σx², Σx³, Σx⁴ of n ≤ 4096 float32, added to four float64 at `into`. */
export function addPowers(src: usize, n: i32, into: usize): void {
  const whole = n & ~3;
  let l1 = f32x4.splat(0);
  let l2 = f32x4.splat(0);
  let l3 = f32x4.splat(0);
  let l4 = f32x4.splat(0);
  let p = src;
  const end = src + ((<usize>whole) << 2);
  while (p < end) {
    const x = v128.load(p);
    const square = f32x4.mul(x, x);
    l1 = f32x4.add(l1, x);
    l2 = f32x4.add(l2, square);
    l3 = f32x4.add(l3, f32x4.mul(square, x));
    l4 = f32x4.add(l4, f32x4.mul(square, square));
    p += 16;
  }
  let s1 = flush(l1);
  let s2 = flush(l2);
  let s3 = flush(l3);
  let s4 = flush(l4);
  for (let i = whole; i < n; i++, p += 4) {
    const x = f64(load<f32>(p));
    s1 += x;
    s2 += x * x;
    s3 += x * x * x;
    s4 += x * x * (x * x);
  }
  store<f64>(into, load<f64>(into) + s1);
  store<f64>(into + 8, load<f64>(into + 8) + s2);
  store<f64>(into + 16, load<f64>(into + 16) + s3);
  store<f64>(into + 24, load<f64>(into + 24) + s4);
}
