import type { Database } from "@/lib/platform/database";
import type { CanaryAnswerSet } from "@/lib/platform/database/generated/client";
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
          { role: "suspect", name: { equals: suspect.name, mode: "insensitive" as const } },
        ],
      },
      select: { id: true, createdAt: true },
      orderBy: { createdAt: "asc" },
      take: 1000,
    }),
  ]);
  const seen = [
    ...captures.map(({ id, observedAt }) => ({ dedupKey: `capture:${id}`, at: observedAt })),
    ...answers.map(({ id, createdAt }) => ({ dedupKey: `responses:${id}`, at: createdAt })),
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
