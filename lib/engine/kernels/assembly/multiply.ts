// A·Bᵀ. Every product of two rows is summed in the same order, whichever of the two loops below it falls to.
import { flush, GROUP } from "./lanes";

function tail(a: usize, b: usize, from: i32, to: i32): f64 {
  let total: f64 = 0;
  for (let x = from; x < to; x++)
    total += f64(load<f32>(a + ((<usize>x) << 2))) * f64(load<f32>(b + ((<usize>x) << 2)));
  return total;
}

function product(a: usize, b: usize, k: i32): f32 {
  let total: f64 = 0;
  for (let start = 0; start < k; start += GROUP) {
    const length = min(GROUP, k - start);
    const whole = length & ~3;
    let s = f32x4.splat(0);
    let p = a + ((<usize>start) << 2);
    let q = b + ((<usize>start) << 2);
    const end = p + ((<usize>whole) << 2);
    for (; p < end; p += 16, q += 16) s = f32x4.add(s, f32x4.mul(v128.load(p), v128.load(q)));
    total += flush(s);
    total += tail(a, b, start + whole, start + length);
  }
  return f32(total);
}

/** m × n products of rows of k float32, row-major into `out` with `stride` float32 between its rows. */
export function multiplyRows(a: usize, b: usize, m: i32, n: i32, k: i32, out: usize, stride: i32): void {
  const row = (<usize>k) << 2;
  const evenM = m & ~1;
  const evenN = n & ~3;
  for (let i = 0; i < evenM; i += 2) {
    const a0 = a + <usize>i * row;
    const a1 = a0 + row;
    const to = out + ((<usize>i * <usize>stride) << 2);
    const next = to + ((<usize>stride) << 2);
    for (let j = 0; j < evenN; j += 4) {
      const b0 = b + <usize>j * row;
      let t00: f64 = 0;
      let t01: f64 = 0;
      let t02: f64 = 0;
      let t03: f64 = 0;
      let t10: f64 = 0;
      let t11: f64 = 0;
      let t12: f64 = 0;
      let t13: f64 = 0;
      for (let start = 0; start < k; start += GROUP) {
        const length = min(GROUP, k - start);
        const whole = length & ~3;
        let s00 = f32x4.splat(0);
        let s01 = f32x4.splat(0);
        let s02 = f32x4.splat(0);
        let s03 = f32x4.splat(0);
        let s10 = f32x4.splat(0);
        let s11 = f32x4.splat(0);
        let s12 = f32x4.splat(0);
        let s13 = f32x4.splat(0);
        let at = (<usize>start) << 2;
        const end = at + ((<usize>whole) << 2);
        for (; at < end; at += 16) {
          const x0 = v128.load(a0 + at);
          const x1 = v128.load(a1 + at);
          const p = b0 + at;
          const y0 = v128.load(p);
          s00 = f32x4.add(s00, f32x4.mul(x0, y0));
          s10 = f32x4.add(s10, f32x4.mul(x1, y0));
          const y1 = v128.load(p + row);
          s01 = f32x4.add(s01, f32x4.mul(x0, y1));
          s11 = f32x4.add(s11, f32x4.mul(x1, y1));
          const y2 = v128.load(p + 2 * row);
          s02 = f32x4.add(s02, f32x4.mul(x0, y2));
          s12 = f32x4.add(s12, f32x4.mul(x1, y2));
          const y3 = v128.load(p + 3 * row);
          s03 = f32x4.add(s03, f32x4.mul(x0, y3));
          s13 = f32x4.add(s13, f32x4.mul(x1, y3));
        }
        t00 += flush(s00);
        t01 += flush(s01);
        t02 += flush(s02);
        t03 += flush(s03);
        t10 += flush(s10);
        t11 += flush(s11);
        t12 += flush(s12);
        t13 += flush(s13);
        if (whole < length) {
          t00 += tail(a0, b0, start + whole, start + length);
          t01 += tail(a0, b0 + row, start + whole, start + length);
          t02 += tail(a0, b0 + 2 * row, start + whole, start + length);
          t03 += tail(a0, b0 + 3 * row, start + whole, start + length);
          t10 += tail(a1, b0, start + whole, start + length);
          t11 += tail(a1, b0 + row, start + whole, start + length);
          t12 += tail(a1, b0 + 2 * row, start + whole, start + length);
          t13 += tail(a1, b0 + 3 * row, start + whole, start + length);
        }
      }
      const at = (<usize>j) << 2;
      store<f32>(to + at, f32(t00));
      store<f32>(to + at + 4, f32(t01));
      store<f32>(to + at + 8, f32(t02));
      store<f32>(to + at + 12, f32(t03));
      store<f32>(next + at, f32(t10));
      store<f32>(next + at + 4, f32(t11));
      store<f32>(next + at + 8, f32(t12));
      store<f32>(next + at + 12, f32(t13));
    }
  }
  for (let i = 0; i < m; i++) {
    for (let j = i < evenM ? evenN : 0; j < n; j++) {
      const at = (<usize>i * <usize>stride + <usize>j) << 2;
      store<f32>(out + at, product(a + <usize>i * row, b + <usize>j * row, k));
    }
  }
}
