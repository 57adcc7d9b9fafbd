// Two vectors at once: sums, squares, product and equal elements, added to six float64 at `out`
// (Σa, Σb, Σa², Σb², Σab, equal).
import { bf16, count, even, flush, GROUP, odd } from "./lanes";

function addAt(out: usize, slot: usize, value: f64): void {
  store<f64>(out + (slot << 3), load<f64>(out + (slot << 3)) + value);
}

function addOne(out: usize, x: f32, y: f32): void {
  const a = f64(x);
  const b = f64(y);
  addAt(out, 0, a);
  addAt(out, 1, b);
  addAt(out, 2, a * a);
  addAt(out, 3, b * b);
  addAt(out, 4, a * b);
  if (x === y) addAt(out, 5, 1.0);
}

/** n float32 at a and at b. */
export function pairF32(a: usize, b: usize, n: i32, out: usize): void {
  for (let start = 0; start < n; start += GROUP) {
    const length = min(GROUP, n - start);
    const whole = length & ~3;
    let sa = f32x4.splat(0);
    let sb = f32x4.splat(0);
    let saa = f32x4.splat(0);
    let sbb = f32x4.splat(0);
    let sab = f32x4.splat(0);
    let same = i32x4.splat(0);
    let p = a + ((<usize>start) << 2);
    let q = b + ((<usize>start) << 2);
    const end = p + ((<usize>whole) << 2);
    while (p < end) {
      const x = v128.load(p);
      const y = v128.load(q);
      sa = f32x4.add(sa, x);
      sb = f32x4.add(sb, y);
      saa = f32x4.add(saa, f32x4.mul(x, x));
      sbb = f32x4.add(sbb, f32x4.mul(y, y));
      sab = f32x4.add(sab, f32x4.mul(x, y));
      same = i32x4.sub(same, f32x4.eq(x, y));
      p += 16;
      q += 16;
    }
    addAt(out, 0, flush(sa));
    addAt(out, 1, flush(sb));
    addAt(out, 2, flush(saa));
    addAt(out, 3, flush(sbb));
    addAt(out, 4, flush(sab));
    addAt(out, 5, count(same));
    for (let i = whole; i < length; i++, p += 4, q += 4) addOne(out, load<f32>(p), load<f32>(q));
  }
}

/** n bfloat16 at a and at b. */
export function pairBf16(a: usize, b: usize, n: i32, out: usize): void {
  for (let start = 0; start < n; start += GROUP) {
    const length = min(GROUP, n - start);
    const whole = length & ~7;
    let sa = f32x4.splat(0);
    let sb = f32x4.splat(0);
    let saa = f32x4.splat(0);
    let sbb = f32x4.splat(0);
    let sab = f32x4.splat(0);
    let same = i32x4.splat(0);
    let p = a + ((<usize>start) << 1);
    let q = b + ((<usize>start) << 1);
    const end = p + ((<usize>whole) << 1);
    while (p < end) {
      const packedX = v128.load(p);
      const packedY = v128.load(q);
      const x0 = even(packedX);
      const y0 = even(packedY);
      const x1 = odd(packedX);
      const y1 = odd(packedY);
      sa = f32x4.add(sa, f32x4.add(x0, x1));
      sb = f32x4.add(sb, f32x4.add(y0, y1));
      saa = f32x4.add(saa, f32x4.add(f32x4.mul(x0, x0), f32x4.mul(x1, x1)));
      sbb = f32x4.add(sbb, f32x4.add(f32x4.mul(y0, y0), f32x4.mul(y1, y1)));
      sab = f32x4.add(sab, f32x4.add(f32x4.mul(x0, y0), f32x4.mul(x1, y1)));
      same = i32x4.sub(same, i32x4.add(f32x4.eq(x0, y0), f32x4.eq(x1, y1)));
      p += 16;
      q += 16;
    }
    addAt(out, 0, flush(sa));
    addAt(out, 1, flush(sb));
    addAt(out, 2, flush(saa));
    addAt(out, 3, flush(sbb));
    addAt(out, 4, flush(sab));
    addAt(out, 5, count(same));
    for (let i = whole; i < length; i++, p += 2, q += 2) addOne(out, bf16(p), bf16(q));
  }
}

/** Σab of n float32. */
export function dotF32(a: usize, b: usize, n: i32): f64 {
  let total: f64 = 0;
  for (let start = 0; start < n; start += GROUP) {
    const length = min(GROUP, n - start);
    const whole = length & ~3;
    let sab = f32x4.splat(0);
    let p = a + ((<usize>start) << 2);
    let q = b + ((<usize>start) << 2);
    const end = p + ((<usize>whole) << 2);
    while (p < end) {
      sab = f32x4.add(sab, f32x4.mul(v128.load(p), v128.load(q)));
      p += 16;
      q += 16;
    }
    total += flush(sab);
    for (let i = whole; i < length; i++, p += 4, q += 4) total += f64(load<f32>(p)) * f64(load<f32>(q));
  }
  return total;
}

/** a − b of n float32 into `out` (which may be a or b). */
export function subtractF32(a: usize, b: usize, n: i32, out: usize): void {
  const whole = n & ~3;
  let i = 0;
  for (; i < whole; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(out + at, f32x4.sub(v128.load(a + at), v128.load(b + at)));
  }
  for (; i < n; i++) {
    const at = (<usize>i) << 2;
    store<f32>(out + at, load<f32>(a + at) - load<f32>(b + at));
  }
}

/** The shape of pairF32 with nothing but its reads: what the memory allows. For the bench. */
export function readF32(a: usize, b: usize, n: i32): i32 {
  let seen = i32x4.splat(0);
  const whole = n & ~3;
  for (let start = 0; start < whole; start += GROUP) {
    const length = min(GROUP, whole - start);
    let p = a + ((<usize>start) << 2);
    let q = b + ((<usize>start) << 2);
    const end = p + ((<usize>length) << 2);
    while (p < end) {
      seen = v128.xor(seen, v128.xor(v128.load(p), v128.load(q)));
      p += 16;
      q += 16;
    }
  }
  return (
    i32x4.extract_lane(seen, 0) ^
    i32x4.extract_lane(seen, 1) ^
    i32x4.extract_lane(seen, 2) ^
    i32x4.extract_lane(seen, 3)
  );
}
