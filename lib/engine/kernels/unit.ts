import { createHash } from "node:crypto";
import { chunkElements } from "./chunks";
import { instantiateKernels, type KernelExports } from "./instance";
import type { SketchKey } from "./sketch-key";

/** How the elements of a source lie in memory; "raw" ones are hashed and not looked into. */
export type SourceKind = "raw" | "f32" | "bf16" | "f16";

export const elementBytes: Readonly<Record<SourceKind, number>> = { raw: 1, f32: 4, bf16: 2, f16: 2 };

/** Bytes of a hashed leaf. */
export const leafBytes = 1_048_576;
/** Elements that one unit takes of a tensor: one leaf of a 16-bit dtype, two of a 32-bit one; two chunks. */
export const unitElements = 2 * chunkElements;
/** Room of one source in a unit. */
export const sourceBytes = 2 * leafBytes;

/** One stretch of one tensor (or of a file, where raw) in a unit. */
export interface UnitSource {
  readonly kind: SourceKind;
  /** Elements; bytes where raw. At most two leaves. */
  readonly elements: number;
  /** Whether its bytes are those of the file, to be hashed in leaves. */
  readonly hash: boolean;
  /** Null: no statistics. `start` is the first element's index in its tensor, a multiple of `unitElements`. */
  readonly describe: {
    readonly start: number;
    readonly cols: number;
    readonly key: SketchKey;
    /** Σx² of every row, too. */
    readonly squares: boolean;
  } | null;
}

/** What one thread does at once: up to two leaves of each tensor that is looked at together. */
export interface UnitTask {
  readonly sources: readonly UnitSource[];
  /** Compares sources element by element, over as many as all of them have. */
  readonly pair: {
    readonly original: number;
    readonly suspect: number;
    /** The first one is subtracted from all others. */
    readonly ancestors: readonly number[];
  } | null;
}

/** Statistics of one chunk of one source. Partial sums: parts are put together in the order of their chunks. */
export interface ChunkPart {
  /** Count, mean, and the sums of the second to fourth powers of what remains after the mean. */
  readonly moments: Float64Array;
  /** Σx² of each row that the chunk touches. */
  readonly squares: Float64Array | null;
  /** 1,024 float32. */
  readonly sketch: Float32Array;
}

export interface UnitResult {
  readonly sources: readonly {
    /** SHA-256 of each leaf, 32 bytes each. */
    readonly leaves: Uint8Array;
    readonly parts: readonly ChunkPart[];
  }[];
  /**
   * For each chunk: n, ΣO, ΣS, ΣO², ΣS², ΣOS, equal elements; count, mean, M2, M3, M4 of S − O; then, where there are
   * ancestors B1 … BK, the upper triangle of the scalar products of (O − B1, S − B1, B2 − B1 … BK − B1), row by row.
   */
  readonly pairs: readonly Float64Array[];
}

/** Bytes of memory in which a unit of so many sources is done. */
export function deskBytes(sources: number): number {
  return sources * (sourceBytes + chunkElements * 4) + chunkElements * 12 + 65_536;
}

/** Hashes and sums one unit whose sources lie at `base`, one every `sourceBytes`. */
export function createUnitRunner(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): (base: number, maxSources: number, task: UnitTask) => UnitResult {
  const kernels = instantiateKernels(module, memory);
  const { buffer } = memory;
  return (base, maxSources, task) => {
    const desk = layOutDesk(base, maxSources);
    return {
      sources: task.sources.map((source, index) => ({
        leaves: source.hash ? hashLeaves(buffer, base + index * sourceBytes, source) : new Uint8Array(),
        parts:
          source.describe === null ? [] : describe(kernels, buffer, base + index * sourceBytes, source, desk),
      })),
      pairs: task.pair === null ? [] : comparePair(kernels, buffer, base, task, desk),
    };
  };
}

interface Desk {
  readonly values: number;
  readonly difference: number;
  readonly squares: number;
  readonly scratch: number;
  readonly sums: number;
  readonly results: number;
}

function layOutDesk(base: number, maxSources: number): Desk {
  const values = base + maxSources * sourceBytes;
  const difference = values + maxSources * chunkElements * 4;
  const squares = difference + chunkElements * 4;
  const scratch = squares + chunkElements * 8;
  return { values, difference, squares, scratch, sums: scratch + 16_384, results: scratch + 32_768 };
}

