import { EngineError } from "../errors";
import type { PinnedRelease } from "../io/source/release";

/**
 * Refuses an ancestor whose repository was created after the earlier of the two releases: it may itself come from that one, and would
 * explain away what it took. Only where the hosts state the dates; symmetric in the two sides.
 */
export function assertOlder(
  sides: readonly [PinnedRelease, PinnedRelease],
  ancestors: readonly PinnedRelease[],
): void {
  const [a, b] = sides.map(({ createdAt }) => createdAt);
  if (a === undefined || b === undefined) return;
  const earliest = a < b ? a : b;
  for (const { createdAt, repository } of ancestors) {
    if (createdAt === undefined || createdAt <= earliest) continue;
    const name = repository ?? "an ancestor";
    throw new EngineError(
      "ancestor-younger",
      `${name} was created on ${createdAt}, after the earlier release (${earliest}): it may come from that one, and explains nothing`,
      { repository: name, createdAt, earliest },
    );
  }
}
