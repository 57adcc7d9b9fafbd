/**
 * The arithmetic that a digest rests on: the same bits on every machine and for any number of threads, because the
 * order of every sum is fixed. A vector is cut into chunks of 262,144 elements, a chunk into groups of 4,096; a group is
 * summed in float32 lanes, groups and then chunks are added one after the other in float64, all counted from the
 * vector's start. Work that arrives in pieces gives the same bits if it is cut between chunks.
 */
import { chunkElements } from "./chunks";
import { instantiateKernels, type KernelExports, kernelMemory } from "./instance";
import { kernelModule } from "./module";
import type { SketchKey } from "./sketch-key";

export { type CentralSums, mergeCentral, normQuantiles, type Shape, shapeOf } from "./combine";
export { type SketchKey, sketchKey } from "./sketch-key";

/** Elements copied into the kernels' memory at once: a divisor of a chunk that stays in the nearer caches. */
const pieceElements = 65_536;
const MiB = 1024 * 1024;

/** Where things lie: two operands (a megabyte each and more), the results, sketch sums. */
const [first, second, results, sums, scratch, free] = [
  0,
  MiB,
  2 * MiB,
  2 * MiB + 1024,
  2 * MiB + 16_384,
  3 * MiB,
];
const memoryBytes = 48 * MiB;

interface Bench {
  readonly kernels: KernelExports;
  readonly bytes: Uint8Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
}

let own: Bench | null = null;

/** This thread's own instance, made when it is first needed. */
function bench(): Bench {
  if (own === null) {
    const memory = kernelMemory(memoryBytes);
    const { buffer } = memory;
    own = {
      kernels: instantiateKernels(kernelModule(), memory),
      bytes: new Uint8Array(buffer),
      f32: new Float32Array(buffer),
      f64: new Float64Array(buffer),
    };
  }
  return own;
}

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

/**
 * Sums of two float32 vectors of one length and of their products. Products are rounded to float32, sums to some 1e-7
 * of the sum of magnitudes; two equal vectors have exactly equal sumAA, sumBB and sumAB.
 * @throws RangeError when the lengths differ
 */
export function pairMoments(a: Float32Array, b: Float32Array): PairMoments {
  return pairOf(a, b, "pairF32");
}

/** The same of two bfloat16 vectors as stored (16 bits each, little-endian). Products of two bfloat16 are exact. */
export function pairMomentsBf16(a: Uint16Array, b: Uint16Array): PairMoments {
  return pairOf(a, b, "pairBf16");
}

type Numbers = Float32Array | Uint16Array;

function pairOf(a: Numbers, b: Numbers, kernel: "pairF32" | "pairBf16"): PairMoments {
  checkLengths(a, b);
  const { kernels, bytes, f64 } = bench();
  const totals = new Float64Array(6);
  const out = f64.subarray(results / 8, results / 8 + 6);
  inChunks(a.length, (from, to, last) => {
    put(bytes, a, from, to, first);
    put(bytes, b, from, to, second);
    kernels[kernel](first, second, to - from, results);
    if (last) flushInto(totals, out);
  });
  const [sumA, sumB, sumAA, sumBB, sumAB, equal] = totals as unknown as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { n: a.length, sumA, sumB, sumAA, sumBB, sumAB, equal };
}

/** Σ a·b of two float32 vectors of one length. @throws RangeError when the lengths differ */
export function dot(a: Float32Array, b: Float32Array): number {
  return pairMoments(a, b).sumAB;
}

/** Σ x, Σ x², Σ x³ and Σ x⁴ about zero. Of values that lie far from zero take `centralMoments`. */
export interface PowerSums {
  readonly n: number;
  readonly sum: number;
  readonly sum2: number;
  readonly sum3: number;
  readonly sum4: number;
}

export function momentsOf(values: Float32Array): PowerSums {
  const { kernels, bytes, f64 } = bench();
  const totals = new Float64Array(4);
  const out = f64.subarray(results / 8, results / 8 + 4);
  inChunks(values.length, (from, to, last) => {
    put(bytes, values, from, to, first);
    kernels.powersF32(first, to - from, results);
    if (last) flushInto(totals, out);
  });
  const [sum, sum2, sum3, sum4] = totals as unknown as readonly [number, number, number, number];
  return { n: values.length, sum, sum2, sum3, sum4 };
}

/** bfloat16 as stored → float32, exactly. */
export function decodeBf16(values: Uint16Array): Float32Array {
  return decoded(values, "decodeBf16");
}

/** IEEE 754 binary16 as stored → float32, exactly; every NaN stays a NaN. */
export function decodeF16(values: Uint16Array): Float32Array {
  return decoded(values, "decodeF16");
}

function decoded(values: Uint16Array, kernel: "decodeBf16" | "decodeF16"): Float32Array {
  const { kernels, bytes, f32 } = bench();
  const out = new Float32Array(values.length);
  inChunks(values.length, (from, to) => {
    put(bytes, values, from, to, first);
    kernels[kernel](first, second, to - from);
    out.set(f32.subarray(second / 4, second / 4 + to - from), from);
  });
  return out;
}

