import { eraseRepositoryOfCases } from "@/lib/cases/server";
import { isRedactedRepository } from "@/lib/ledger";
import type { Transaction } from "@/lib/platform/database";
import { eraseRepositoryOfReleases } from "@/lib/registry/server";
import type { Erased } from "./erase-words";

/**
 * Takes the name of a repository off its releases, and everything that was made of it: registrations named after it,
 * parties named after its owner, what cards of others declare, search. Ids, commits, hashes and dates stay.
 */
export async function eraseRepository(tx: Transaction, repository: string): Promise<Erased> {
  const releases = await eraseRepositoryOfReleases(tx, repository);
  const cases = await eraseRepositoryOfCases(tx, { repository, releaseIds: releases.releaseIds });
  return { paths: [...new Set([...releases.paths, ...cases])], blobs: releases.blobs };
}

/** After a restore: the same again for the releases that a redaction named among its pages. */
export async function eraseRepositoriesOf(
  tx: Transaction,
  { scope, paths }: { readonly scope: string; readonly paths: readonly string[] },
): Promise<void> {
  if (scope !== "repository") return;
  const ids = paths.flatMap((path) => /^\/releases\/(rel_\w+)$/.exec(path)?.[1] ?? []);
  const releases = await tx.release.findMany({ where: { id: { in: ids } } });
  for (const repository of new Set(releases.map((one) => one.repository)))
    if (!isRedactedRepository(repository)) await eraseRepository(tx, repository);
}

/** Whether a statement names a repository: as its subject, or in what it states. Statements are canonical JSON. */
export function namesRepository(statement: string, repository: string): boolean {
  return namings(repository).some((naming) => statement.includes(naming));
}

/** As it stands in canonical JSON. */
export const namings = (repository: string): readonly string[] => [
  ...["hf", "github"].map((source) => JSON.stringify(`${source}:${repository}`)),
  `"repository":${JSON.stringify(repository)}`,
];
