import type { Transaction } from "@/lib/platform/database";
import type { Prisma } from "@/lib/platform/database/generated/client";

export type RunCaseEvent =
  | { readonly type: "run-queued"; readonly data: { readonly runId: string; readonly methods: string[] } }
  | {
      readonly type: "run-finished";
      readonly data: { readonly runId: string; readonly digest: string; readonly relation: string };
    }
  | { readonly type: "run-failed"; readonly data: { readonly runId: string; readonly code: string } }
  | { readonly type: "run-cancelled"; readonly data: { readonly runId: string } };

/** One line of the case's timeline. The case row is locked first, so that sequence numbers have no gap and no twin. */
export async function writeRunEvent(
  tx: Transaction,
  caseId: string,
  event: RunCaseEvent,
  by: { readonly actorId: string | null; readonly at: Date },
): Promise<void> {
  await tx.$queryRaw`SELECT id FROM "case" WHERE id = ${caseId} FOR UPDATE`;
  const last = await tx.caseEvent.aggregate({ where: { caseId }, _max: { sequence: true } });
  await tx.caseEvent.create({
    data: {
      caseId,
      sequence: (last._max.sequence ?? 0) + 1,
      type: event.type,
      version: 1,
      data: event.data as Prisma.InputJsonObject,
      actorId: by.actorId,
      createdAt: by.at,
    },
  });
  await tx.case.update({ where: { id: caseId }, data: { updatedAt: by.at } });
}
