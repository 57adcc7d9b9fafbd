import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as portableSha256 } from "@noble/hashes/sha2.js";
import { LogError, leafHash, nodeHash, verifyInclusion } from "../log";
import { sha256 } from "../log/hashing";
import { bytesOfHex, concat, hex, u32be, u64be, utf8 } from "./bytes";
import { CanaryError } from "./errors";
import { limits } from "./limits";
import type { Opening } from "./opening";

/** Secret (seed, 32 bytes) and public (setId 16 bytes, authorKeyId 32 bytes) names of a set, all in lower-case hex. */
export interface SetKeys {
  readonly seed: string;
  readonly setId: string;
  readonly authorKeyId: string;
}

export interface CommitOptions extends SetKeys {
  /** Canonical JSON of the items, in their order. */
  readonly items: readonly Uint8Array[];
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

export interface CommittedItems {
  /** Hex of the RFC 6962 root over the leaves. */
  readonly root: string;
  readonly size: number;
  /** c_i, 32 bytes each: the leaf data. */
  readonly leaves: readonly Uint8Array[];
  /** Throws CanaryError "bad-opening" for an index outside of the set. */
  openItem(index: number): Opening;
  /** t_i in hex, for drawing the target without opening the item. */
  targetKey(index: number): string;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const saltLabel = utf8("slipmark/canary-salt/v1\n");
const targetLabel = utf8("slipmark/canary-target-key/v1\n");
const itemLabel = utf8("slipmark/canary-item/v1\n");
/** Items between two turns of the event loop, some 25 ms. A browser adds 4 ms of waiting to each. */
const turn = 1000;

/**
 * Commits to items (CANARIES.md, "Commit"): c_i = SHA-256(label ‖ authorKeyId ‖ setId ‖ u32be(i) ‖ salt_i ‖ t_i ‖
 * u64be(length) ‖ item), root = RFC 6962 root over c_0 … c_{N−1}. Yields to the event loop. Throws CanaryError.
 */
export async function commitItems(options: CommitOptions): Promise<CommittedItems> {
  const { items, onProgress, signal } = options;
  const size = items.length;
  if (size === 0) throw new CanaryError("no-items", "A set needs at least one item");
  if (size > limits.items)
    throw new CanaryError("too-many-items", `A set has at most ${limits.items} items, not ${size}`);
  const keys = readKeys(options);
  const leaves: Uint8Array[] = [];
  for (let index = 0; index < size; index += 1) {
    if (index % turn === 0) {
      onProgress?.({ done: index, total: size });
      await nextTurn(signal);
    }
    const { salt, targetKey } = itemKeys(keys, index);
    leaves.push(commitmentOf({ ...keys, index, salt, targetKey, item: items[index] as Uint8Array }));
  }
  const levels = await treeOf(leaves, signal);
  onProgress?.({ done: size, total: size });
  return {
    root: hex((levels.at(-1) as Uint8Array[])[0] as Uint8Array),
    size,
    leaves,
    openItem(index) {
      const item = items[index];
      if (item === undefined) throw new CanaryError("bad-opening", `There is no item ${index}`, index);
      const { salt, targetKey } = itemKeys(keys, index);
      return {
        index,
        salt: hex(salt),
        targetKey: hex(targetKey),
        item: decoder.decode(item),
        path: pathOf(levels, index).map(hex),
        size,
      };
    },
    targetKey: (index) => hex(derived(keys, targetLabel, index)),
  };
}

/** What an opening is checked against: all of it stands in the log. */
export interface PublicCommitment {
  readonly root: string;
  readonly setId: string;
  readonly authorKeyId: string;
  readonly size: number;
}

/** Checks the hashes of an opening alone, whatever its item holds. Throws CanaryError "bad-opening". */
export function verifyOpeningHashes(opening: Omit<Opening, "image">, commitment: PublicCommitment): void {
  const { index, size } = opening;
  const wrong = (why: string) => new CanaryError("bad-opening", `The opening of item ${index} ${why}`, index);
  if (size !== commitment.size) throw wrong(`is of a set of ${size} items, not of ${commitment.size}`);
  const from = (digits: string, length: number, what: string) =>
    bytesOfHex(digits, length, what, "bad-opening");
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw wrong("is outside of the set");
  if (!opening.item.isWellFormed()) throw wrong("holds text that is not Unicode");
  const leaf = commitmentOf({
    authorKeyId: from(commitment.authorKeyId, 32, "The author's key id"),
    setId: from(commitment.setId, 16, "The set id"),
    index,
    salt: from(opening.salt, 32, "The salt"),
    targetKey: from(opening.targetKey, 32, "The target key"),
    item: utf8(opening.item),
  });
  try {
    verifyInclusion({
      index,
      size,
      leafHash: leafHash(leaf),
      proof: opening.path.map((hash) => from(hash, 32, "A hash of the path")),
      root: from(commitment.root, 32, "The root"),
    });
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    throw wrong(`does not match the commitment: ${error.message}`);
  }
}

/** What the target of a random-label item is drawn from, beside its target key. */
export interface TargetPlace {
  /** 32 bytes in hex. */
  readonly nonce: string;
  readonly setId: string;
  readonly index: number;
  /** How many options the item has. */
  readonly options: number;
}

/**
 * Index of the option that is the item's target: u64be(HMAC-SHA256(t_i, nonce ‖ setId ‖ u32be(i) ‖ u32be(ctr))[0:8])
 * mod options, counting up while the value is in the last, incomplete round of 2^64. Throws CanaryError.
 */
export function targetOf(targetKey: string, place: TargetPlace): number {
  const { index, options } = place;
  if (!Number.isSafeInteger(options) || options < 1)
    throw new CanaryError("bad-options", "A target needs options to be drawn from", index);
  const key = bytesOfHex(targetKey, 32, "The target key", "bad-opening");
  const nonce = bytesOfHex(place.nonce, 32, "The nonce", "bad-nonce");
  const start = concat(nonce, bytesOfHex(place.setId, 16, "The set id", "bad-commitment"), u32be(index));
  const count = BigInt(options);
  const limit = (2n ** 64n / count) * count;
  for (let counter = 0; ; counter += 1) {
    const drawn = hmac(portableSha256, key, concat(start, u32be(counter)));
    const value = new DataView(drawn.buffer, drawn.byteOffset).getBigUint64(0);
    if (value < limit) return Number(value % count);
  }
}

interface Keys {
  readonly authorKeyId: Uint8Array;
  readonly setId: Uint8Array;
  /** HMAC with the seed as its key, nothing read yet, and the place that it is copied to for each item. */
  readonly keyed: ReturnType<typeof hmac.create>;
  readonly scratch: ReturnType<typeof hmac.create>;
}

function readKeys(author: SetKeys): Keys {
  const seed = bytesOfHex(author.seed, 32, "The seed", "bad-secrets");
  const fresh = () => hmac.create(portableSha256, seed);
  return {
    authorKeyId: bytesOfHex(author.authorKeyId, 32, "The author's key id", "bad-commitment"),
    setId: bytesOfHex(author.setId, 16, "The set id", "bad-commitment"),
    keyed: fresh(),
    scratch: fresh(),
  };
}

function derived({ keyed, scratch, setId }: Keys, label: Uint8Array, index: number): Uint8Array {
  // Copied, not cloned: a new one each time would take twice as long.
  keyed._cloneInto(scratch);
  return scratch.update(concat(label, setId, u32be(index))).digest();
}

function itemKeys(keys: Keys, index: number): { salt: Uint8Array; targetKey: Uint8Array } {
  return { salt: derived(keys, saltLabel, index), targetKey: derived(keys, targetLabel, index) };
}

function commitmentOf(part: {
  readonly authorKeyId: Uint8Array;
  readonly setId: Uint8Array;
  readonly index: number;
  readonly salt: Uint8Array;
  readonly targetKey: Uint8Array;
  readonly item: Uint8Array;
}): Uint8Array {
  const { authorKeyId, setId, index, salt, targetKey, item } = part;
  return sha256(
    concat(itemLabel, authorKeyId, setId, u32be(index), salt, targetKey, u64be(item.length), item),
  );
}

/** All levels of the tree, leaf hashes first; the odd one of a level is carried up (RFC 6962, section 2.1). */
async function treeOf(leaves: readonly Uint8Array[], signal?: AbortSignal): Promise<Uint8Array[][]> {
  const levels: Uint8Array[][] = [leaves.map(leafHash)];
  for (let level = levels[0] as Uint8Array[]; level.length > 1; ) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += 2) {
      if (at % (10 * turn) === 0) await nextTurn(signal);
      const [left, right] = [level[at] as Uint8Array, level[at + 1]];
      above.push(right === undefined ? left : nodeHash(left, right));
    }
    levels.push(above);
    level = above;
  }
  return levels;
}

function pathOf(levels: readonly (readonly Uint8Array[])[], index: number): Uint8Array[] {
  const path: Uint8Array[] = [];
  let at = index;
  for (const level of levels.slice(0, -1)) {
    const sibling = level[at % 2 === 0 ? at + 1 : at - 1];
    if (sibling !== undefined) path.push(sibling);
    at = Math.floor(at / 2);
  }
  return path;
}

async function nextTurn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  if (signal?.aborted) throw new CanaryError("cancelled", "Stopped on request");
}
