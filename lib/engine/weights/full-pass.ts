import { throwIfCancelled } from "../io/net/cancelled";
import type { Desk, KernelPool } from "../io/threads/kernel-pool";
import { type CentralSums, mergeCentral, normQuantiles, type Shape, shapeOf, sketchKey } from "../kernels";
import { elementBytes, leafBytes, type UnitResult, type UnitSource, unitElements } from "../kernels/unit";
import { merkleRoot } from "./full-pass-merkle";
import type { PassPlan, PlannedTensor, Segment } from "./full-pass-plan";
import { contentName, decodeUnit, encodeUnit, type LeafStore, unitKey } from "./full-pass-store";
import type { WeightTensor } from "./release-weights";

/** What one pass over all bytes of a tensor leaves of it. */
export interface TensorPass {
  readonly tensor: WeightTensor;
  /** Merkle root over its leaves (full-pass-merkle.ts); null where its bytes are no stretch of their own, or are missing. */
  readonly root: string | null;
  /** SHA-256 of its leaves, 32 bytes each; null where there is no root. */
  readonly leaves: Uint8Array | null;
  readonly segment: Segment | null;
  /** Null where a value is not finite, or bytes are missing. */
  readonly shape: Shape | null;
  /** 32 quantiles of the rows' norms, ascending; null beside no shape, or beyond 2^20 rows. */
  readonly rowNorms: readonly number[] | null;
  /** Block-circulant CountSketch, 1,024 sums; null where bytes are missing. */
  readonly sketch: Float64Array | null;
}

/** Tensors that are looked at together, element by element; the plan of each is one of `sides`. */
export interface PassGroup {
  readonly members: readonly { readonly side: number; readonly name: string }[];
  /** Indices into `members`; null for a single tensor. */
  readonly pair: {
    readonly original: number;
    readonly suspect: number;
    readonly ancestors: readonly number[];
  } | null;
}

/** Sums over all elements that both tensors of a pair have; the layout is that of UnitResult.pairs. */
export interface PairPass {
  readonly sums: Float64Array;
  /** Of suspect minus original. */
  readonly difference: CentralSums;
  readonly products: Float64Array;
}

export interface PassOptions {
  readonly sides: readonly PassPlan[];
  readonly groups: readonly PassGroup[];
  readonly pool: KernelPool;
  readonly store?: LeafStore | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Part of all bytes, 0 … 1. */
  readonly onProgress?: ((part: number) => void) | undefined;
  onTensor(side: number, tensor: TensorPass): void;
  onPair?(group: PassGroup, pair: PairPass): void;
}

/** Public seed and words of a tensor's sketch: its role, not its name or layer, so that layers stay comparable. */
export function tensorSketchKey({ place }: WeightTensor) {
  const expert = place.expert === null ? "" : String(place.expert);
  return sketchKey("slipmark.fingerprint/v1", ["sketch", place.role, place.parameter, expert]);
}

const mostRows = 2 ** 20;
export const rowNormCount = 32;

/**
 * Reads every byte of the planned weight files once, in their groups, two leaves of each tensor at a time. What comes out
 * depends on the bytes alone: not on threads, on where reads were cut, or on how often the pass was stopped and taken up.
 * Memory: the pool's desks, one tensor's sums at a time for each side, and 32 bytes for each leaf.
 */
