import type { Database } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { provedNamespaces } from "./namespaces";

type Related = Pick<CanarySet, "id" | "ownerId" | "modelId" | "namespaceKind" | "namespaceName">;

/**
 * All sets that could have been this one, itself included, whoever filed them: of the same account or of one that speaks
 * for the same proved namespace, under that namespace, linked to the same model, or about an original of the same
 * weights, the same repository or the same owner on the Hub.
 */
export async function relatedSets(db: Database, set: Related): Promise<readonly string[]> {
  const originals = await db.canaryAnswerSet.findMany({
    where: { canarySetId: set.id, role: "original" },
    select: { weights: true, release: { select: { source: true, repository: true } } },
  });
  const model =
    set.modelId === null
      ? null
      : await db.model.findUnique({
          where: { id: set.modelId },
          select: { release: { select: { source: true, repository: true } } },
        });
  const releases = [...originals.map(({ release }) => release), model?.release ?? null].filter(
    (release) => release !== null,
  );
  const weights = originals.flatMap((one) => (one.weights === null ? [] : [one.weights]));
  const repositories = releases.map(({ source, repository }) => `${source}:${repository}`.toLowerCase());
  const owners = releases.flatMap(({ source, repository }) =>
    source === "hf" ? [repository.split("/")[0]?.toLowerCase() ?? ""] : [],
  );
  const names = [
    ...(await provedNamespaces(db, set.ownerId)).map(({ name }) => name.toLowerCase()),
    ...(set.namespaceName === null ? [] : [set.namespaceName.toLowerCase()]),
    ...owners,
  ];
  const people = [set.ownerId, ...(await speakersOf(db, names))];
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT s.id FROM canary_set s
    LEFT JOIN model m ON m.id = s.model_id
    LEFT JOIN release mr ON mr.id = m.release_id
    WHERE s.id = ${set.id} OR s.owner_id = ANY(${people}::text[]) OR s.model_id = ${set.modelId}::text
      OR (s.namespace_kind = 'huggingface' AND lower(s.namespace_name) = ANY(${names}::text[]))
      OR lower(mr.source || ':' || mr.repository) = ANY(${repositories}::text[])
      OR (mr.source = 'hf' AND split_part(lower(mr.repository), '/', 1) = ANY(${names}::text[]))
      OR EXISTS (
        SELECT FROM canary_answer_set a LEFT JOIN release r ON r.id = a.release_id
        WHERE a.canary_set_id = s.id AND a.role = 'original'
          AND (a.weights = ANY(${weights}::text[])
            OR lower(r.source || ':' || r.repository) = ANY(${repositories}::text[])
            OR (r.source = 'hf' AND split_part(lower(r.repository), '/', 1) = ANY(${names}::text[]))))`;
  return rows.map(({ id }) => id);
}

/** Accounts that have proved one of these names. */
async function speakersOf(db: Database, names: readonly string[]): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT user_id AS id FROM account WHERE provider = 'huggingface' AND lower(label) = ANY(${names}::text[])`;
  const proved: string[] = [];
  const parties = await db.caseParty.findMany({
    where: {
      acceptedAt: { not: null },
      OR: names.map((name) => ({ name: { equals: name, mode: "insensitive" as const } })),
    },
    select: { userId: true, name: true },
  });
  for (const { userId, name } of parties) {
    if (userId === null || name === null) continue;
    const theirs = await provedNamespaces(db, userId);
    if (theirs.some((one) => one.name.toLowerCase() === name.toLowerCase())) proved.push(userId);
  }
  return [...rows.map(({ id }) => id), ...proved];
}
