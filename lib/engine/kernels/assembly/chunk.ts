// Everything that is told of one chunk of one tensor, group by group while it lies in the nearest cache.
import { decodeBf16, decodeF16 } from "./decode";
import { GROUP } from "./lanes";
import { addPowers, mergeGroup, squaresOf } from "./moments";
import { addSketch } from "./sketch";

const BF16: i32 = 1;
const F16: i32 = 2;

/**
 * n elements at src (kind 0 float32, 1 bfloat16, 2 binary16) that begin at (row, column) of a matrix with `cols` columns.
 * moments: five float64, merged into. squares: one float64 for each row touched, added to; 0 = not wanted. sums: 2,048
 * float32, added to; 0 = not wanted. scratch: 16 KiB.
 */
export function tensorChunk(
  src: usize,
  kind: i32,
  n: i32,
  row: u32,
  column: f64,
  columns: f64,
  keyLow: u32,
  keyHigh: u32,
  scratch: usize,
  moments: usize,
  squares: usize,
  sums: usize,
): void {
  const cols = <i64>columns;
  let c = <i64>column;
  let r = row;
  let into = squares;
  for (let start = 0; start < n; start += GROUP) {
    const length = min(GROUP, n - start);
    let at = src + ((<usize>start) << 2);
    if (kind === BF16) {
      at = scratch;
      decodeBf16(src + ((<usize>start) << 1), at, length);
    } else if (kind === F16) {
      at = scratch;
      decodeF16(src + ((<usize>start) << 1), at, length);
    }
    const total = mergeGroup(at, length, moments);
    if (sums) addSketch(at, length, r, c, cols, keyLow, keyHigh, sums);
    for (let left = length, p = at; left > 0; ) {
      const part = <i32>min<i64>(left, cols - c);
      // A group that lies in one row has its squares already.
      if (squares) store<f64>(into, load<f64>(into) + (part === length ? total : squaresOf(p, part)));
      p += (<usize>part) << 2;
      left -= part;
      c += part;
      if (c === cols) {
        c = 0;
        r++;
        into += 8;
      }
    }
  }
}

/** Σx … Σx⁴ of n float32, added to four float64. */
export function powersF32(src: usize, n: i32, into: usize): void {
  for (let start = 0; start < n; start += GROUP) {
    addPowers(src + ((<usize>start) << 2), min(GROUP, n - start), into);
  }
}
