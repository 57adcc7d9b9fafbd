import type { Database, Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { isDrawn } from "../drawn-items";
import type { SetPageDto } from "../dto";

/**
 * Whether this instance can put the items of a set to a model: it knows those that are revealed, or drawn and rendered.
 * `picturesMissing`: drawn items without a picture here; null where nothing is drawn.
 */
export async function askableNow(
  db: Database | Transaction,
  set: CanarySet,
): Promise<Pick<SetPageDto, "askable" | "picturesMissing">> {
  if (set.terms === null || set.redactionId !== null) return { askable: "no-terms", picturesMissing: null };
  if (set.kind === "generator") {
    if (!isDrawn(set)) return { askable: "not-drawn", picturesMissing: null };
    const missing = set.items - (await db.canaryPicture.count({ where: { canarySetId: set.id } }));
    return { askable: missing === 0 ? "yes" : "no-pictures", picturesMissing: missing };
  }
  const open = await db.canaryReveal.count({ where: { canarySetId: set.id, redactionId: null } });
  return { askable: open > 0 ? "yes" : "sealed", picturesMissing: null };
}
