import type { Context } from "@/lib/platform/context";
import type { Database, Transaction } from "@/lib/platform/database";
import type { CanaryAnswerSet, CanarySet } from "@/lib/platform/database/generated/client";

const firstCame = [{ createdAt: "asc" }, { id: "asc" }] as const;

/** The original's answers, the first that were registered; a second collector's vouch for them. Null for none. */
export function firstOriginal(
  db: Database | Transaction,
  set: Pick<CanarySet, "id">,
): Promise<CanaryAnswerSet | null> {
  return db.canaryAnswerSet.findFirst({
    where: { canarySetId: set.id, role: "original", confirmsId: null, redactionId: null },
    orderBy: [...firstCame],
  });
}

/** The first transcript that was handed in for the original, by whoever asked it: it says how items were put. Null for none. */
export async function firstTranscript(
  { db, blobs }: Pick<Context, "db" | "blobs">,
  set: Pick<CanarySet, "id">,
): Promise<Uint8Array | null> {
  const original = await db.canaryAnswerSet.findFirst({
    where: { canarySetId: set.id, role: "original", redactionId: null, transcriptBlob: { not: null } },
    orderBy: [...firstCame],
    select: { transcriptBlob: true },
  });
  return original?.transcriptBlob ? blobs.get(original.transcriptBlob) : null;
}
