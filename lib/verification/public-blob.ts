import { anonymous, type Context } from "@/lib/platform/context";
import { storedResult } from "./queries";

/**
 * A stored blob that something public refers to: a captured file of a registered model or of a public case, a
 * fingerprint of a registered model's weights, or the capsule of a run that everybody may see. Null for everything else,
 * also when the bytes are there.
 */
export async function publicBlob(
  ctx: Pick<Context, "db" | "blobs" | "settings" | "clock" | "sources">,
  sha256: string,
): Promise<{ readonly size: number; readonly stream: ReadableStream<Uint8Array> } | null> {
  const row = await ctx.db.blob.findUnique({ where: { sha256 } });
  if (row === null) return null;
  const isPublic =
    (await isCaptured(ctx, sha256)) ||
    (await ctx.db.weightFingerprint.count({ where: { blobSha256: sha256 } })) > 0 ||
    (await isPublicCapsule(ctx, sha256));
  if (!isPublic) return null;
  const stream = await ctx.blobs.stream(sha256);
  return stream === null ? null : { size: row.size, stream };
}

async function isCaptured(ctx: Pick<Context, "db">, sha256: string): Promise<boolean> {
  const file = JSON.stringify([{ sha256 }]);
  const table = JSON.stringify({ table: sha256 });
  const rows = await ctx.db.$queryRaw<unknown[]>`
    SELECT 1 FROM capture c
    WHERE (c.metadata @> ${file}::jsonb OR c.tensors @> ${table}::jsonb)
      AND (EXISTS (SELECT 1 FROM model m WHERE m.capture_id = c.id)
        OR EXISTS (SELECT 1 FROM case_release r JOIN "case" k ON k.id = r.case_id
                   WHERE r.capture_id = c.id AND k.state <> 'draft'))
    LIMIT 1`;
  return rows.length > 0;
}

async function isPublicCapsule(
  ctx: Pick<Context, "db" | "settings" | "clock" | "sources">,
  sha256: string,
): Promise<boolean> {
  const results = await ctx.db.runResult.findMany({
    where: { capsuleSha256: sha256 },
    select: { runId: true },
    take: 50,
  });
  for (const { runId } of results) if (await storedResult({ ...ctx, viewer: anonymous }, runId)) return true;
  return false;
}
