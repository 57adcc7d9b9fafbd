// Sums run in four float32 lanes and are flushed to float64 after every 4,096 elements, counted from the start of the
// vector. That order is part of the definition: the same bits from any machine and any number of threads.

/** Elements between two flushes. */
export const GROUP: i32 = 4096;

/** The four lanes as one float64, added in this order. */
export function flush(lanes: v128): f64 {
  return (
    f64(f32x4.extract_lane(lanes, 0)) +
    f64(f32x4.extract_lane(lanes, 1)) +
    (f64(f32x4.extract_lane(lanes, 2)) + f64(f32x4.extract_lane(lanes, 3)))
  );
}

/** The four counters as one number. */
export function count(lanes: v128): f64 {
  return f64(
    i32x4.extract_lane(lanes, 0) +
      i32x4.extract_lane(lanes, 1) +
      i32x4.extract_lane(lanes, 2) +
      i32x4.extract_lane(lanes, 3),
  );
}

/** Of eight bfloat16 those with an even index, as float32. */
export function even(packed: v128): v128 {
  return i32x4.shl(packed, 16);
}

/** Of eight bfloat16 those with an odd index, as float32. */
export function odd(packed: v128): v128 {
  return v128.and(packed, i32x4.splat(0xffff0000));
}

/** One bfloat16 as float32. */
export function bf16(at: usize): f32 {
  return reinterpret<f32>(i32(load<u16>(at)) << 16);
}
