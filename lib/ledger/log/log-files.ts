import {
  type BundleId,
  decodeBundle,
  encodeBundle,
  type ReadTile,
  type TileId,
  tilePath,
  tileWidth,
} from "@/lib/engine/log";
import type { NamedFiles } from "@/lib/platform/blobs/named-files";

/** Everything public of the log stands under this prefix, by the names under which it is fetched. */
const prefix = "log/";
export const checkpointFile = `${prefix}checkpoint`;
export const tileFile = (tile: TileId | BundleId): string => prefix + tilePath(tile);
export const partialsOf = (tile: TileId | BundleId): string =>
  `${prefix}${tilePath({ ...tile, width: tileWidth })}.p/`;

/**
 * A tile as wide as asked for, from the file of that width or cut from a wider one: partial files go once the full one is
 * there, and only sizes that were published have one. Null when the log has not come that far.
 */
export async function readTileFile(files: NamedFiles, tile: TileId | BundleId): Promise<Uint8Array | null> {
  const exact = await files.get(tileFile(tile));
  if (exact !== null) return exact;
  if (tile.width === tileWidth) return null;
  const wider =
    (await files.get(tileFile({ ...tile, width: tileWidth }))) ?? (await widestPartial(files, tile));
  if (wider === null) return null;
  return tile.level === "entries"
    ? encodeBundle(decodeBundle(wider, tile.width))
    : wider.subarray(0, tile.width * 32);
}

async function widestPartial(files: NamedFiles, tile: TileId | BundleId): Promise<Uint8Array | null> {
  const widths = (await files.list(partialsOf(tile))).map((name) => Number(name.split("/").at(-1)));
  const width = Math.max(...widths);
  return width > tile.width ? files.get(tileFile({ ...tile, width })) : null;
}

/** For proofs. Throws when a tile is missing. */
export function tileReader(files: NamedFiles): ReadTile {
  return async (tile) => {
    const bytes = await readTileFile(files, tile);
    if (bytes === null) throw new Error(`${tileFile(tile)} is missing from the published log`);
    return bytes;
  };
}
