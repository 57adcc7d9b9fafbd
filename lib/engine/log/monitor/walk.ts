import { equal } from "../bytes";
import { LogError } from "../errors";
import { growTiles, type TileEdge } from "../grow-tiles";
import { type Leaf, parseLeaf } from "../leaf";
import { edgeTiles, tileOf, tilePath, tileWidth } from "../tile-path";
import { consistencyProof, inclusionProof } from "../tile-proofs";
import { hashSize, leafHash, verifyConsistency, verifyInclusion } from "../tree";
import { MonitorProblem, refusing } from "./problem";
import type { Position } from "./state";
import { eachOf, type Surface } from "./surface";

/** Requests at a time. */
export const requests = 8;
/** Bundles between two proofs that we are still in the log's tree. */
const bundlesPerStep = 64;

export interface WalkedEntry {
  readonly index: number;
  readonly leaf: Leaf;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

export interface WalkStep {
  /** The tree up to here follows from the entries, and the log's tree begins with it. */
  readonly position: Position;
  readonly entries: readonly WalkedEntry[];
}

interface Part {
  readonly start: number;
  readonly entries: readonly Uint8Array[];
  readonly hashes: Uint8Array;
}

/** The tree of `to` begins with that of `from`: shown from tiles (RFC 9162, section 2.1.4). Throws MonitorProblem. */
export async function requireConsistent(surface: Surface, from: Position, to: Position): Promise<void> {
  if (from.size > to.size)
    throw new MonitorProblem("shrank", `the log shrank from ${from.size} to ${to.size} entries`);
  const claim = { oldSize: from.size, oldRoot: from.root, size: to.size, root: to.root };
  const proof = await consistencyProof(from.size, to.size, surface.hashTile);
  try {
    verifyConsistency({ ...claim, proof });
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    throw error.code === "inconsistent"
      ? new MonitorProblem("forked", error.message)
      : new MonitorProblem("bad-tile", `the tiles do not give the signed root of ${to.size} entries`);
  }
}

/**
 * Reads every entry from `from` up to `to`, hashes it, holds it against its level-0 tile, builds the tree and holds that
 * against every tile above and the signed root. Yields after each step that is proved. Throws MonitorProblem.
 */
export async function* walk(
  surface: Surface,
  from: Position,
  to: Position,
  stride = bundlesPerStep,
): AsyncGenerator<WalkStep> {
  let position = from;
  let edge = await edgeAt(surface, from, to);
  let ahead = readStep(surface, from.size, to.size, stride);
  while (position.size < to.size) {
    const parts = await ahead;
    const end = endOfStep(position.size, to.size, stride);
    ahead = readStep(surface, end, to.size, stride);
    // It is awaited in the next round, if there is one.
    ahead.catch(() => undefined);
    const entries = parts.flatMap((part) => checkedEntries(part, position.size));
    const grown = growTiles({ size: position.size, edge, leaves: entries.map(({ hash }) => hash) });
    await requireUpperTiles(surface, grown.tiles, to.size);
    position = { size: grown.size, root: grown.root };
    edge = grown.edge;
    if (position.size === to.size && !equal(position.root, to.root))
      throw new MonitorProblem("forked", `the ${to.size} entries do not give the root that the log signed`);
    await requireConsistent(surface, position, to);
    yield { position, entries };
  }
}

const endOfStep = (size: number, last: number, stride: number): number =>
  Math.min(last, (Math.floor(size / tileWidth) + stride) * tileWidth);

function readStep(surface: Surface, size: number, last: number, stride: number): Promise<Part[]> {
  const end = endOfStep(size, last, stride);
  const bundles: number[] = [];
  for (let index = Math.floor(size / tileWidth); index * tileWidth < end; index += 1) bundles.push(index);
  return eachOf(bundles, requests, (index) => readPart(surface, index, last));
}

/** A bundle and its level-0 tile, as wide as the tree of `size` has them. */
async function readPart(surface: Surface, index: number, size: number): Promise<Part> {
  const start = index * tileWidth;
  const width = Math.min(tileWidth, size - start);
  const [entries, hashes] = await Promise.all([
    surface.entries(index, width),
    surface.hashTile({ level: 0, index, width }),
  ]);
  return { start, entries, hashes };
}

/** Every entry of the bundle is the one in the tree; those that are new are leaves. */
function checkedEntries({ start, entries, hashes }: Part, from: number): WalkedEntry[] {
  const found: WalkedEntry[] = [];
  entries.forEach((bytes, at) => {
    const index = start + at;
    const hash = leafHash(bytes);
    if (!equal(hash, hashes.subarray(at * hashSize, (at + 1) * hashSize)))
      throw new MonitorProblem("rewritten", `entry ${index} is not the one in the tree`);
    if (index < from) return;
    found.push({ index, hash, leaf: refusing("bad-entry", `entry ${index}`, () => parseLeaf(bytes)) });
  });
  return found;
}

/** An entry under a verified tree, with the proof from tiles that it is in there. Throws MonitorProblem. */
export async function entryAt(surface: Surface, index: number, tree: Position): Promise<WalkedEntry> {
  if (index >= tree.size) throw new MonitorProblem("skipped", `entry ${index} is not in the log`);
  const bundle = Math.floor(index / tileWidth);
  const width = Math.min(tileWidth, tree.size - bundle * tileWidth);
  const bytes = (await surface.entries(bundle, width))[index % tileWidth] as Uint8Array;
  const hash = leafHash(bytes);
  const proof = await inclusionProof(index, tree.size, surface.hashTile);
  refusing("rewritten", `entry ${index}`, () => verifyInclusion({ ...tree, index, leafHash: hash, proof }));
  return { index, hash, leaf: refusing("bad-entry", `entry ${index}`, () => parseLeaf(bytes)) };
}

/** The rightmost tiles of a smaller tree, from the tiles of the larger one; they have to give the smaller one's root. */
async function edgeAt(surface: Surface, from: Position, to: Position): Promise<TileEdge> {
  const edge = new Map<number, Uint8Array>();
  for (const { level, index, width } of edgeTiles(from.size)) {
    if (width === tileWidth) continue;
    const tile = await surface.hashTile(tileOf(level, index * tileWidth + width - 1, to.size));
    edge.set(level, tile.subarray(0, width * hashSize));
  }
  const { root } = growTiles({ size: from.size, edge, leaves: [] });
  if (!equal(root, from.root))
    throw new MonitorProblem(
      "forked",
      `the tiles of the first ${from.size} entries are other ones than before`,
    );
  return edge;
}

async function requireUpperTiles(
  surface: Surface,
  tiles: readonly { readonly level: number; readonly index: number; readonly bytes: Uint8Array }[],
  size: number,
): Promise<void> {
  for (const { level, index, bytes } of tiles) {
    if (level === 0) continue;
    const width = bytes.length / hashSize;
    const id = tileOf(level, index * tileWidth + width - 1, size);
    if (!equal((await surface.hashTile(id)).subarray(0, bytes.length), bytes))
      throw new MonitorProblem("bad-tile", `${tilePath(id)} does not follow from the tiles under it`);
  }
}
