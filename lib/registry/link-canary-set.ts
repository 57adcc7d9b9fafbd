import { beaconSchema } from "@/lib/engine/canary";
import { type Act, citableCheckpoint, type Facts, recordAct, type Subject } from "@/lib/ledger/server";
import type { Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { AppError } from "@/lib/platform/errors";
import { pagesChanged } from "@/lib/platform/pages";

/**
 * Says which registered model a committed set was trained into: the commitment is stated again, with the model. Once for
 * ever; the same again is false. Errors at the field "canarySet": unknown-set, not-yours, set-taken.
 */
export async function linkCanarySet(
  tx: Transaction,
  setId: string,
  to: {
    readonly modelId: string;
    readonly ownerId: string;
    readonly release: Subject;
    readonly act: Pick<Act<"commit">, "actor" | "t" | "held">;
  },
): Promise<boolean> {
  await tx.$queryRaw`SELECT 1 FROM "canary_set" WHERE "set_id" = ${setId} FOR UPDATE`;
  const set = await tx.canarySet.findUnique({ where: { setId } });
  if (set === null) throw new AppError("invalid-input", { fields: { canarySet: "unknown-set" } });
  if (set.ownerId !== to.ownerId) throw new AppError("not-allowed", { fields: { canarySet: "not-yours" } });
  if (set.modelId === to.modelId) return false;
  if (set.modelId !== null) throw new AppError("already-done", { fields: { canarySet: "set-taken" } });
  await tx.canarySet.update({ where: { id: set.id }, data: { modelId: to.modelId } });
  await recordAct(tx, {
    ...to.act,
    kind: "commit",
    about: `model:${to.modelId}`,
    subjects: [to.release, { name: "canary-root", digest: { sha256: set.root } }],
    predicate: { ...statedSet(set), model: to.modelId, checkpoint: await citableCheckpoint(tx) },
    dedupKey: `commit:${setId}:${to.modelId}`,
  });
  await pagesChanged(tx, [`/canaries/${setId}`, "/canaries"]);
  return true;
}

/** What nobody wrote: name and terms stand in the first statement alone, so that they can be redacted in one place. */
function statedSet(set: CanarySet): Omit<Facts<"commit">, "model" | "checkpoint"> {
  const { setId, root, items, kind, authorKeyId, namespaceKind } = set;
  return {
    setId,
    root,
    items,
    kind: kind as "natural",
    authorKeyId,
    namespace: { kind: namespaceKind as "account", name: null },
    terms: null,
    plan: planOf(set.terms),
  };
}

/** The part of the terms that holds no words; null for sets without terms, and where they were redacted. */
export function planOf(terms: unknown): Facts<"commit">["plan"] {
  if (terms === null || typeof terms !== "object" || !("beacon" in terms)) return null;
  const { primary, threshold, deadline, beacon } = terms as unknown as NonNullable<Facts<"commit">["plan"]>;
  return { primary, threshold, deadline, beacon: beaconSchema.parse(beacon) };
}
