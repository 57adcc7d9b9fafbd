import type { Context } from "@/lib/platform/context";
import { recordAct } from "../record-act";
import { type KeyRole, keyFingerprint, replaceKey } from "./keys";

/**
 * Puts a new key in the place of a role's key and records it in the log. The public half is noted first in the
 * transaction, so that the worker which finds the new file finds it known. The old log key goes on signing beside the new
 * one until it is retired.
 */
export async function rotateKey(
  ctx: Pick<Context, "db" | "clock">,
  folder: string,
  role: KeyRole,
): Promise<{ readonly previous: string; readonly next: string }> {
  return ctx.db.$transaction(async (tx) => {
    // Nobody signs while file and table change places.
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(5349120002)::text`;
    const { old, next } = replaceKey(folder, role);
    const previous = keyFingerprint(old.spki);
    const now = keyFingerprint(next.spki);
    await tx.logKey.create({ data: { role, publicKey: Buffer.from(next.spki) } });
    await recordAct(tx, {
      kind: "rotate",
      about: "log",
      subjects: [{ name: `key:${role}`, digest: { sha256: now } }],
      predicate: { role, previous, next: now },
      dedupKey: `rotate:${now}`,
      t: ctx.clock.now(),
    });
    return { previous, next: now };
  });
}
