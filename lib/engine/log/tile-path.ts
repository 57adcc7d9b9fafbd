import { requireIndex } from "./bytes";
import { LogError } from "./errors";

/** Hashes or entries in a full tile. */
export const tileWidth = 256;
/** 256^7 > 2^53: no tree here has more levels of tiles. */
const highestLevel = 6;

/** A hash tile: 1 to 256 hashes at a level; 256 is a full one. */
export interface TileId {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}
/** The same for a bundle of entries. */
export interface BundleId {
  readonly level: "entries";
  readonly index: number;
  readonly width: number;
}

/** "tile/0/x001/x234/067" or "tile/entries/000.p/17" (C2SP tlog-tiles, "Merkle tree"). Throws LogError. */
export function tilePath({ level, index, width }: TileId | BundleId): string {
  if (level !== "entries" && (!Number.isInteger(level) || level < 0 || level > 63))
    throw new LogError("out-of-range", "a tile level is from 0 to 63");
  requireIndex(index, "the tile's index");
  if (!Number.isInteger(width) || width < 1 || width > tileWidth)
    throw new LogError("out-of-range", "a tile is 1 to 256 wide");
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = padded.match(/\d{3}/g) as string[];
  const name = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${name}${width === tileWidth ? "" : `.p/${width}`}`;
}

/** The inverse; null for anything that `tilePath` would not write: each tile has one address. */
export function parseTilePath(path: string): TileId | BundleId | null {
  const parts = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (parts === null) return null;
  const index = Number((parts[2] as string).replace(/[x/]/g, ""));
  const width = parts[3] === undefined ? tileWidth : Number(parts[3]);
  if (!Number.isSafeInteger(index) || (parts[3] !== undefined && width >= tileWidth) || width < 1)
    return null;
  const id = { level: parts[1] === "entries" ? ("entries" as const) : Number(parts[1]), index, width };
  if (id.level !== "entries" && id.level > 63) return null;
  return tilePath(id as TileId) === path ? (id as TileId | BundleId) : null;
}

/** How many hashes stand at a tile level in a tree of this size. */
export function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / tileWidth ** level);
}

/** The tile that holds hash `n` of a level in a tree of this size, as wide as that tree has it. Throws "out-of-range". */
export function tileOf(level: number, n: number, size: number): TileId {
  const count = hashesAtLevel(size, level);
  if (n >= count) throw new LogError("out-of-range", `level ${level} of a tree of ${size} has no hash ${n}`);
  const index = Math.floor(n / tileWidth);
  return { level, index, width: Math.min(tileWidth, count - index * tileWidth) };
}

/** The rightmost tile of each level that has any, from level 0 up. */
export function edgeTiles(size: number): TileId[] {
  requireIndex(size, "the size");
  const tiles: TileId[] = [];
  for (let level = 0; level <= highestLevel && hashesAtLevel(size, level) > 0; level += 1)
    tiles.push(tileOf(level, hashesAtLevel(size, level) - 1, size));
  return tiles;
}
