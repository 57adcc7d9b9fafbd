import { EngineError } from "../../errors";
import { listedFile, overLimit } from "../source/listing";
import type { ReleaseReader } from "../source/release";
import type { CapsuleManifest } from "./manifest";

/** Blobs of a capsule by their SHA-256; read from the archive when asked for. */
export interface CapsuleBlobs {
  read(sha256: string): Promise<Uint8Array>;
}

/** One release of a verified capsule. It answers the ranges of the recorded run and no others. */
export function capsuleReader(
  place: CapsuleManifest["releases"][number],
  ranges: CapsuleManifest["ranges"],
  blobs: CapsuleBlobs,
): ReleaseReader {
  const { role, position, ...release } = place;
  const held = new Map<string, string | null>();
  const endFromZero = new Map<string, number>();
  for (const range of ranges) {
    if (range.role !== role || range.position !== position) continue;
    held.set(`${range.start} ${range.end} ${range.path}`, range.sha256);
    if (range.start === 0) endFromZero.set(range.path, range.end);
  }

  const answer = async (path: string, start: number, end: number): Promise<Uint8Array | null> => {
    const sha256 = held.get(`${start} ${end} ${path}`);
    if (sha256 === undefined) {
      throw new EngineError("bad-input", `The capsule does not hold ${path}, bytes ${start} to ${end}`, {
        path,
        start,
        end,
      });
    }
    return sha256 === null ? null : blobs.read(sha256);
  };

  return {
    release,
    async read(path, start, end) {
      listedFile(release, path);
      return answer(path, start, end);
    },
    async readWhole(path, limit) {
      const file = listedFile(release, path);
      // A listing that states no size: the recorded run noted what it got.
      const size = file.size ?? endFromZero.get(path) ?? 0;
      if (size > limit) throw overLimit(path, limit);
      return answer(path, 0, size);
    },
  };
}
