import { setTimeout as sleep } from "node:timers/promises";
import type { NamedFiles } from "@/lib/platform/blobs/named-files";
import type { Context } from "@/lib/platform/context";
import type { LogRedaction } from "@/lib/platform/database/generated/client";
import { recordTombstone } from "./erase-act";
import { keepRecord } from "./redaction-record";

export interface FinishSettings {
  readonly files: NamedFiles;
  /** How long a shared cache may serve what it fetched before: a page's revalidate plus next.config.js, expireTime. */
  readonly sharedCacheMs?: number;
  /** A site process that has been silent for longer is gone, and its memory with it. */
  readonly silentMs?: number;
  /** How long to look for the number of an act that waits for the log: a monitor asks for the tombstone soon after. */
  readonly lookMs?: number;
}

const defaults = { sharedCacheMs: 65_000, silentMs: 30_000, lookMs: 10_000 };

/**
 * What a transaction cannot do: removes copies from the blob store, keeps the record that a restore needs, and waits for
 * every site process to have cleaned its caches and for shared caches to have let go. Only then is it done. "again":
 * something is still missing. Any number of workers may do this at once.
 */
export async function finishRedaction(
  ctx: Pick<Context, "db" | "blobs" | "clock">,
  redactionId: string,
  settings: FinishSettings,
): Promise<"done" | "again"> {
  const { sharedCacheMs, silentMs, lookMs } = { ...defaults, ...settings };
  let row = await ctx.db.logRedaction.findUnique({ where: { id: redactionId } });
  if (row === null || row.erasedAt === null || row.cleanAt !== null) return "done";
  // An act about a case that is not listed stays out of the log, and out of sight, until it is: see numberRedactions.
  const unlisted = row.index === null && (await isUnlisted(ctx, row));
  for (const end = Date.now() + lookMs; row.index === null && !unlisted; await sleep(250)) {
    row = await giveIndex(ctx, row);
    if (Date.now() >= end) break;
  }
  if (!(await removeBlobs(ctx, row))) return "again";
  await keepRecord(settings.files, row);
  // The act has no number yet: its statement waits to be signed, and to be erased then.
  if (row.index === null && !unlisted) return "again";
  const [state] = await ctx.db.$queryRaw<{ waiting: boolean }[]>`
    SELECT EXISTS (
        SELECT FROM site_process p WHERE p.seen_at > now() - make_interval(secs => ${silentMs / 1000}::float8)
        AND NOT EXISTS (SELECT FROM log_redaction_site s WHERE s.redaction_id = ${row.id} AND s.process_id = p.id))
      OR greatest(${row.erasedAt}::timestamptz, (SELECT max(at) FROM log_redaction_site WHERE redaction_id = ${row.id}))
         > now() - make_interval(secs => ${sharedCacheMs / 1000}::float8) AS waiting`;
  if (state?.waiting !== false) return "again";
  await ctx.db.logRedaction.updateMany({
    where: { id: row.id, cleanAt: null },
    data: { cleanAt: ctx.clock.now() },
  });
  return "done";
}

/**
 * After a checkpoint: acts that were redacted before the log took them have their numbers now. Their statements go, with
 * the copies that were published a moment ago, and their tombstones follow.
 */
export async function numberRedactions(
  ctx: Pick<Context, "db" | "blobs" | "clock">,
  files: NamedFiles,
): Promise<void> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT r.id FROM log_redaction r JOIN log_entry e ON e.dedup_key = r.dedup_key
    WHERE r.index IS NULL AND r.erased_at IS NOT NULL`;
  for (const { id } of rows) {
    const row = await giveIndex(ctx, await ctx.db.logRedaction.findUniqueOrThrow({ where: { id } }));
    await removeBlobs(ctx, row);
    await keepRecord(files, row);
  }
}

async function isUnlisted(ctx: Pick<Context, "db">, { dedupKey }: LogRedaction): Promise<boolean> {
  const held = { dedupKey, heldForId: null, heldUntil: { gt: new Date() } };
  return (await ctx.db.logPending.count({ where: held })) > 0;
}

async function removeBlobs(ctx: Pick<Context, "db" | "blobs">, row: LogRedaction): Promise<boolean> {
  for (const sha256 of row.blobs) {
    await ctx.blobs.delete(sha256);
    if (await ctx.blobs.has(sha256)) return false;
    await ctx.db.blob.deleteMany({ where: { sha256 } });
  }
  return true;
}

/** The number that the act has been given meanwhile, its statement's erasure, and its tombstone. */
async function giveIndex(ctx: Pick<Context, "db" | "clock">, row: LogRedaction): Promise<LogRedaction> {
  return ctx.db.$transaction(async (tx) => {
    const entry = await tx.logEntry.findUnique({ where: { dedupKey: row.dedupKey } });
    if (entry === null) return row;
    if (row.scope !== "name") await tx.logStatement.deleteMany({ where: { index: entry.index } });
    const by =
      row.erasedById === null
        ? null
        : await tx.user.findUnique({ where: { id: row.erasedById }, select: { name: true } });
    await recordTombstone(
      tx,
      row,
      { index: Number(entry.index), about: row.about, pae: entry.pae },
      by?.name ?? null,
      ctx.clock.now(),
    );
    return tx.logRedaction.update({ where: { id: row.id }, data: { index: entry.index } });
  });
}

/** Copies that the log itself makes have no row: for so long every redacted hash is looked for. */
const sweepMs = 7 * 86_400_000;

/**
 * Bytes that came back into the blob store under a redacted hash, because somebody captured the same file again, or a
 * copy was on its way: they go again. They are never served meanwhile.
 */
export async function sweepRedactedBlobs(ctx: Pick<Context, "db" | "blobs" | "clock">): Promise<number> {
  const back = await ctx.db.$queryRaw<{ sha256: string }[]>`
    SELECT b.sha256 FROM blob b JOIN log_redaction r ON r.blobs @> ARRAY[b.sha256]
      WHERE r.erased_at IS NOT NULL
    UNION
    SELECT unnest(blobs) FROM log_redaction WHERE erased_at > ${new Date(ctx.clock.now().getTime() - sweepMs)}`;
  let swept = 0;
  for (const { sha256 } of back) {
    if (await ctx.blobs.has(sha256)) swept += 1;
    await ctx.blobs.delete(sha256);
    await ctx.db.blob.deleteMany({ where: { sha256 } });
  }
  return swept;
}

/** Redactions that are not done, for the hourly round: whatever happened to the job, none is forgotten. */
export async function unfinishedRedactions(ctx: Pick<Context, "db">): Promise<readonly string[]> {
  const rows = await ctx.db.logRedaction.findMany({
    where: { erasedAt: { not: null }, cleanAt: null },
    orderBy: { erasedAt: "asc" },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}
