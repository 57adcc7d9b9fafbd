import type { CacheKey, RangeCache } from "../cache/range-cache";
import type { ByteRange } from "../net/read-body";
import { checkContent, contentName } from "./content-check";
import { gatherRanges } from "./gather-ranges";
import { checkRange, listedFile, overLimit } from "./listing";
import type { ListedFile, PinnedRelease, ReleaseReader } from "./release";

/** How an adapter gets bytes: a range, or with `range` null the whole file of at most `maxBytes` bytes. */
export type FetchBytes = (
  file: ListedFile,
  range: ByteRange | null,
  maxBytes: number,
  signal?: AbortSignal,
) => Promise<Uint8Array | null>;

/**
 * Reads of a remote release: limits, the cache, few requests for many ranges, and the check of whole files against
 * the listing.
 * `wholeFilesOnly`: the far side has no ranges (or none that can be trusted), so ranges are cut from verified files.
 */
export function createRemoteReader(options: {
  readonly release: PinnedRelease;
  readonly origin: string;
  readonly cache: RangeCache | null;
  readonly maxReadBytes: number;
  readonly wholeFilesOnly: boolean;
  readonly fetchBytes: FetchBytes;
}): ReleaseReader {
  const { release, cache, maxReadBytes } = options;
  let lastWhole: { path: string; bytes: Uint8Array } | null = null;

  async function cached(
    key: CacheKey | null,
    load: () => Promise<Uint8Array | null>,
  ): Promise<Uint8Array | null> {
    const found = key && cache ? await cache.get(key) : null;
    if (found) return found;
    const bytes = await load();
    if (bytes !== null && key) await cache?.put(key, bytes);
    return bytes;
  }

  async function whole(file: ListedFile, limit: number, signal?: AbortSignal): Promise<Uint8Array | null> {
    if (file.size !== null && file.size > limit) throw overLimit(file.path, limit);
    const content = contentName(file);
    const known = content !== null && file.size !== null;
    const key = known ? { content, origin: null, start: 0, end: file.size } : null;
    return cached(key, async () => {
      const bytes = await options.fetchBytes(file, null, file.size ?? limit, signal);
      if (bytes !== null) checkContent(file, bytes);
      return bytes;
    });
  }

  const rangeKey = (file: ListedFile, range: ByteRange): CacheKey | null => {
    const content = contentName(file);
    return content === null ? null : { content, origin: options.origin, ...range };
  };
  const fetchRange = (file: ListedFile, range: ByteRange, signal?: AbortSignal) =>
    options.fetchBytes(file, range, range.end - range.start, signal);
  const gather = gatherRanges({
    fetchRange,
    async known(file, range) {
      const key = rangeKey(file, range);
      return key && cache ? cache.get(key) : null;
    },
    async keep(file, range, bytes) {
      const key = rangeKey(file, range);
      if (key) await cache?.put(key, bytes);
    },
  });

  // A pass over everything would push all else out of the cache, and comes by no byte twice.
  const passing = gatherRanges({ fetchRange, known: async () => null, keep: async () => {} });

  return {
    release,
    ...(options.wholeFilesOnly
      ? {}
      : {
          async readInto(path, start, to, signal) {
            const file = listedFile(release, path);
            checkRange(file, start, start + to.length, maxReadBytes);
            if (to.length === 0) return true;
            const bytes = await passing(file, { start, end: start + to.length }, signal);
            if (bytes !== null) to.set(bytes);
            return bytes !== null;
          },
        }),
    async read(path, start, end, signal) {
      const file = listedFile(release, path);
      checkRange(file, start, end, maxReadBytes);
      if (start === end) return new Uint8Array();
      if (start === 0 && end === file.size) return whole(file, maxReadBytes, signal);
      if (options.wholeFilesOnly) {
        if (lastWhole?.path !== path) {
          const bytes = await whole(file, maxReadBytes, signal);
          if (bytes === null) return null;
          lastWhole = { path, bytes };
        }
        return lastWhole.bytes.subarray(start, end);
      }
      return gather(file, { start, end }, signal);
    },
    async readWhole(path, limit, signal) {
      return whole(listedFile(release, path), Math.min(limit, maxReadBytes), signal);
    },
  };
}
