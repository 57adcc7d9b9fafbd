import type { Transaction } from "@/lib/platform/database";
import type { Prisma } from "@/lib/platform/database/generated/client";
import { caseEvent, type NewCaseEvent } from "./events";

/**
 * Adds one event to a case inside the caller's transaction and returns its number. Takes the row lock itself
 * (again, if the caller has it), so numbers have neither gaps nor twins.
 */
export async function appendCaseEvent(
  tx: Transaction,
  caseId: string,
  event: NewCaseEvent,
  by: { readonly actorId: string | null; readonly at: Date },
): Promise<number> {
  const checked = caseEvent.parse({ ...event, version: 1 });
  await tx.$queryRaw`SELECT id FROM "case" WHERE id = ${caseId} FOR UPDATE`;
  const last = await tx.caseEvent.aggregate({ where: { caseId }, _max: { sequence: true } });
  const sequence = (last._max.sequence ?? 0) + 1;
  await tx.caseEvent.create({
    data: {
      caseId,
      sequence,
      type: checked.type,
      version: checked.version,
      data: checked.data as Prisma.InputJsonObject,
      actorId: by.actorId,
      createdAt: by.at,
    },
  });
  await tx.case.update({ where: { id: caseId }, data: { updatedAt: by.at, version: { increment: 1 } } });
  return sequence;
}
