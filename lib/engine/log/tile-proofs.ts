import { requireIndex } from "./bytes";
import { LogError } from "./errors";
import { type TileId, tileOf, tilePath, tileWidth } from "./tile-path";
import { emptyRoot, hashSize, nodeHash, rootOfHashes, splitHashes, splitPoint } from "./tree";

/** Fetches a hash tile: at least `width` hashes of 32 bytes; more are cut off. What it returns is not trusted. */
export type ReadTile = (tile: TileId) => Promise<Uint8Array>;

/**
 * The proof that entry `index` is in the tree of `size` leaves: up to 53 hashes, the leaf's sibling first
 * (RFC 6962, section 2.1.1). Reads each tile once. Throws LogError "out-of-range", "malformed".
 */
export async function inclusionProof(index: number, size: number, read: ReadTile): Promise<Uint8Array[]> {
  requireIndex(size, "the size");
  requireIndex(index, "the index");
  if (index >= size) throw new LogError("out-of-range", `entry ${index} is not in a tree of ${size} leaves`);
  const proof: Span[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      proof.unshift([middle, end]);
      end = middle;
    } else {
      proof.unshift([start, middle]);
      start = middle;
    }
  }
  return hashesOf(proof, size, read);
}

/**
 * The proof that the tree of `size` leaves begins with the one of `old` leaves (RFC 6962, section 2.1.2).
 * Empty for old = 0 and old = size. Throws LogError "out-of-range", "malformed".
 */
export async function consistencyProof(old: number, size: number, read: ReadTile): Promise<Uint8Array[]> {
  requireIndex(size, "the size");
  requireIndex(old, "the old size");
  if (old > size) throw new LogError("out-of-range", `a tree of ${size} leaves has no beginning of ${old}`);
  if (old === 0 || old === size) return [];
  const proof: Span[] = [];
  let [start, end] = [0, size];
  let remaining = old;
  let whole = true;
  while (remaining !== end - start) {
    const k = splitPoint(end - start);
    if (remaining <= k) {
      proof.unshift([start + k, end]);
      end = start + k;
    } else {
      proof.unshift([start, start + k]);
      start += k;
      remaining -= k;
      whole = false;
    }
  }
  if (!whole) proof.unshift([start, end]);
  return hashesOf(proof, size, read);
}

/** Root of the tree of `size` leaves, from its rightmost tiles. */
export async function rootFromTiles(size: number, read: ReadTile): Promise<Uint8Array> {
  requireIndex(size, "the size");
  if (size === 0) return emptyRoot;
  return (await hashesOf([[0, size]], size, read))[0] as Uint8Array;
}

/** Leaves from `start` up to but without `end`. */
type Span = readonly [start: number, end: number];

async function hashesOf(spans: readonly Span[], size: number, read: ReadTile): Promise<Uint8Array[]> {
  const open = new Map<string, Promise<Uint8Array[]>>();
  const tile = (id: TileId) => {
    const path = tilePath(id);
    const known = open.get(path);
    if (known !== undefined) return known;
    const hashes = read(id).then((bytes) => {
      if (bytes.length < id.width * hashSize)
        throw new LogError(
          "malformed",
          `${path} has ${bytes.length} bytes instead of ${id.width * hashSize}`,
        );
      return splitHashes(bytes.subarray(0, id.width * hashSize));
    });
    open.set(path, hashes);
    return hashes;
  };
  const hashOf = async ([start, end]: Span): Promise<Uint8Array> => {
    const count = end - start;
    const full = fullPower(count);
    if (full === null) {
      const middle = start + splitPoint(count);
      return nodeHash(...(await Promise.all([hashOf([start, middle]), hashOf([middle, end])])));
    }
    // A full subtree of 256^level · 2^k leaves is the root over 2^k neighbouring hashes of one tile.
    const { level, width } = full;
    const first = start / tileWidth ** level;
    const within = first % tileWidth;
    const hashes = await tile(tileOf(level, first + width - 1, size));
    return rootOfHashes(hashes.slice(within, within + width));
  };
  return Promise.all(spans.map(hashOf));
}

/** `count` as 256^level · width with width < 256 a power of two; null when it is no power of two. */
function fullPower(count: number): { readonly level: number; readonly width: number } | null {
  let level = 0;
  let width = count;
  while (width >= tileWidth && width % tileWidth === 0) {
    width /= tileWidth;
    level += 1;
  }
  return width < tileWidth && (width & (width - 1)) === 0 ? { level, width } : null;
}
