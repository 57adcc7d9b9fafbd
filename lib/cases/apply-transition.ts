import type { Transaction } from "@/lib/platform/database";
import { Prisma } from "@/lib/platform/database/generated/client";
import type { CasePatch } from "./state";

/** Writes what a transition decided into the locked row. */
export async function applyPatch(tx: Transaction, caseId: string, patch: CasePatch): Promise<void> {
  const { findingReasons, proposal, ...plain } = patch;
  await tx.case.update({
    where: { id: caseId },
    data: {
      ...plain,
      ...(findingReasons === undefined
        ? {}
        : { findingReasons: findingReasons as unknown as Prisma.InputJsonArray }),
      ...(proposal === undefined
        ? {}
        : { proposal: proposal === null ? Prisma.DbNull : (proposal as unknown as Prisma.InputJsonObject) }),
    },
  });
}
