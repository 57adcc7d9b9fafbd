import type { RedactionScope } from "@/lib/ledger";
import type { NamedFiles } from "@/lib/platform/blobs/named-files";
import type { Context } from "@/lib/platform/context";
import type { Transaction } from "@/lib/platform/database";
import { eraseAct } from "./erase-act";
import { eraseRepositoriesOf } from "./erase-repository";
import { actorName, type FoundAct, findAct } from "./find-act";
import { lockAbout } from "./redact-entry";
import { type RedactionRecord, readRecords } from "./redaction-record";

/** The row as it was, but for the copies and caches of this machine, which are to be looked at anew. */
async function remember(
  ctx: Pick<Context, "jobs">,
  tx: Transaction,
  { v: _version, index, ...row }: RedactionRecord,
): Promise<void> {
  await tx.logRedaction.create({ data: { ...row, index: index === null ? null : BigInt(index) } });
  await ctx.jobs.send(
    tx,
    "redaction.finish",
    { version: 1, redactionId: row.id },
    { idempotencyKey: row.id },
  );
}

/** What was erased stands in the database again. */
async function isBack(tx: Transaction, scope: RedactionScope, act: FoundAct): Promise<boolean> {
  if (act.statement === null) return false;
  const name = actorName(act.statement);
  const named = scope === "name" && name !== null ? [name] : [];
  const digests = scope === "entry" ? [...act.payloads] : named;
  const payloads = await tx.logPayload.count({ where: { digest: { in: digests } } });
  return payloads > 0 || (scope !== "name" && act.index !== null);
}

/**
 * After a restore: carries out again every redaction of which a record stands beside the blobs, before anybody can read
 * what an older backup still held. Again is harmless. Returns how many erased something.
 */
export async function reapplyRedactions(
  ctx: Pick<Context, "db" | "blobs" | "clock" | "jobs">,
  files: NamedFiles,
): Promise<{ readonly known: number; readonly erased: number }> {
  const records = await readRecords(files);
  let erased = 0;
  for (const record of records) {
    const again = await ctx.db.$transaction(
      async (tx) => {
        const forgotten = (await tx.logRedaction.findUnique({ where: { id: record.id } })) === null;
        if (forgotten) await remember(ctx, tx, record);
        // An act that the backup does not know yet cannot come back from it; its blobs answer 410 all the same.
        const act = await findAct(tx, { dedupKey: record.dedupKey });
        if (act === null || !(forgotten || (await isBack(tx, record.scope, act)))) return false;
        await lockAbout(tx, act.about);
        await eraseAct({ ...ctx, clock: { now: () => new Date(record.erasedAt) } }, tx, record, act, {
          userId: record.erasedById,
          name: null,
        });
        return true;
      },
      { timeout: 60_000 },
    );
    await ctx.db.$transaction((tx) => eraseRepositoriesOf(tx, record));
    if (again) erased += 1;
    // Those of files that no statement names (captured files, capsules) came back with the backup's objects.
    for (const sha256 of record.blobs) {
      await ctx.blobs.delete(sha256);
      await ctx.db.blob.deleteMany({ where: { sha256 } });
    }
  }
  return { known: records.length, erased };
}
