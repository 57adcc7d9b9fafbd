import { EngineError } from "../../errors";
import { listedFile, overLimit } from "../source/listing";
import type { ReleaseReader } from "../source/release";
import type { CapsuleManifest } from "./manifest";

/** One release of a verified capsule. It answers the ranges of the recorded run and no others. */
export function capsuleReader(
  place: CapsuleManifest["releases"][number],
  ranges: CapsuleManifest["ranges"],
  blobs: ReadonlyMap<string, Uint8Array>,
): ReleaseReader {
  const { role, position, ...release } = place;
  const held = new Map<string, string | null>();
  const endFromZero = new Map<string, number>();
  for (const range of ranges) {
    if (range.role !== role || range.position !== position) continue;
    held.set(`${range.start} ${range.end} ${range.path}`, range.sha256);
    if (range.start === 0) endFromZero.set(range.path, range.end);
  }

  const answer = (path: string, start: number, end: number): Uint8Array | null => {
    const sha256 = held.get(`${start} ${end} ${path}`);
    if (sha256 === undefined) {
      throw new EngineError("bad-input", `The capsule does not hold ${path}, bytes ${start} to ${end}`, {
        path,
        start,
        end,
      });
    }
    return sha256 === null ? null : (blobs.get(sha256) ?? null);
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
