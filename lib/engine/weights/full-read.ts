import { createHash } from "node:crypto";
import type { ReleaseReader } from "../io/source/release";
import { openKernelPool } from "../io/threads/kernel-pool";
import type { Shape } from "../kernels";
import type { MethodInput } from "../methods/method";
import type { TensorGroup } from "../result/document";
import { type PassGroup, runFullPass } from "./full-pass";
import { type FilePass, passedFiles } from "./full-pass-files";
import type { PairPass } from "./full-pass-pair";
import { type PassPlan, planPass } from "./full-pass-plan";
import type { TensorPass } from "./full-pass-tensor";
import { openForPass } from "./full-pass-trace";
import { constructedTensors } from "./full-read-constructed";
import { pairTensors, type TensorPair } from "./pair-tensors";
import type { WeightTensor } from "./release-weights";

/** What a comparison keeps of a tensor whose every byte was read. */
export interface ReadTensor {
  readonly tensor: WeightTensor;
  readonly root: string | null;
  readonly leaves: Uint8Array | null;
  /** Where its bytes lie; null where they are no stretch of their own. */
  readonly at: { readonly path: string; readonly start: number; readonly end: number } | null;
  readonly shape: Shape | null;
  /** SHA-256 (hex) of the sketch as 1,024 little-endian float32; null where a value is not finite or bytes are missing. */
  readonly sketch: string | null;
  /** Whether code computes its values (constructed.ts), so that anybody has them. */
  readonly constructed: boolean;
}

export interface ReadSide {
  /** False where the release has no weights that can be opened. */
  readonly opened: boolean;
  readonly tensors: ReadonlyMap<string, ReadTensor>;
  readonly files: readonly FilePass[];
}

export interface ReadPair extends TensorPair {
  /** Null where the tensors have rows of different lengths, or bytes are missing. */
  readonly pass: PairPass | null;
  /** Whether all ancestors that are subtracted have this tensor, in this shape. */
  readonly withAncestors: boolean;
}

/** Everything that level 3 has read of the releases of a run. */
export interface FullRead {
  readonly original: ReadSide;
  readonly suspect: ReadSide;
  readonly ancestors: readonly ReadSide[];
  /** Positions of the ancestors that are subtracted. */
  readonly subtracted: readonly number[];
  readonly pairs: readonly ReadPair[];
  readonly unpaired: { readonly original: number; readonly suspect: number };
}

/** So many ancestors are subtracted; more are read, and only looked up. */
const mostSubtracted = 6;

/** The full read of a run: once, for all methods that need it. Null below level 3. */
export function fullReadOf(input: MethodInput): Promise<FullRead | null> {
  if (input.parameters.level < 3) return Promise.resolve(null);
  return input.shared("weights/full-read@1", () => readEverything(input));
}

async function readEverything(input: MethodInput): Promise<FullRead> {
  const { signal } = input;
  const readers = [input.original, input.suspect, ...input.ancestors];
  const plans: PassPlan[] = [];
  for (const [side, reader] of readers.entries())
    plans.push(await planPass(await openForPass(reader, signal, side >= 2)));
  const { groups, pairs, subtracted, unpaired } = groupsOf(plans);
  const passes = new Map<PassGroup, PairPass>();
  const tensors = plans.map(() => new Map<string, Omit<ReadTensor, "constructed">>());
  const pool = await openKernelPool({
    maxSources: Math.max(2, ...groups.map(({ members }) => members.length)),
    ...(input.threads === undefined ? {} : { threads: input.threads }),
  });
  try {
    await runFullPass({
      sides: plans,
      groups,
      pool,
      store: input.leafStore,
      signal,
      onProgress: input.onProgress,
      onTensor: (side, pass) => tensors[side]?.set(pass.tensor.name, kept(pass)),
      onPair: (group, pass) => passes.set(group, pass),
    });
  } finally {
    await pool.close();
  }
  const sides: ReadSide[] = [];
  for (const [side, plan] of plans.entries()) {
    const own = tensors[side] ?? new Map<string, Omit<ReadTensor, "constructed">>();
    const made = await constructedTensors(plan, (name) => (own.get(name)?.shape?.sd ?? 0) > 0, signal);
    const told = [...own].map(
      ([name, tensor]) => [name, { ...tensor, constructed: made.has(name) }] as const,
    );
    sides.push(sideOf(plan, new Map(told), readers[side]));
  }
  const [original, suspect, ...ancestors] = sides as [ReadSide, ReadSide, ...ReadSide[]];
  return {
    original,
    suspect,
    ancestors,
    subtracted,
    pairs: pairs.map(({ pair, group }) => ({
      ...pair,
      pass: (group && passes.get(group)) ?? null,
      withAncestors: subtracted.length > 0 && group?.pair?.ancestors.length === subtracted.length,
    })),
    unpaired,
  };
}

