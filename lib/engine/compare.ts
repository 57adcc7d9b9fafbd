import { EngineError } from "./errors";
import { rememberWholes } from "./formats/remember-wholes";
import { throwIfCancelled } from "./io/net/cancelled";
import {
  compareRanges,
  type RecordedFullRead,
  type RecordedRange,
  type ReleaseRole,
  recordReads,
} from "./io/record-reads";
import type { PinnedRelease, ReleaseReader } from "./io/source/release";
import { type BlobStore, createSpilledBlobs } from "./io/spilled-blobs";
import type { Method, MethodInput } from "./methods/method";
import { refusedOutcome } from "./methods/refused-weights";
import { builtInMethods } from "./methods/registry";
import { assertDistinct } from "./result/assert-distinct";
import { assertOlder } from "./result/assert-older";
import { resultDigest } from "./result/digest";
import {
  type CompareParameters,
  compareParametersSchema,
  type InputRelease,
  methodResultSchema,
  type ResultDocument,
  undigestedSchema,
} from "./result/document";
import { summarise } from "./result/summarise";
import type { LeafStore } from "./weights/full-pass-store";

export interface CompareInput {
  readonly original: ReleaseReader;
  readonly suspect: ReleaseReader;
  readonly ancestors: readonly ReleaseReader[];
  readonly controls: readonly ReleaseReader[];
}

export interface CompareHooks {
  readonly onProgress?: (progress: { phase: string; done: number; total: number }) => void;
  readonly signal?: AbortSignal;
  /** SHA-256 of the bundle that runs; recorded, never digested. */
  readonly build?: string | null;
  /** Methods by id; the built-in ones unless told. */
  readonly registry?: ReadonlyMap<string, Method>;
  /** For a full read: where it keeps what it has done, and how many threads it takes. */
  readonly leafStore?: LeafStore;
  readonly threads?: number;
  /** Where bytes that do not fit into memory wait for the capsule; the system's temporary folder unless told. */
  readonly scratchFolder?: string;
}

/** A result and everything a capsule is written from. */
export interface Comparison {
  readonly result: ResultDocument;
  readonly releases: readonly {
    readonly role: ReleaseRole;
    readonly position: number;
    readonly release: PinnedRelease;
  }[];
  /** Sorted by role, position, path, start, end in code-unit order. */
  readonly ranges: readonly RecordedRange[];
  /** Files that were read whole; sorted by role, position, path. Their bytes are not among the blobs. */
  readonly fullReads: readonly RecordedFullRead[];
  /** To be closed when the capsule is written, or none is wanted. */
  readonly blobs: BlobStore;
}

/**
 * Runs the methods on pinned releases and returns the result with its digest. Same inputs and parameters, same
 * digest, on every machine. Throws EngineError: "bad-input" for parameters nobody can use, "same-release" when both
 * sides are one commit, "malformed-file" for files that lie, "cancelled", and whatever the readers throw.
 */
export async function compare(
  input: CompareInput,
  parameters: CompareParameters,
  hooks: CompareHooks = {},
): Promise<Comparison> {
  const blobs = createSpilledBlobs(hooks.scratchFolder === undefined ? {} : { folder: hooks.scratchFolder });
  try {
    return await compareInto(blobs, input, parameters, hooks);
  } catch (error) {
    blobs.close();
    throw error;
  }
}

