import type { Database, Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { drawnOf } from "../drawn-items";
import type { Askable } from "../dto";

/** Whether this instance can put the items of a set to a model: it knows those that are revealed, or drawn and rendered. */
export async function askableNow(db: Database | Transaction, set: CanarySet): Promise<Askable> {
  if (set.terms === null || set.redactionId !== null) return "no-terms";
  if (set.kind === "generator") {
    if (drawnOf(set) === null) return "not-drawn";
    const missing = await picturesMissing(db, set);
    return missing === 0 ? "yes" : "no-pictures";
  }
  const open = await db.canaryReveal.count({ where: { canarySetId: set.id, redactionId: null } });
  return open > 0 ? "yes" : "sealed";
}

/** Drawn items without a picture here; null where nothing is drawn. */
export async function picturesMissing(db: Database | Transaction, set: CanarySet): Promise<number | null> {
  if (drawnOf(set) === null) return null;
  return set.items - (await db.canaryPicture.count({ where: { canarySetId: set.id } }));
}
