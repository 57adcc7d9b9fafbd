import { blobsOf } from "@/lib/platform/blobs/open";
import type { Database } from "@/lib/platform/database";
import type { Environment } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";

/**
 * Sites and workers of one database must share their blob store, or a capsule that one of them wrote is missing for the
 * others. What every one of them stores when it starts is its engine build: the newest has to be there.
 */
export async function checkSharedBlobs(db: Database, settings: Environment): Promise<void> {
  const newest = await db.engineBuild.findFirst({
    orderBy: [{ createdAt: "desc" }, { sha256: "asc" }],
    select: { sha256: true },
  });
  if (newest === null) return;
  const there = await blobsOf(settings)
    .has(newest.sha256)
    .catch((error: unknown) => {
      const words = error instanceof Error ? error.message || error.name : String(error);
      throw new StartProblem(`cannot read SLIPMARK_BLOBS (${settings.SLIPMARK_BLOBS}): ${words}`);
    });
  if (!there) {
    throw new StartProblem(
      `SLIPMARK_BLOBS (${settings.SLIPMARK_BLOBS}) is not the store the others of this database use: name the same one on every machine`,
    );
  }
}
