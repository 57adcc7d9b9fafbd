import { zipSync } from "fflate";

/** ZIP dates have no zone: these local parts give the same two bytes everywhere. */
const earliest = new Date(1980, 0, 1);

/** A zip file whose bytes depend on names and contents only: stored, sorted, undated. */
export function zipBundle(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(Object.fromEntries(sorted.map(([name, bytes]) => [name, new Uint8Array(bytes)])), {
    level: 0,
    mtime: earliest,
  });
}
