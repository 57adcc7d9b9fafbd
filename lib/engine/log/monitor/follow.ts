import { equal, text } from "../bytes";
import { type OpenedCheckpoint, openCheckpoint, parseCheckpoint } from "../checkpoint";
import { verifyCosignatures } from "../cosignature";
import { LogError } from "../errors";
import { parseNote, parseVerifierKey } from "../note";
import { learnFrom } from "./acts";
import { BlobCount, checkBlobs, type Unexplained } from "./blobs";
import { Memory } from "./memory";
import { MonitorProblem, refusing } from "./problem";
import type { MonitorState } from "./state";
import { type FetchPublic, openSurface, type Surface } from "./surface";
import { entryAt, requireConsistent, type WalkedEntry, walk } from "./walk";

/**
 * Which statements and payloads are fetched. "sample": those of new entries, and some earlier ones again, so that in time
 * all have their turn. "all": all of them again. "none": no more than keys and tombstones need.
 */
export type BlobChoice = "all" | "sample" | "none";

export interface FollowOptions {
  readonly fetch: FetchPublic;
  /** What the last run remembered; null for the first. */
  readonly state: MonitorState | null;
  /** Keeps a state: called after each part that was proved, so that a run which is cut off goes on from there. */
  readonly save: (state: MonitorState) => Promise<void>;
  readonly blobs?: BlobChoice;
  /** Verifier keys known from elsewhere, for the first run; otherwise those at /log/vkey are taken and kept. */
  readonly vkeys?: readonly string[];
  /** Verifier keys of witnesses: a line that claims to be of one of them has to verify. One that has not signed is none. */
  readonly witnesses?: readonly string[];
  /** Earlier entries whose blobs are looked at again in one run. */
  readonly sample?: number;
  /** Before the log is asked again for a tombstone that has to come. */
  readonly pause?: () => Promise<void>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { phase: string; done: number; total: number }) => void;
}

export interface FollowReport {
  readonly origin: string;
  /** Entries known before this run, and after it. */
  readonly before: number;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Entries whose statements and payloads are all checked or excused. */
  readonly blobsTo: number;
  readonly blobs: BlobCount;
  /** Earlier entries looked at again. */
  readonly sampled: number;
  readonly tombstones: number;
  /** The given witnesses that have signed the newest checkpoint, with the second at which they say they did. */
  readonly cosignatures: readonly { readonly name: string; readonly time: number }[];
}

const defaults = { blobs: "sample" as BlobChoice, sample: 64 };
/** Bundles of which the statements are checked before the state is kept: at most 512 entries. */
const bundlesPerSave = 2;
/** Times that the log is asked again for a tombstone. */
const patience = 3;

/**
 * Follows a log from what is remembered of it to its newest checkpoint. In this order: signature, cosignatures, consistency with the
 * remembered tree, every new entry against its tile and the signed root, successors of keys, tombstones, then the
 * statements and payloads. Each pointer of the state moves only past what was checked. Throws MonitorProblem for
 * anything that is not as it has to be, LogError when there is no log, and whatever `fetch` throws.
 */
export async function followLog(options: FollowOptions): Promise<FollowReport> {
  const { blobs, sample } = { ...defaults, ...options };
  const surface = openSurface(options.fetch);
  const memory = await firstMemory(options, surface);
  const before = memory.tree.size;
  const count = new BlobCount();
  const run: Run = { options, surface, memory, count, cosignatures: [] };
  await followTree(run);
  let sampled = 0;
  if (blobs !== "none") {
    const earlier = memory.blobs.size;
    await followBlobs(run);
    sampled = await lookAgain(run, Math.min(earlier, blobs === "all" ? earlier : sample));
  }
  const { origin, tree } = memory;
  return {
    origin,
    before,
    size: tree.size,
    root: tree.root,
    blobsTo: memory.blobs.size,
    blobs: count,
    sampled,
    tombstones: memory.tombstones.length,
    cosignatures: run.cosignatures,
  };
}

interface Run {
  readonly options: FollowOptions;
  readonly surface: Surface;
  readonly memory: Memory;
  readonly count: BlobCount;
  cosignatures: FollowReport["cosignatures"];
}

async function firstMemory(options: FollowOptions, surface: Surface): Promise<Memory> {
  if (options.state !== null) return new Memory(options.state);
  const vkeys = options.vkeys ?? (await surface.verifierKeys());
  const [first] = vkeys.map(parseVerifierKey);
  if (first === undefined) throw new LogError("unknown-key", "there is no log: it names no key");
  return new Memory({ origin: first.name, vkeys });
}

