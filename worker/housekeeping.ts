import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { queueNonce, setsWithoutNonce } from "@/lib/canaries/server";
import { expireDrafts } from "@/lib/cases/server";
import type { Context } from "@/lib/platform/context";
import { log } from "@/lib/platform/telemetry";
import { sweepRedactedBlobs, unfinishedRedactions } from "@/lib/redaction/server";
import { expireChecks } from "@/lib/verification/server";

const dayMs = 86_400_000;
const setupLinkLifeMs = 30 * dayMs;

/**
 * The hourly round: whatever has a term, and what crashes left behind. Releases and captures that nothing refers to
 * stay: they are our observation of what was public, and say nothing about who asked.
 */
export async function housekeeping(ctx: Context, temporaryFolder: string): Promise<void> {
  const now = ctx.clock.now();
  const checks = await expireChecks(ctx);
  const drafts = await expireDrafts(ctx);
  const sessions = await ctx.db.session.deleteMany({ where: { expires: { lte: now } } });
  const tokens = await ctx.db.verificationToken.deleteMany({ where: { expires: { lte: now } } });
  // A used link stays: it says who became administrator by it.
  const links = await ctx.db.setupLink.deleteMany({
    where: { usedAt: null, createdAt: { lte: new Date(now.getTime() - setupLinkLifeMs) } },
  });
  const limits = await ctx.db.rateLimit.deleteMany({ where: { expire: { lt: now.getTime() - 3_600_000 } } });
  for (const redactionId of await unfinishedRedactions(ctx))
    await ctx.db.$transaction((tx) =>
      ctx.jobs.send(tx, "redaction.finish", { version: 1, redactionId }, { idempotencyKey: redactionId }),
    );
  // A relay that was away for longer than a job waits.
  for (const set of await setsWithoutNonce(ctx)) await ctx.db.$transaction((tx) => queueNonce(ctx, tx, set));
  const redactedBlobs = await sweepRedactedBlobs(ctx);
  const files = await removeOldFiles(temporaryFolder, now.getTime() - dayMs);
  log.info(
    {
      checks,
      drafts,
      sessions: sessions.count,
      tokens: tokens.count,
      links: links.count,
      limits: limits.count,
      redactedBlobs,
      files,
    },
    "housekeeping",
  );
}

/** Capsules of runs whose worker was killed, and what a fingerprint that never went on had read. */
async function removeOldFiles(folder: string, before: number): Promise<number> {
  let removed = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const age = await stat(path).catch(() => null);
    if (age === null || age.mtimeMs >= before) continue;
    await rm(path, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}
