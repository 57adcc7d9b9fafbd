import { AppError } from "@/lib/platform/errors";
import type { Viewer } from "@/lib/platform/context";
import type { Database, Transaction } from "@/lib/platform/database";
import { type CaseFacts, mayQueueRun } from "./policy";

/** Facts of a case by internal or public id, its row locked when asked: runs of one case are queued one after another. */
export async function caseFacts(
  db: Database | Transaction,
  idOrPublicId: string,
  options: { readonly lock?: boolean } = {},
): Promise<(CaseFacts & { readonly id: string; readonly publicId: string | null }) | null> {
  const found = await db.case.findFirst({
    where: { OR: [{ id: idOrPublicId }, { publicId: idOrPublicId }] },
    select: { id: true },
  });
  if (found === null) return null;
  if (options.lock) await db.$queryRaw`SELECT id FROM "case" WHERE id = ${found.id} FOR UPDATE`;
  const row = await db.case.findUniqueOrThrow({
    where: { id: found.id },
    select: { id: true, publicId: true, state: true, reporterId: true, parties: { select: { userId: true } } },
  });
  return {
    id: row.id,
    publicId: row.publicId,
    state: row.state,
    reporterId: row.reporterId,
    partyUserIds: row.parties.flatMap((party) => (party.userId === null ? [] : [party.userId])),
  };
}

/** Throws what `mayQueueRun` says against it. */
export function requireMayQueue(viewer: Viewer, facts: CaseFacts): void {
  const answer = mayQueueRun(viewer, facts);
  if (answer === "sign-in") throw new AppError("sign-in-required");
  if (answer === "not-allowed") throw new AppError("not-allowed");
  if (answer === "wrong-state") throw new AppError("wrong-state", { detail: { state: facts.state } });
}
