import { concat } from "./bytes";
import { LogError } from "./errors";
import { tileWidth } from "./tile-path";

/** Bytes of the largest entry that a bundle can hold. */
export const largestEntry = 65_535;

/** Entries of one tile, each after its length as u16 big-endian (C2SP tlog-tiles, "Log entries"). Throws LogError. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length < 1 || entries.length > tileWidth)
    throw new LogError("out-of-range", "a bundle holds 1 to 256 entries");
  return concat(
    ...entries.flatMap((entry) => {
      if (entry.length > largestEntry)
        throw new LogError("too-large", `an entry of ${entry.length} bytes; at most ${largestEntry}`);
      return [Uint8Array.of(entry.length >> 8, entry.length & 255), entry];
    }),
  );
}

/** The first `width` entries of a bundle. Throws LogError "malformed" when it is cut off, or longer than a full one. */
export function decodeBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length && entries.length < width) {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    if (at + 2 + length > bytes.length) throw new LogError("malformed", "the bundle is cut off");
    entries.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  if (entries.length < width)
    throw new LogError("malformed", `the bundle has ${entries.length} entries of ${width}`);
  if (width === tileWidth && at !== bytes.length)
    throw new LogError("malformed", "the bundle goes on after its last entry");
  return entries;
}
