// Block-circulant CountSketch with 1,024 buckets (M. Charikar, K. Chen, M. Farach-Colton, "Finding frequent items in
// data streams", 2002; one rotation for a whole block instead of one hash an element). A block is 1,024 columns of one
// row, counted from the row's start. Block (row, b) is rotated by r and signed by bits that follow from key, row and b;
// column c of it goes to bucket (r + c mod 1024) mod 1024. Nothing depends on how many rows there are or which other
// tensors stand beside it, so extended vocabularies and fused matrices stay comparable. Linear: sk(O) − sk(B) = sk(O − B).

/** Buckets, and columns of a block. */
const BLOCK: i32 = 1024;

/** The finaliser of MurmurHash3 (A. Appleby, public domain): a bijection of 32 bits in which every bit counts. */
function mixed(value: u32): u32 {
  let h = value;
  h ^= h >> 16;
  h *= 0x85ebca6b;
  h ^= h >> 13;
  h *= 0xc2b2ae35;
  return h ^ (h >> 16);
}

function laneOf(lanes: v128, lane: i32): u32 {
  if (lane < 2) return lane === 0 ? i32x4.extract_lane(lanes, 0) : i32x4.extract_lane(lanes, 1);
  return lane === 2 ? i32x4.extract_lane(lanes, 2) : i32x4.extract_lane(lanes, 3);
}

/** G. Marsaglia, "Xorshift RNGs" (2003), 32 bits, four at once. */
function stepped(state: v128): v128 {
  let s = state;
  s = v128.xor(s, i32x4.shl(s, 13));
  s = v128.xor(s, i32x4.shr_u(s, 17));
  return v128.xor(s, i32x4.shl(s, 5));
}

/**
 * Adds columns [from, from + n) of one block to `sums` (2,048 float32: the second half takes what the rotation pushes
 * over the end). One state of 4 × 32 bits signs 128 columns: column c has bit 31 − (c >> 2 & 31) of lane c & 3.
 */
function addBlock(src: usize, from: i32, n: i32, hash: u32, sums: usize): void {
  const rotation = mixed(hash ^ 0x27d4eb2f) & (BLOCK - 1);
  let state = i32x4(
    mixed(hash ^ 0x9e3779b9) | 1,
    mixed(hash ^ 0x3c6ef372) | 1,
    mixed(hash ^ 0xdaa66d2b) | 1,
    mixed(hash ^ 0x78dde6e4) | 1,
  );
  for (let skip = from >> 7; skip >= 0; skip--) state = stepped(state);
  const bit = i32x4.splat(0x80000000);
  const end = from + n;
  let p = src;
  let q = sums + ((<usize>(rotation + from)) << 2);
  let c = from;
  while (c < end) {
    const stop = min(end, (c | 127) + 1);
    while (c < stop && ((c & 3) !== 0 || c + 4 > stop)) {
      const sign = (laneOf(state, c & 3) << ((<u32>c >> 2) & 31)) & 0x80000000;
      store<f32>(q, load<f32>(q) + reinterpret<f32>(load<u32>(p) ^ sign));
      p += 4;
      q += 4;
      c++;
    }
    let bits = i32x4.shl(state, (c >> 2) & 31);
    while (c + 4 <= stop) {
      v128.store(q, f32x4.add(v128.load(q), v128.xor(v128.load(p), v128.and(bits, bit))));
      bits = i32x4.shl(bits, 1);
      p += 16;
      q += 16;
      c += 4;
    }
    while (c < stop) {
      const sign = (laneOf(state, c & 3) << ((<u32>c >> 2) & 31)) & 0x80000000;
      store<f32>(q, load<f32>(q) + reinterpret<f32>(load<u32>(p) ^ sign));
      p += 4;
      q += 4;
      c++;
    }
    state = stepped(state);
  }
}

/** Adds n float32 that begin at (row, column) of a matrix with `cols` columns. */
export function addSketch(
  src: usize,
  n: i32,
  row: u32,
  column: i64,
  cols: i64,
  keyLow: u32,
  keyHigh: u32,
  sums: usize,
): void {
  let r = row;
  let c = column;
  let p = src;
  let left = n;
  while (left > 0) {
    const block = <u32>(c >> 10);
    const from = <i32>(c & (BLOCK - 1));
    const length = <i32>min<i64>(left, min<i64>(BLOCK - from, cols - c));
    const hash = mixed(keyLow ^ mixed(r + mixed(block * 0x9e3779b1 + keyHigh)));
    addBlock(p, from, length, hash, sums);
    p += (<usize>length) << 2;
    left -= length;
    c += length;
    if (c === cols) {
      c = 0;
      r++;
    }
  }
}

/** Folds the overhang back: 1,024 float32 remain at `sums`. */
export function foldSketch(sums: usize): void {
  for (let i: usize = 0; i < 4096; i += 16) {
    v128.store(sums + i, f32x4.add(v128.load(sums + i), v128.load(sums + 4096 + i)));
  }
}
