import { throwIfCancelled } from "../io/net/cancelled";
import type { Desk, KernelPool } from "../io/threads/kernel-pool";
import { leafBytes, type UnitResult, type UnitSource } from "../kernels/unit";
import type { PassPlan, Segment } from "./full-pass-plan";
import { contentName, decodeUnit, encodeUnit, type LeafStore, unitKey } from "./full-pass-store";

/** Which sources of a unit are held against each other. */
export interface PairedSources {
  readonly original: number;
  readonly suspect: number;
  readonly ancestors: readonly number[];
}

/** What a desk works on at once: two leaves of each tensor of a group, or two leaves of bytes to hash. */
export interface Unit {
  /** Of the files, for the progress. */
  readonly bytes: number;
  readonly sources: readonly Source[];
  readonly pair: PairedSources | null;
  /** Null where bytes could not be had. */
  take(result: UnitResult | null): void;
}

export interface Source extends UnitSource {
  /** What the result follows from; null where that has no name. */
  readonly name: readonly unknown[] | null;
  load(to: Uint8Array, signal?: AbortSignal): Promise<boolean>;
}

/** Its result, kept or computed; null where bytes could not be had. */
export async function doUnit(
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

/** A stretch of a segment as it lies, to be hashed and nothing else. */
export function rawSource(plan: PassPlan, segment: Segment, offset: number, bytes: number): Source {
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

export function keepLeaves(segment: Segment, offset: number, bytes: number, leaves: Uint8Array | null): void {
  if (leaves === null) segment.missing += bytes;
  else segment.leaves.set(leaves, (offset / leafBytes) * 32);
}