function kept({ tensor, root, leaves, segment, shape, sketch }: TensorPass): Omit<ReadTensor, "constructed"> {
  return {
    tensor,
    root,
    leaves,
    at: segment && { path: segment.path, start: segment.start, end: segment.end },
    shape,
    sketch: sketch?.every(Number.isFinite) ? sketchDigest(sketch) : null,
  };
}

function sketchDigest(sketch: Float64Array): string {
  // Adding 0 makes −0 to 0.
  const bytes = new Uint8Array(Float32Array.from(sketch, (value) => value + 0).buffer);
  return createHash("sha256").update(bytes).digest("hex");
}

function sideOf(
  plan: PassPlan,
  tensors: ReadonlyMap<string, ReadTensor>,
  reader: ReleaseReader | undefined,
): ReadSide {
  const files = passedFiles(plan);
  for (const { path, bytes, leaves, root } of files) {
    if (root !== null) reader?.full?.covered({ path, bytes, leaves, root });
  }
  return { opened: plan.pass.weights !== null, tensors, files };
}

interface PlannedPair {
  readonly pair: TensorPair;
  /** Null where the two cannot be laid side by side. */
  readonly group: PassGroup | null;
}

/** Which tensors are read together: pairs with the same tensor of the ancestors, then everything else by itself. */
function groupsOf(plans: readonly PassPlan[]) {
  const [original, suspect, ...older] = plans.map(({ pass }) => pass.weights);
  const found = original && suspect ? pairTensors(original, suspect) : null;
  const partners = older.map((ancestor) =>
    original && ancestor
      ? new Map(pairTensors(original, ancestor).pairs.map((pair) => [pair.original.name, pair.suspect]))
      : null,
  );
  const subtracted = [...partners.keys()].filter((at) => partners[at] !== null).slice(0, mostSubtracted);
  const taken = plans.map(() => new Set<string>());
  const groups: PassGroup[] = [];
  const pairs: PlannedPair[] = [];
  const add = (group: PassGroup) => {
    for (const { side, name } of group.members) taken[side]?.add(name);
    groups.push(group);
  };
  for (const pair of found?.pairs ?? []) {
    if (pair.original.cols !== pair.suspect.cols) {
      pairs.push({ pair, group: null });
      continue;
    }
    const ancestors = subtracted.flatMap((at) => {
      const tensor = partners[at]?.get(pair.original.name);
      return tensor?.rows === pair.original.rows && tensor.cols === pair.original.cols
        ? [{ side: at + 2, name: tensor.name }]
        : [];
    });
    // Subtracted together or not at all: a coefficient has one meaning in all tensors.
    const complete = ancestors.length === subtracted.length ? ancestors : [];
    const group: PassGroup = {
      members: [{ side: 0, name: pair.original.name }, { side: 1, name: pair.suspect.name }, ...complete],
      pair: { original: 0, suspect: 1, ancestors: complete.map((_, at) => at + 2) },
    };
    pairs.push({ pair, group });
    add(group);
  }
  plans.forEach((plan, side) => {
    for (const name of plan.tensors.keys()) {
      if (!taken[side]?.has(name)) add({ members: [{ side, name }], pair: null });
    }
  });
  return {
    groups,
    pairs,
    subtracted,
    unpaired: {
      original: found?.unpaired.original.length ?? original?.tensors.size ?? 0,
      suspect: found?.unpaired.suspect.length ?? suspect?.tensors.size ?? 0,
    },
  };
}

/** Groups in a fixed order, for lists that go by group. */
export const groupOrder: readonly TensorGroup[] = [
  "language-model",
  "vision-tower",
  "projector",
  "embeddings",
  "head",
  "other",
];

/**
 * Whether a tensor says anything: not if its bytes are no stretch of their own, if all its values are equal (zero biases,
 * unit gains), if it has less than 128 bits, if it is a table of positions, or if code computes it.
 */
export function isCounted({ tensor, root, at, shape, constructed }: ReadTensor): boolean {
  if (root === null || at === null || at.end - at.start < 16 || tensor.place.role === "position")
    return false;
  if (constructed) return false;
  return shape === null || shape.sd > 0;
}