export async function runFullPass(options: PassOptions): Promise<void> {
  const { sides, groups, pool, store, signal } = options;
  const total = sides.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const running: (() => Promise<void>)[] = [];
  const takeFirst = async () => {
    const settle = running.shift();
    if (settle) await settle();
    options.onProgress?.(total === 0 ? 1 : Math.min(1, done / total));
  };

  /** Starts a unit; its result is taken in order of starting. */
  async function start(unit: Unit): Promise<void> {
    throwIfCancelled(signal);
    while (running.length >= pool.desks) await takeFirst();
    const result = doUnit(unit, pool, store, signal);
    result.catch(() => {});
    running.push(async () => {
      unit.take(await result);
      done += unit.bytes;
    });
  }

  async function rest(): Promise<void> {
    while (running.length > 0) await takeFirst();
  }

  try {
    for (const group of groups) await passGroup(group);
    for (const plan of sides) for (const segment of plan.segments) await hashUpTo(plan, segment, segment.end);
    await rest();
  } catch (error) {
    // Nobody may write into a desk that is given away.
    await Promise.allSettled(running.map((settle) => settle()));
    throw error;
  }

  /** Hashes a segment's bytes, as far as they were not yet, up to a position in the file. */
  async function hashUpTo(plan: PassPlan, segment: Segment, position: number): Promise<boolean> {
    const before = segment.issued;
    while (segment.start + segment.issued < Math.min(position, segment.end)) {
      const offset = segment.issued;
      const bytes = Math.min(2 * leafBytes, segment.end - segment.start - offset);
      segment.issued += bytes;
      await start({
        bytes,
        sources: [rawSource(plan, segment, offset, bytes)],
        pair: null,
        take: (result) => keepLeaves(segment, offset, bytes, result?.sources[0]?.leaves ?? null),
      });
    }
    return segment.issued > before;
  }

  async function passGroup(group: PassGroup): Promise<void> {
    const members = group.members.map(({ side, name }) => {
      const plan = sides[side] as PassPlan;
      return memberOf(side, plan, plan.tensors.get(name) as PlannedTensor);
    });
    const pair = group.pair === null ? null : new PairSums();
    const elements = Math.max(...members.map((member) => member.elements));
    for (let at = 0; at < elements; at += unitElements) {
      const here = members.map((member) => ({
        member,
        n: Math.max(0, Math.min(unitElements, member.elements - at)),
      }));
      for (const { member, n } of here) {
        // What was just read is still remembered when its format asks for it.
        if (n > 0 && member.decoded) (await hashUpTo(member.plan, ...member.upTo(at + n))) && (await rest());
        else if (n > 0 && member.first && member.planned.segment) {
          member.planned.segment.issued += n * member.width;
        }
      }
      await start({
        bytes: here.reduce((sum, { member, n }) => sum + (member.first ? n * member.width : 0), 0),
        sources: here.map(({ member, n }) => member.source(at, n)),
        pair: group.pair !== null && here.every(({ n }) => n > 0) ? group.pair : null,
        take: (result) => {
          here.forEach(({ member, n }, index) => {
            if (n > 0) member.take(at, n, result?.sources[index] ?? null);
          });
          pair?.take(result?.pairs ?? null);
        },
      });
    }
    await rest();
    for (const member of members) options.onTensor(member.side, member.finish());
    const sums = pair?.finish();
    if (sums) options.onPair?.(group, sums);
  }
}

interface Unit {
  /** Of the files, for the progress. */
  readonly bytes: number;
  readonly sources: readonly Source[];
  readonly pair: PassGroup["pair"];
  /** Null where bytes could not be had. */
  take(result: UnitResult | null): void;
}

interface Source extends UnitSource {
  /** What the result follows from; null where that has no name. */
  readonly name: readonly unknown[] | null;
  load(to: Uint8Array, signal?: AbortSignal): Promise<boolean>;
}

async function doUnit(
  { sources, pair }: Unit,
  pool: KernelPool,
  store: LeafStore | undefined,
  signal: AbortSignal | undefined,
): Promise<UnitResult | null> {
  const key = store ? unitKey([...sources.map(({ name }) => name), pair ?? "single"]) : null;
  const known = key === null ? null : await store?.get(key);
  const kept = known ? decodeUnit(known) : null;
  if (kept !== null) return kept;
  const desk: Desk = await pool.desk();
  let loaded = false;
  try {
    throwIfCancelled(signal);
    const all = await Promise.all(sources.map((source, index) => source.load(desk.source(index), signal)));
    loaded = all.every(Boolean);
  } finally {
    if (!loaded) desk.leave();
  }
  if (!loaded) return null;
  const task = sources.map(({ kind, elements, hash, describe }) => ({ kind, elements, hash, describe }));
  const result = await desk.run({ sources: task, pair });
  if (key !== null) await store?.put(key, encodeUnit(result));
  return result;
}

function rawSource(plan: PassPlan, segment: Segment, offset: number, bytes: number): Source {
  const { path } = segment;
  const start = segment.start + offset;
  const content = contentName(plan.pass.release, path);
  return {
    kind: "raw",
    elements: bytes,
    hash: true,
    describe: null,
    name: content === null ? null : [content, start, bytes],
    // A tensor that only its format can decode is asked for again.
    load: (to, signal) => plan.pass.load({ path, start, end: start + bytes }, to, segment.decoded, signal),
  };
}

function keepLeaves(segment: Segment, offset: number, bytes: number, leaves: Uint8Array | null): void {
  if (leaves === null) segment.missing += bytes;
  else segment.leaves.set(leaves, (offset / leafBytes) * 32);
}

