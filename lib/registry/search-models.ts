import type { Prisma } from "@/lib/platform/database/generated/client";
import { searchFilter } from "@/lib/platform/search";

/**
 * Registrations that a query finds: by name, repository, licence, statement or registrant. The registrant's present name
 * is asked afresh: kept in the column, a name that was given up would still lead to the one that took its place.
 */
export function modelsMatching(q: string): Prisma.ModelWhereInput {
  const words = searchFilter(q);
  if (words.AND.length === 0) return {};
  const name = { contains: q.replace(/\p{Cc}/gu, " ").trim(), mode: "insensitive" as const };
  return { OR: [words, { registeredBy: { name } }] };
}