/** To the newest checkpoint: signed, consistent, and made of exactly the entries that the log gives. */
async function followTree(run: Run): Promise<void> {
  const { options, surface, memory } = run;
  const note = await surface.checkpoint();
  if (note === null && memory.checkpoint === "")
    throw new LogError("malformed", "there is no log: it shows no checkpoint");
  if (note === null) throw new MonitorProblem("shrank", "the log shows no checkpoint any more");
  const { checkpoint, offered, trusted } = await openNext(note, memory, surface);
  run.cosignatures = cosignaturesUnder(checkpoint, options.witnesses ?? []);
  if (checkpoint.size < memory.tree.size)
    throw new MonitorProblem(
      "shrank",
      `the log shrank from ${memory.tree.size} to ${checkpoint.size} entries`,
    );
  if (
    checkpoint.size === memory.tree.size &&
    memory.checkpoint !== "" &&
    !equal(checkpoint.root, memory.tree.root)
  )
    throw new MonitorProblem("forked", `the log signed two different trees of ${checkpoint.size} entries`);
  await requireConsistent(surface, memory.tree, checkpoint);
  memory.tree = { size: checkpoint.size, root: checkpoint.root };
  memory.checkpoint = text(note);
  const save = async () => {
    options.signal?.throwIfAborted();
    // Under a key that nothing vouches for yet, nothing is remembered.
    if (trusted || signedByKnown(note, memory)) await options.save(memory.kept());
  };
  await save();
  for await (const { position, entries } of walk(surface, memory.leaves, memory.tree)) {
    await learnFrom(entries, { memory, surface, offered });
    memory.leaves = position;
    options.onProgress?.({ phase: "entries", done: position.size, total: memory.tree.size });
    await save();
  }
  if (!trusted && !signedByKnown(note, memory))
    throw new MonitorProblem("key-changed", "the log changed its key, and no entry of it names the new one");
}

/** The checkpoint, by a key that is known; or by one that the log offers, which then has to be named by an entry. */
async function openNext(
  note: Uint8Array,
  memory: Memory,
  surface: Surface,
): Promise<{ checkpoint: OpenedCheckpoint; offered: readonly string[]; trusted: boolean }> {
  const { origin } = refusing("bad-checkpoint", "/log/checkpoint", () =>
    parseCheckpoint(parseNote(note).text),
  );
  if (origin !== memory.origin)
    throw new MonitorProblem("origin-changed", `this is now the log ${origin}, not ${memory.origin}`);
  const offered = await surface.verifierKeys();
  try {
    const checkpoint = openCheckpoint(note, { origin, keys: memory.keys() });
    return { checkpoint, offered, trusted: true };
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    if (error.code !== "unknown-key")
      throw new MonitorProblem("bad-checkpoint", `/log/checkpoint: ${error.message}`);
  }
  const keys = refusing("bad-checkpoint", "/log/vkey", () => offered.map(parseVerifierKey));
  try {
    return { checkpoint: openCheckpoint(note, { origin, keys }), offered, trusted: false };
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    throw new MonitorProblem("key-changed", "no key that is known signed the checkpoint");
  }
}

/** Lines of the given witnesses under the checkpoint. Throws MonitorProblem for one that does not verify. */
function cosignaturesUnder(
  { note }: OpenedCheckpoint,
  witnesses: readonly string[],
): FollowReport["cosignatures"] {
  const keys = witnesses.map(parseVerifierKey);
  return refusing("bad-cosignature", "/log/checkpoint", () =>
    verifyCosignatures(note, keys).map(({ key, time }) => ({ name: key.name, time })),
  );
}

function signedByKnown(note: Uint8Array, memory: Memory): boolean {
  try {
    openCheckpoint(note, { origin: memory.origin, keys: memory.keys() });
    return true;
  } catch {
    return false;
  }
}

/** Statements and payloads of the entries that have not had theirs checked. */
async function followBlobs(run: Run): Promise<void> {
  const { options, surface, memory } = run;
  let done = memory.blobs.size;
  // In small steps, so that little is lost when a long run is cut off.
  for await (const { position, entries } of walk(surface, memory.blobs, memory.leaves, bundlesPerSave)) {
    const open = await checkBlobs(entries, run, () => {
      options.signal?.throwIfAborted();
      done += 1;
      options.onProgress?.({ phase: "statements", done, total: memory.leaves.size });
    });
    await requireExplained(run, open);
    memory.blobs = position;
    await options.save(memory.kept());
  }
}

/** A tombstone follows a redaction within moments: it may stand in a newer checkpoint than ours. */
async function requireExplained(run: Run, open: readonly Unexplained[]): Promise<void> {
  const { memory, surface, options, count } = run;
  let left = open;
  for (let attempt = 0; left.length > 0; attempt += 1) {
    const still: Unexplained[] = [];
    for (const one of left)
      if (await memory.excuses(one.entry, one.isName, surface)) count.redacted += 1;
      else still.push(one);
    left = still;
    const [first] = left;
    if (first === undefined) return;
    if (attempt === patience)
      throw new MonitorProblem(
        "no-tombstone",
        `${first.sha256}, published by entry ${first.entry}, is said to be redacted, and no tombstone says so`,
      );
    await options.pause?.();
    await followTree(run);
  }
}

/** Earlier entries again, from where the last sample ended. */
async function lookAgain(run: Run, many: number): Promise<number> {
  const { memory, surface, options } = run;
  const places = memory.blobs.size;
  let done = 0;
  while (done < many) {
    const part = Math.min(256, many - done);
    const entries: WalkedEntry[] = [];
    for (let at = 0; at < part; at += 1)
      entries.push(await entryAt(surface, (memory.next + at) % places, memory.tree));
    await requireExplained(run, await checkBlobs(entries, run));
    memory.next = (memory.next + part) % places;
    done += part;
    options.onProgress?.({ phase: "sample", done, total: many });
    options.signal?.throwIfAborted();
    await options.save(memory.kept());
  }
  return done;
}
