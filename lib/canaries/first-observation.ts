import type { Database } from "@/lib/platform/database";
import type { CanaryAnswerSet, CanarySet } from "@/lib/platform/database/generated/client";
import { isConnected } from "./connected";
import { capturesOf } from "./pinned";

export interface FirstObservation {
  /** The act that is the first in the log to show the suspect: "capture:cap_…" or "responses:ans_…". */
  readonly dedupKey: string;
  /** When we first looked at it, logged then or not: our own claim, and against whoever it speaks. */
  readonly seenAt: Date;
}

/**
 * The first we know of a suspect: the earliest capture of its release, or of any release with the same weights, or the
 * earliest answers of it to any set, whoever asked. Not the dates of a repository: who publishes it sets those.
 */
export async function firstObservation(
  db: Database,
  suspect: CanaryAnswerSet,
): Promise<FirstObservation | null> {
  const { releaseId, weights } = suspect;
  const captureIds =
    releaseId === null && weights === null ? [] : await capturesOf(db, { releaseId, weights });
  const named = releaseId === null && weights === null;
  const [captures, answers] = await Promise.all([
    db.capture.findMany({
      where: { id: { in: [...captureIds] } },
      select: { id: true, observedAt: true },
    }),
    db.canaryAnswerSet.findMany({
      where: {
        OR: [
          { id: suspect.id },
          ...(releaseId === null ? [] : [{ releaseId }]),
          ...(weights === null ? [] : [{ weights }]),
          ...(named
            ? [{ role: "suspect", name: { equals: suspect.name, mode: "insensitive" as const } }]
            : []),
        ],
      },
      select: { id: true, createdAt: true, collectorId: true },
      orderBy: { createdAt: "asc" },
      take: 1000,
    }),
  ]);
  const set = await db.canarySet.findUniqueOrThrow({ where: { id: suspect.canarySetId } });
  const counted: typeof answers = [];
  for (const one of answers)
    if (one.id === suspect.id || (await counts(db, set, named, one))) counted.push(one);
  const seen = [
    ...captures.map(({ id, observedAt }) => ({ dedupKey: `capture:${id}`, at: observedAt })),
    ...counted.map(({ id, createdAt }) => ({ dedupKey: `responses:${id}`, at: createdAt })),
  ];
  const first = await db.logEntry.findFirst({
    where: { dedupKey: { in: seen.map(({ dedupKey }) => dedupKey) } },
    orderBy: { index: "asc" },
    select: { dedupKey: true },
  });
  if (first === null) return null;
  return {
    dedupKey: first.dedupKey,
    seenAt: new Date(Math.min(...seen.map(({ at }) => at.getTime()))),
  };
}

/**
 * A mere name is no weights: anybody could write it under an early answer and spoil every later set. Where nothing else
 * is known of a suspect, only what this instance or the author's own side saw of it counts.
 */
async function counts(
  db: Database,
  set: CanarySet,
  named: boolean,
  answers: { readonly collectorId: string | null },
): Promise<boolean> {
  return !named || answers.collectorId === null || isConnected(db, set, answers.collectorId);
}