async function compareInto(
  blobs: BlobStore,
  input: CompareInput,
  parameters: CompareParameters,
  hooks: CompareHooks,
): Promise<Comparison> {
  const registry = hooks.registry ?? builtInMethods;
  const readers = [input.original, input.suspect, ...input.ancestors, ...input.controls];
  const checked = checkParameters(
    parameters,
    registry,
    readers.map(({ release }) => release),
  );
  assertDistinct(input.original, input.suspect);
  assertOlder(
    [input.original.release, input.suspect.release],
    input.ancestors.map(({ release }) => release),
  );

  const record = (role: ReleaseRole) => (reader: ReleaseReader, position: number) => ({
    role,
    position,
    release: reader.release,
    ...recordReads(reader, { role, position }, blobs),
  });
  const original = record("original")(input.original, 0);
  const suspect = record("suspect")(input.suspect, 0);
  const ancestors = input.ancestors.map(record("ancestor"));
  const controls = input.controls.map(record("control"));

  const methodInput = {
    original: rememberWholes(original.reader),
    suspect: rememberWholes(suspect.reader),
    ancestors: ancestors.map(({ reader }) => rememberWholes(reader)),
    controls: controls.map(({ reader }) => rememberWholes(reader)),
    parameters: { nonce: checked.nonce, screened: checked.screened, level: checked.level },
    shared: sharedValues(),
    ...(hooks.leafStore ? { leafStore: hooks.leafStore } : {}),
    ...(hooks.threads === undefined ? {} : { threads: hooks.threads }),
    ...(hooks.signal ? { signal: hooks.signal } : {}),
  };
  const outcomes: ResultDocument["methods"] = [];
  const total = checked.methods.length;
  for (const [done, id] of checked.methods.entries()) {
    throwIfCancelled(hooks.signal);
    hooks.onProgress?.({ phase: id, done, total });
    const method = registry.get(id) as Method;
    const outcome = await method
      .run({
        ...methodInput,
        onProgress: (part) => hooks.onProgress?.({ phase: id, done: done + part, total }),
      })
      .catch((error: unknown) => refusedOutcome(method, error));
    outcomes.push(methodResultSchema.parse({ ...outcome, explanation: method.explain(outcome) }));
  }
  throwIfCancelled(hooks.signal);
  hooks.onProgress?.({ phase: "summary", done: total, total });

  const all = [original, suspect, ...ancestors, ...controls];
  const ranges = all.flatMap((side) => side.ranges()).sort(compareRanges);
  const fullReads = all
    .flatMap((side) => side.fullReads())
    .sort((a, b) => compareRanges(wholeOf(a), wholeOf(b)));
  // Parsed as every reader will parse it: what the schema drops ("__proto__" as a key) must not reach the digest.
  const undigested = undigestedSchema.parse({
    schema: "slipmark.result/v1",
    build: hooks.build ?? null,
    inputs: {
      original: inputOf(original.release),
      suspect: inputOf(suspect.release),
      ancestors: ancestors.map(({ release }) => inputOf(release)),
      controls: controls.map(({ release }) => inputOf(release)),
    },
    parameters: checked,
    ranges,
    ...(fullReads.length > 0 ? { fullReads } : {}),
    bytesRead: {
      original: bytesRead(ranges, fullReads, "original"),
      suspect: bytesRead(ranges, fullReads, "suspect"),
    },
    bytesTotal: { original: bytesTotal(original.release), suspect: bytesTotal(suspect.release) },
    methods: outcomes,
    summary: summarise(outcomes, input.ancestors.length, checked.ancestorsClosed),
  });
  return {
    result: { ...undigested, digest: resultDigest(undigested) },
    releases: all.map(({ role, position, release }) => ({ role, position, release })),
    ranges,
    fullReads,
    blobs,
  };
}

/** Methods are run in the registry's order, whatever order they were named in, so that the digest does not depend on it. */
function checkParameters(
  parameters: CompareParameters,
  registry: ReadonlyMap<string, Method>,
  releases: readonly PinnedRelease[],
): CompareParameters {
  const parsed = compareParametersSchema.safeParse(parameters);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new EngineError("bad-input", `Unusable parameter ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const wanted = new Set(parsed.data.methods);
  for (const id of wanted) {
    if (!registry.has(id)) throw new EngineError("bad-input", `There is no method "${id}"`, { method: id });
  }
  const { level } = parsed.data;
  const runs = (id: string) => {
    const method = registry.get(id);
    return wanted.has(id) && (method?.level ?? 0) <= level && (method?.appliesTo?.(releases) ?? true);
  };
  return { ...parsed.data, methods: [...registry.keys()].filter(runs) };
}

const wholeOf = (read: RecordedFullRead) => ({ ...read, start: 0, end: 0, sha256: null });

function sharedValues(): MethodInput["shared"] {
  const made = new Map<string, Promise<unknown>>();
  return <T>(key: string, make: () => Promise<T>): Promise<T> => {
    const known = made.get(key);
    if (known !== undefined) return known as Promise<T>;
    const value = make();
    made.set(key, value);
    return value;
  };
}

function inputOf({ kind, repository, commit, files }: PinnedRelease): InputRelease {
  return {
    kind,
    repository,
    commit,
    files: files.map(({ path, size, gitOid, lfsSha256 }) => ({ path, size, gitOid, lfsSha256 })),
  };
}

function bytesRead(
  ranges: readonly RecordedRange[],
  fullReads: readonly RecordedFullRead[],
  role: ReleaseRole,
): number {
  const whole = new Map(
    fullReads.filter((read) => read.role === role).map(({ path, bytes }) => [path, bytes]),
  );
  return ranges
    .filter((range) => range.role === role && range.sha256 !== null && !whole.has(range.path))
    .reduce(
      (sum, range) => sum + range.end - range.start,
      [...whole.values()].reduce((sum, bytes) => sum + bytes, 0),
    );
}

function bytesTotal(release: PinnedRelease): number {
  return release.files.reduce((sum, file) => sum + (file.size ?? 0), 0);
}
