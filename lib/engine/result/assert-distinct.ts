import { EngineError } from "../errors";
import type { ReleaseReader } from "../io/source/release";

/**
 * Refuses a comparison of a release with itself: the same commit (a commit id covers its content and its history), or
 * the very same reader. Two folders with equal files are two copies, which is worth saying, and pass.
 */
export function assertDistinct(original: ReleaseReader, suspect: ReleaseReader): void {
  const commit = original.release.commit;
  const folders = original.release.kind === "folder" && suspect.release.kind === "folder";
  if (original === suspect || (commit !== null && commit === suspect.release.commit && !folders)) {
    throw new EngineError(
      "same-release",
      "Both sides are the same release",
      commit === null ? {} : { commit },
    );
  }
}
