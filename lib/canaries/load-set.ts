import type { Database, Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { AppError } from "@/lib/platform/errors";

/** The row of a set, held until the transaction ends: whatever changes a set waits here. Throws "not-found". */
export async function lockSet(tx: Transaction, setId: string): Promise<CanarySet> {
  await tx.$queryRaw`SELECT 1 FROM "canary_set" WHERE "set_id" = ${setId} FOR UPDATE`;
  return findSet(tx, setId);
}

export async function findSet(db: Database | Transaction, setId: string): Promise<CanarySet> {
  const set = await db.canarySet.findUnique({ where: { setId } });
  if (set === null) throw new AppError("not-found");
  return set;
}

/** Pages that show a set, without the locale. */
export const pathsOf = (set: Pick<CanarySet, "setId" | "modelId">): string[] => [
  "/canaries",
  `/canaries/${set.setId}`,
  ...(set.modelId === null ? [] : [`/models/${set.modelId}`]),
];
