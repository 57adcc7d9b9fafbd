import { throwIfCancelled } from "../io/net/cancelled";
import type { KernelPool } from "../io/threads/kernel-pool";
import { leafBytes, unitElements } from "../kernels/unit";
import { type PairPass, PairSums } from "./full-pass-pair";
import type { PassPlan, PlannedTensor, Segment } from "./full-pass-plan";
import type { LeafStore } from "./full-pass-store";
import { memberOf, type TensorPass } from "./full-pass-tensor";
import { doUnit, keepLeaves, type PairedSources, rawSource, type Unit } from "./full-pass-unit";

/** Tensors that are looked at together, element by element; the plan of each is one of `sides`. */
export interface PassGroup {
  readonly members: readonly { readonly side: number; readonly name: string }[];
  /** Indices into `members`; null for a single tensor. */
  readonly pair: PairedSources | null;
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
