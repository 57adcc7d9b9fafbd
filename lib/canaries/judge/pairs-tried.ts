import { recalledVersions } from "@/lib/cases/server";
import { canaryJudgeAbout } from "@/lib/engine/canary/judge/about";
import type { Database } from "@/lib/platform/database";
import type { CanaryAnswerSet, CanarySet } from "@/lib/platform/database/generated/client";
import { isConnected } from "../connected";

export interface TriedPair {
  readonly name: string;
  readonly log10p: number;
}

/**
 * The other suspects that were held against this set's original, with what came out of the latest judgement of each:
 * Holm's correction is over all of them. A suspect counts once, by its weights, its release or its name. Answers that are
 * merely claimed move no finding and are no attempt at one, unless the author's own side tried them: otherwise anybody
 * could weaken a finding by handing in made-up suspects. `log10p` is 0 where no p was computed, and where
 * the judge that computed it was recalled: the attempt stays paid for.
 */
export async function pairsTried(
  db: Database,
  set: CanarySet,
  suspect: CanaryAnswerSet,
): Promise<readonly TriedPair[]> {
  const judgements = await db.canaryJudgement.findMany({
    where: { canarySetId: set.id, suspect: { redactionId: null } },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    include: { suspect: true },
  });
  const recalled = await recalledVersions(db);
  const seen = new Set([identityOf(suspect)]);
  const tried: TriedPair[] = [];
  for (const { suspect: other, log10p, movesFinding, requestedById, version } of judgements) {
    const identity = identityOf(other);
    if (seen.has(identity)) continue;
    const connected = async (userId: string | null) => userId !== null && isConnected(db, set, userId);
    const counts =
      movesFinding ||
      other.authenticity !== "claimed" ||
      (await connected(other.collectorId)) ||
      (await connected(requestedById));
    if (!counts) continue;
    seen.add(identity);
    const stands = !recalled.has(`${canaryJudgeAbout.id}@${version}`);
    tried.push({ name: other.name, log10p: stands ? (log10p ?? 0) : 0 });
  }
  // The order of rows of equal times must not reach a digest.
  return tried.sort((a, b) => a.log10p - b.log10p || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function identityOf({
  weights,
  releaseId,
  name,
}: Pick<CanaryAnswerSet, "weights" | "releaseId" | "name">): string {
  if (weights !== null) return `weights:${weights}`;
  return releaseId === null ? `name:${name}` : `release:${releaseId}`;
}
