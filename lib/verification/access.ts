import type { CaseAccess } from "@/lib/cases";
import type { ActorRole } from "@/lib/ledger/server";
import type { Viewer } from "@/lib/platform/context";
import type { Transaction } from "@/lib/platform/database";
import type { Prisma } from "@/lib/platform/database/generated/client";
import { AppError } from "@/lib/platform/errors";
import { isModerator, mayQueueRun } from "./policy";

/** The case columns that decide who sees and who queues its runs. */
export const accessFields = {
  id: true,
  publicId: true,
  state: true,
  reporterId: true,
  parties: { select: { userId: true, acceptedAt: true } },
} satisfies Prisma.CaseSelect;

export function accessOf(row: Prisma.CaseGetPayload<{ select: typeof accessFields }>): CaseAccess {
  return {
    state: row.state,
    reporterId: row.reporterId,
    partyUserIds: row.parties.flatMap(({ userId, acceptedAt }) => (userId && acceptedAt ? [userId] : [])),
  };
}

export interface CaseOfRun extends CaseAccess {
  readonly id: string;
  readonly publicId: string;
}

/**
 * A case by internal or public id with its row locked: runs of one case are queued one after another.
 * Null when there is none, or none that has a number yet (a draft has no runs).
 */
export async function caseOfRun(tx: Transaction, idOrPublicId: string): Promise<CaseOfRun | null> {
  await tx.$queryRaw`SELECT id FROM "case" WHERE id = ${idOrPublicId} OR public_id = ${idOrPublicId} FOR UPDATE`;
  const row = await tx.case.findFirst({
    where: { OR: [{ id: idOrPublicId }, { publicId: idOrPublicId }] },
    select: accessFields,
  });
  return row === null || row.publicId === null
    ? null
    : { id: row.id, publicId: row.publicId, ...accessOf(row) };
}

/** Throws what `mayQueueRun` says against it. */
export function requireMayQueue(viewer: Viewer, access: CaseAccess): void {
  const answer = mayQueueRun(viewer, access);
  if (answer !== "yes")
    throw new AppError(answer, answer === "wrong-state" ? { detail: { state: access.state } } : {});
}

/** In which capacity somebody asks, for the ledger. */
export function roleIn(viewer: Viewer, access: CaseAccess): ActorRole {
  if (viewer.userId === access.reporterId) return "reporter";
  if (viewer.userId !== null && access.partyUserIds.includes(viewer.userId)) return "party";
  return isModerator(viewer) ? "moderator" : "member";
}
