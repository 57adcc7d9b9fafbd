import type { Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { AppError } from "@/lib/platform/errors";

/** Of a second collector: the first one asked the same model about the same set, and was somebody else. */
export async function requireFirst(
  tx: Transaction,
  set: CanarySet,
  given: { readonly confirms: string; readonly role: string; readonly name: string },
  collectorId: string | null,
): Promise<void> {
  const refuse = (code: string) => new AppError("invalid-input", { fields: { confirms: code } });
  const first = await tx.canaryAnswerSet.findUnique({ where: { id: given.confirms } });
  if (first === null || first.canarySetId !== set.id) throw refuse("unknown-answers");
  if (first.role !== given.role || first.name !== given.name) throw refuse("other-model");
  if (first.collectorId === collectorId) throw refuse("same-collector");
}
