import { concat, requireIndex } from "./bytes";
import { LogError } from "./errors";
import { edgeTiles, hashesAtLevel, tilePath, tileWidth } from "./tile-path";
import { emptyRoot, hashSize, joinHashes, nodeHash, rootOfHashes, splitHashes } from "./tree";

export interface GrownTile {
  readonly level: number;
  readonly index: number;
  /** All its hashes so far: width · 32 bytes. */
  readonly bytes: Uint8Array;
}

/** Bytes of the rightmost tile of each level while that tile is not full. */
export type TileEdge = ReadonlyMap<number, Uint8Array>;

export interface Growth {
  readonly size: number;
  readonly root: Uint8Array;
  /** Every tile that gained a hash, with its newest bytes; a tile that filled up is there as full. */
  readonly tiles: readonly GrownTile[];
  readonly edge: TileEdge;
}

/**
 * Appends leaf hashes to a tree that is known by its size and its edge alone. The cost is that of the new leaves and one
 * tile a level, whatever the size. Throws LogError "malformed" when the edge does not fit the size.
 */
export function growTiles(from: {
  readonly size: number;
  readonly edge: TileEdge;
  readonly leaves: readonly Uint8Array[];
}): Growth {
  requireIndex(from.size, "the size");
  const size = from.size + from.leaves.length;
  requireIndex(size, "the new size");
  for (const leaf of from.leaves)
    if (leaf.length !== hashSize) throw new LogError("malformed", "a leaf hash has 32 bytes");
  const tiles: GrownTile[] = [];
  const edge = new Map<number, Uint8Array>();
  let added = from.leaves;
  for (let level = 0; hashesAtLevel(size, level) > 0; level += 1) {
    const before = hashesAtLevel(from.size, level);
    let bytes = edgeBytes(from.edge, level, before % tileWidth);
    let index = Math.floor(before / tileWidth);
    const filled: Uint8Array[] = [];
    let taken = 0;
    while (taken < added.length) {
      const part = added.slice(taken, taken + tileWidth - bytes.length / hashSize);
      taken += part.length;
      bytes = concat(bytes, joinHashes(part));
      tiles.push({ level, index, bytes });
      if (bytes.length / hashSize < tileWidth) break;
      filled.push(rootOfHashes(splitHashes(bytes)));
      bytes = new Uint8Array(0);
      index += 1;
    }
    if (bytes.length > 0) edge.set(level, bytes);
    added = filled;
  }
  return { size, root: rootOfEdge(size, edge), tiles, edge };
}

/** The root from the edge alone: every level's partial tile, the lowest at the right. */
function rootOfEdge(size: number, edge: TileEdge): Uint8Array {
  let root: Uint8Array | null = null;
  for (const { level } of edgeTiles(size)) {
    const bytes = edge.get(level);
    // A full tile's root stands in the partial tile of the level above.
    if (bytes === undefined) continue;
    root = rootOfLevel(splitHashes(bytes), root);
  }
  return root ?? emptyRoot;
}

/**
 * Joins a level's hashes with what stands to the right of and below them. The full subtrees among the level's own
 * hashes, largest first, are combined from the right, as RFC 6962 splits a tree at powers of two.
 */
function rootOfLevel(hashes: readonly Uint8Array[], below: Uint8Array | null): Uint8Array {
  const subtrees: Uint8Array[] = [];
  let at = 0;
  for (let width = tileWidth / 2; width >= 1; width /= 2) {
    if (hashes.length - at < width) continue;
    subtrees.push(rootOfHashes(hashes.slice(at, at + width)));
    at += width;
  }
  let root = below;
  for (const subtree of subtrees.reverse()) root = root === null ? subtree : nodeHash(subtree, root);
  return root ?? emptyRoot;
}

function edgeBytes(edge: TileEdge, level: number, width: number): Uint8Array {
  if (width === 0) return new Uint8Array(0);
  const bytes = edge.get(level);
  if (bytes?.length !== width * hashSize)
    throw new LogError(
      "malformed",
      `the edge needs ${width} hashes at level ${level} (${tilePath({ level, index: 0, width })})`,
    );
  return bytes;
}
