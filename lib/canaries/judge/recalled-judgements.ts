import type { Context } from "@/lib/platform/context";
import type { Database, Transaction } from "@/lib/platform/database";
import { lockSet } from "../load-set";
import { insertJudgeJob } from "./queue-judge";

/** A pair that a version of the judge has judged, with everybody who has a part in it. */
export interface JudgedPair {
  readonly judgementId: string;
  readonly canarySetId: string;
  readonly setId: string;
  readonly suspectId: string;
  readonly suspect: string;
  /** The author, who asked for the judgement, who handed in the suspect's answers. */
  readonly people: readonly string[];
}

/** What a version of the judge has judged, redacted judgements included: they said it. */
export async function judgedByVersion(
  db: Database | Transaction,
  version: string,
): Promise<readonly JudgedPair[]> {
  const rows = await db.canaryJudgement.findMany({
    where: { version },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    include: { set: true, suspect: true, jobs: { select: { requestedById: true } } },
  });
  return rows.map(({ id, set, suspect, requestedById, jobs }) => ({
    judgementId: id,
    canarySetId: set.id,
    setId: set.setId,
    suspectId: suspect.id,
    suspect: suspect.name,
    people: [
      ...new Set(
        [set.ownerId, requestedById, suspect.collectorId, ...jobs.map((job) => job.requestedById)].filter(
          (one) => one !== null,
        ),
      ),
    ],
  }));
}

/** Queues one pair once more, once for a recall; not where the answers or the set are gone. False when it is not. */
export async function judgeAgain(
  ctx: Context,
  pair: JudgedPair,
  by: { readonly recallId: string; readonly userId: string },
): Promise<boolean> {
  return ctx.db.$transaction(async (tx) => {
    const set = await lockSet(tx, pair.setId);
    const suspect = await tx.canaryAnswerSet.findUniqueOrThrow({ where: { id: pair.suspectId } });
    if (set.redactionId !== null || suspect.redactionId !== null) return false;
    const idempotencyKey = `${by.recallId}:${pair.suspectId}`;
    if ((await tx.canaryJudgeJob.count({ where: { idempotencyKey } })) > 0) return true;
    await insertJudgeJob(ctx, tx, {
      set,
      suspectId: pair.suspectId,
      requestedById: by.userId,
      idempotencyKey,
    });
    return true;
  });
}
