import { overLimit } from "@/lib/engine/io/source/listing";
import type { ReleaseReader } from "@/lib/engine/io/source/release";

const MiB = 1024 * 1024;

/** Far above what releases have (an index of 90,000 tensors holds 9 MiB, a shard's header some 100 KiB). */
export const headerBounds = { header: 4 * MiB, index: 12 * MiB } as const;

/**
 * A reader for the process that answers requests: parsing a header of the format's own 100 MB would keep everybody
 * waiting for a minute. A run, in a process of its own, reads what is larger.
 */
export function boundedHeaders(reader: ReleaseReader): ReleaseReader {
  return {
    release: reader.release,
    async read(path, start, end, signal) {
      if (end - start > headerBounds.header) throw overLimit(path, headerBounds.header);
      return reader.read(path, start, end, signal);
    },
    readWhole: (path, limit, signal) => reader.readWhole(path, Math.min(limit, headerBounds.index), signal),
  };
}
