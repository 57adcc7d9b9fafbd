import type { PinnedRelease } from "./release";

/**
 * Namespace of a folder without a name of its own that a loopback Hub serves (npm run case). The Hub allows no "--" in a
 * namespace, so nobody publishes there.
 */
export const folderNamespace = "local--folder";

/**
 * The name under which the release was published, for what cards say about it; null when it has none. A served folder
 * has none, just as the folder itself: both readings give the same result.
 */
export function publishedName({ repository }: Pick<PinnedRelease, "repository">): string | null {
  return repository?.startsWith(`${folderNamespace}/`) ? null : repository;
}