/** One tensor while it is passed over. */
function memberOf(side: number, plan: PassPlan, planned: PlannedTensor) {
  const { tensor, segment, kind } = planned;
  const elements = tensor.rows * tensor.cols;
  const { cols } = tensor;
  const key = tensorSketchKey(tensor);
  const squares = tensor.rows <= mostRows ? new Float64Array(tensor.rows) : null;
  const sketch = new Float64Array(1024);
  const moments: CentralSums = new Float64Array(5);
  const content = segment === null ? null : contentName(plan.pass.release, segment.path);
  const width = kind === null ? 0 : elementBytes[kind];
  const decoded = kind === null;
  let missing = false;

  return {
    side,
    plan,
    planned,
    elements,
    width,
    /** False for a tensor that an earlier group passed over: a tied embedding is compared as embedding and as head. */
    first: segment?.issued === 0,
    /** Whether only the format can decode it; its bytes are then hashed apart. */
    decoded,
    /** How far its segment has to be hashed before its first elements up to `end` are decoded. */
    upTo(end: number): [Segment, number] {
      const own = segment ?? nothing;
      return [own, own.start + Math.ceil((end / elements) * (own.end - own.start))];
    },
    source(at: number, n: number): Source {
      const describe = { start: at, cols, key, squares: squares !== null };
      const place = [tensor.name, tensor.dtype, elements, at, n, cols, key.low, key.high];
      if (kind !== null && segment !== null) {
        const start = segment.start + at * width;
        return {
          kind,
          elements: n,
          hash: true,
          describe: n > 0 ? describe : null,
          name: content === null ? null : [content, start, kind, ...place],
          load: async (to, signal) =>
            n === 0 ||
            plan.pass.load({ path: segment.path, start, end: start + n * width }, to, false, signal),
        };
      }
      return {
        kind: "f32",
        elements: n,
        hash: false,
        describe: n > 0 ? describe : null,
        name: content === null ? null : [content, segment?.start, "decoded", ...place],
        async load(to, signal) {
          if (n === 0) return true;
          const values = (await plan.pass.weights?.read(tensor, at, at + n, signal)) ?? null;
          if (values !== null) to.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
          return values !== null;
        },
      };
    },
    take(at: number, n: number, found: UnitResult["sources"][number] | null): void {
      if (!decoded && segment) keepLeaves(segment, at * width, n * width, found?.leaves ?? null);
      if (found === null) {
        missing = true;
        return;
      }
      let first = at;
      for (const part of found.parts) {
        mergeCentral(moments, part.moments);
        for (let i = 0; i < 1024; i++) sketch[i] = (sketch[i] as number) + (part.sketch[i] as number);
        const row = Math.floor(first / cols);
        part.squares?.forEach((value, r) => {
          if (squares) squares[row + r] = (squares[row + r] as number) + value;
        });
        first += part.moments[0] as number;
      }
    },
    finish(): TensorPass {
      const whole =
        segment !== null && segment.missing === 0 && segment.issued === segment.end - segment.start;
      const shape = missing ? null : shapeOf(moments);
      return {
        tensor,
        root: whole ? merkleRoot(segment.leaves) : null,
        leaves: whole ? segment.leaves : null,
        segment,
        shape,
        rowNorms: shape === null || squares === null ? null : normQuantiles(squares, rowNormCount),
        sketch: missing ? null : sketch,
      };
    },
  };
}

const nothing: Segment = {
  path: "",
  start: 0,
  end: 0,
  leaves: new Uint8Array(),
  tensors: [],
  decoded: false,
  issued: 0,
  missing: 0,
};

/** Sums of a pair, put together in the order of the chunks. */
class PairSums {
  readonly #sums = new Float64Array(7);
  readonly #difference: CentralSums = new Float64Array(5);
  #products: Float64Array | null = null;
  #missing = false;

  take(chunks: UnitResult["pairs"] | null): void {
    if (chunks === null) this.#missing = true;
    for (const chunk of chunks ?? []) {
      for (let i = 0; i < 7; i++) this.#sums[i] = (this.#sums[i] as number) + (chunk[i] as number);
      mergeCentral(this.#difference, chunk.slice(7, 12));
      this.#products ??= new Float64Array(chunk.length - 12);
      for (let i = 0; i < this.#products.length; i++) {
        this.#products[i] = (this.#products[i] as number) + (chunk[12 + i] as number);
      }
    }
  }

  /** Null where bytes were missing or there was nothing to compare. */
  finish(): PairPass | null {
    if (this.#missing || this.#sums[0] === 0) return null;
    return {
      sums: this.#sums,
      difference: this.#difference,
      products: this.#products ?? new Float64Array(),
    };
  }
}

/** One root over all leaves of a file, segment after segment; null where bytes are missing. */
export interface FilePass {
  readonly path: string;
  readonly bytes: number;
  readonly leaves: number;
  readonly root: string | null;
}

/** The files of a plan after the pass. */
export function passedFiles({ segments }: PassPlan): FilePass[] {
  return [...Map.groupBy(segments, ({ path }) => path)].map(([path, own]) => {
    const whole = own.every(({ missing, issued, start, end }) => missing === 0 && issued === end - start);
    const leaves = Buffer.concat(own.map((segment) => segment.leaves));
    return {
      path,
      bytes: own.reduce((sum, { start, end }) => sum + end - start, 0),
      leaves: leaves.length / 32,
      root: whole ? merkleRoot(leaves) : null,
    };
  });
}
