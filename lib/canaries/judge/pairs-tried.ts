import type { Database } from "@/lib/platform/database";
import type { CanaryAnswerSet, CanarySet } from "@/lib/platform/database/generated/client";
import { Prisma } from "@/lib/platform/database/generated/client";
import { relatedSets } from "../related-sets";

export interface TriedPair {
  readonly name: string;
  readonly log10p: number;
}

/**
 * All other pairs of a set and a suspect's answers that were registered or queued for judgement, on this set and on every
 * set that is counted with it: Holm's correction is over all of them, whoever registered them, judged, cancelled or not.
 * The same suspect asked again is another try. Answers that confirm others are none, until somebody has them judged.
 * `log10p`: of the latest judgement; 0 where none was computed.
 */
export async function pairsTried(
  db: Database,
  set: CanarySet,
  suspect: CanaryAnswerSet,
): Promise<readonly TriedPair[]> {
  const rows = await db.canaryAnswerSet.findMany({
    where: {
      id: { not: suspect.id },
      canarySetId: { in: [...(await relatedSets(db, set))] },
      // Without terms nothing can ever be judged. Redaction is the remedy against pairs that somebody made up.
      set: { terms: { not: Prisma.DbNull } },
      role: "suspect",
      redactionId: null,
      OR: [{ confirmsId: null }, { judgeJobs: { some: {} } }],
    },
    select: {
      name: true,
      judgements: {
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        take: 1,
        select: { log10p: true },
      },
    },
  });
  const tried = rows.map(({ name, judgements }) => ({ name, log10p: judgements[0]?.log10p ?? 0 }));
  // The order of rows of equal times must not reach a digest.
  return tried.sort((a, b) => a.log10p - b.log10p || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