/** Buckets of a sketch. sd of a cosine between sketches: (1 − c²)/√1024. */
export const sketchBuckets = 1024;

/**
 * Block-circulant CountSketch of a run of a matrix with `cols` columns that begins at element `start` (row-major):
 * 1,024 float32. Sketches under one key add up: the sketch of a whole is the sum of those of its parts.
 * See assembly/sketch.ts for the construction.
 */
export function countSketch(values: Float32Array, start: number, cols: number, key: SketchKey): Float32Array {
  const { kernels, bytes, f32 } = bench();
  const totals = new Float64Array(sketchBuckets);
  const out = f32.subarray(sums / 4, sums / 4 + sketchBuckets);
  bytes.fill(0, sums, sums + 8 * sketchBuckets);
  inChunks(values.length, (from, to, last) => {
    put(bytes, values, from, to, first);
    const row = Math.floor((start + from) / cols);
    const column = BigInt(start + from - row * cols);
    kernels.addSketch(first, to - from, row, column, BigInt(cols), key.low, key.high, sums);
    if (!last) return;
    kernels.foldSketch(sums);
    for (let i = 0; i < sketchBuckets; i++) totals[i] = (totals[i] as number) + (out[i] as number);
    bytes.fill(0, sums, sums + 8 * sketchBuckets);
  });
  return Float32Array.from(totals);
}

/** Σx² of each row of a row-major matrix. */
export function rowSquares(values: Float32Array, rows: number, cols: number): Float64Array {
  if (values.length !== rows * cols) throw new RangeError("the values are not rows × cols");
  const { kernels, bytes, f64 } = bench();
  const out = new Float64Array(rows);
  const moments = scratch + 32_768;
  inChunks(values.length, (from, to) => {
    const row = Math.floor(from / cols);
    const last = Math.floor((to - 1) / cols);
    put(bytes, values, from, to, first);
    bytes.fill(0, moments, moments + 40);
    bytes.fill(0, second, second + 8 * (last - row + 1));
    kernels.tensorChunk(first, 0, to - from, row, from - row * cols, cols, 0, 0, scratch, moments, second, 0);
    for (let r = row; r <= last; r++) out[r] = (out[r] as number) + (f64[second / 8 + r - row] as number);
  });
  return out;
}

/**
 * A·Bᵀ for row-major A (m × k) and B (n × k), float32 in, float32 out (m × n). Products in float32, their sums in
 * float32 lanes over 4,096 columns and in float64 beyond.
 */
export function multiplyTransposed(
  a: Float32Array,
  b: Float32Array,
  m: number,
  n: number,
  k: number,
): Float32Array {
  if (a.length !== m * k || b.length !== n * k) throw new RangeError("the operands are not m × k and n × k");
  const { kernels, f32 } = bench();
  const result = new Float32Array(m * n);
  const room = (memoryBytes - free) / 4;
  // A panel of rows of each that stays in the nearer caches; never so long a row that two and four do not fit.
  const rowsA = Math.min(m, Math.max(2, Math.floor(room / 8 / Math.max(1, k))), 256);
  const rowsB = Math.min(n, Math.max(4, Math.floor(MiB / 4 / Math.max(1, k)) & ~3), 1024);
  const [atA, atB] = [free / 4, free / 4 + rowsA * k];
  const atOut = atB + rowsB * k;
  if (atOut + rowsA * rowsB > f32.length) throw new RangeError("rows are too long to be multiplied");
  for (let i = 0; i < m; i += rowsA) {
    const countA = Math.min(rowsA, m - i);
    f32.set(a.subarray(i * k, (i + countA) * k), atA);
    for (let j = 0; j < n; j += rowsB) {
      const countB = Math.min(rowsB, n - j);
      f32.set(b.subarray(j * k, (j + countB) * k), atB);
      kernels.multiplyRows(atA * 4, atB * 4, countA, countB, k, atOut * 4, countB);
      for (let r = 0; r < countA; r++) {
        result.set(f32.subarray(atOut + r * countB, atOut + (r + 1) * countB), (i + r) * n + j);
      }
    }
  }
  return result;
}

function checkLengths(a: Numbers, b: Numbers): void {
  if (a.length !== b.length) throw new RangeError(`Vectors of ${a.length} and ${b.length} elements`);
}

/** Pieces [from, to) in order; `last` with the piece that ends a chunk. */
function inChunks(length: number, each: (from: number, to: number, last: boolean) => void): void {
  for (let from = 0; from < length; from += pieceElements) {
    const to = Math.min(length, from + pieceElements);
    each(from, to, to === length || to % chunkElements === 0);
  }
}

function put(bytes: Uint8Array, values: Numbers, from: number, to: number, at: number): void {
  const part = values.subarray(from, to);
  bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
}

/** Adds a chunk's sums to the vector's and clears them for the next. */
function flushInto(totals: Float64Array, chunk: Float64Array): void {
  for (let i = 0; i < totals.length; i++) {
    totals[i] = (totals[i] as number) + (chunk[i] as number);
    chunk[i] = 0;
  }
}
