// Narrow formats to float32, exactly.
import { bf16 } from "./lanes";

/** n bfloat16 at src → n float32 at dst. */
export function decodeBf16(src: usize, dst: usize, n: i32): void {
  const whole = n & ~7;
  let i = 0;
  for (; i < whole; i += 8) {
    const packed = v128.load(src + ((<usize>i) << 1));
    const at = dst + ((<usize>i) << 2);
    v128.store(at, i32x4.shl(i32x4.extend_low_i16x8_u(packed), 16));
    v128.store(at + 16, i32x4.shl(i32x4.extend_high_i16x8_u(packed), 16));
  }
  for (; i < n; i++) store<f32>(dst + ((<usize>i) << 2), bf16(src + ((<usize>i) << 1)));
}

/**
 * Four IEEE 754 binary16 (zero-extended to 32 bits) as float32: exponent and fraction moved into place and scaled by
 * 2^112, which also makes subnormals normal; infinities and NaN get the highest exponent back.
 */
function half(wide: v128): v128 {
  const magnitude = v128.and(wide, i32x4.splat(0x7fff));
  const scaled = f32x4.mul(i32x4.shl(magnitude, 13), f32x4.splat(5.192296858534828e33));
  const special = v128.and(i32x4.gt_s(magnitude, i32x4.splat(0x7bff)), i32x4.splat(0x7f800000));
  const sign = i32x4.shl(v128.and(wide, i32x4.splat(0x8000)), 16);
  return v128.or(v128.or(scaled, special), sign);
}

/** n binary16 at src → n float32 at dst. */
export function decodeF16(src: usize, dst: usize, n: i32): void {
  const whole = n & ~7;
  let i = 0;
  for (; i < whole; i += 8) {
    const packed = v128.load(src + ((<usize>i) << 1));
    const at = dst + ((<usize>i) << 2);
    v128.store(at, half(i32x4.extend_low_i16x8_u(packed)));
    v128.store(at + 16, half(i32x4.extend_high_i16x8_u(packed)));
  }
  for (; i < n; i++) {
    const one = half(i32x4.splat(load<u16>(src + ((<usize>i) << 1))));
    store<f32>(dst + ((<usize>i) << 2), f32x4.extract_lane(one, 0));
  }
}