function hashLeaves(buffer: ArrayBufferLike, at: number, { kind, elements }: UnitSource): Uint8Array {
  const bytes = elements * elementBytes[kind];
  const leaves = new Uint8Array(Math.ceil(bytes / leafBytes) * 32);
  for (let leaf = 0; leaf * leafBytes < bytes; leaf++) {
    const length = Math.min(leafBytes, bytes - leaf * leafBytes);
    const view = new Uint8Array(buffer, at + leaf * leafBytes, length);
    leaves.set(createHash("sha256").update(view).digest(), leaf * 32);
  }
  return leaves;
}

const kinds: Readonly<Record<SourceKind, number>> = { raw: -1, f32: 0, bf16: 1, f16: 2 };

function describe(
  kernels: KernelExports,
  buffer: ArrayBufferLike,
  at: number,
  { kind, elements, describe: wanted }: UnitSource,
  desk: Desk,
): ChunkPart[] {
  if (wanted === null) return [];
  const { start, cols, key } = wanted;
  const parts: ChunkPart[] = [];
  for (let done = 0; done < elements; done += chunkElements) {
    const n = Math.min(chunkElements, elements - done);
    const row = Math.floor((start + done) / cols);
    const rows = Math.floor((start + done + n - 1) / cols) - row + 1;
    new Uint8Array(buffer, desk.results, 40).fill(0);
    new Uint8Array(buffer, desk.sums, 8192).fill(0);
    if (wanted.squares) new Uint8Array(buffer, desk.squares, rows * 8).fill(0);
    kernels.tensorChunk(
      at + done * elementBytes[kind],
      kinds[kind],
      n,
      row,
      start + done - row * cols,
      cols,
      key.low,
      key.high,
      desk.scratch,
      desk.results,
      wanted.squares ? desk.squares : 0,
      desk.sums,
    );
    kernels.foldSketch(desk.sums);
    parts.push({
      moments: new Float64Array(buffer, desk.results, 5).slice(),
      squares: wanted.squares ? new Float64Array(buffer, desk.squares, rows).slice() : null,
      sketch: new Float32Array(buffer, desk.sums, 1024).slice(),
    });
  }
  return parts;
}

function comparePair(
  kernels: KernelExports,
  buffer: ArrayBufferLike,
  base: number,
  { sources, pair }: UnitTask,
  desk: Desk,
): Float64Array[] {
  if (pair === null) return [];
  const members = [pair.original, pair.suspect, ...pair.ancestors];
  const elements = Math.min(...members.map((index) => sources[index]?.elements ?? 0));
  const found: Float64Array[] = [];
  for (let done = 0; done < elements; done += chunkElements) {
    const n = Math.min(chunkElements, elements - done);
    const [original, suspect, ancestor, ...others] = members.map((index, place) => {
      const kind = sources[index]?.kind ?? "f32";
      const from = base + index * sourceBytes + done * elementBytes[kind];
      if (kind === "f32" && pair.ancestors.length === 0) return from;
      const to = desk.values + place * chunkElements * 4;
      if (kind === "bf16") kernels.decodeBf16(from, to, n);
      else if (kind === "f16") kernels.decodeF16(from, to, n);
      else new Uint8Array(buffer).copyWithin(to, from, from + n * 4);
      return to;
    }) as [number, number, number | undefined, ...number[]];
    new Uint8Array(buffer, desk.results, 88).fill(0);
    kernels.pairF32(original, suspect, n, desk.results);
    kernels.subtractF32(suspect, original, n, desk.difference);
    kernels.tensorChunk(desk.difference, 0, n, 0, 0, n, 0, 0, desk.scratch, desk.results + 48, 0, 0);
    const sums = [n, ...new Float64Array(buffer, desk.results, 11)];
    if (ancestor !== undefined) {
      const vectors = [original, suspect, ...others];
      for (const vector of vectors) kernels.subtractF32(vector, ancestor, n, vector);
      vectors.forEach((left, i) => {
        for (const right of vectors.slice(i)) sums.push(kernels.dotF32(left, right, n));
      });
    }
    found.push(Float64Array.from(sums));
  }
  return found;
}
