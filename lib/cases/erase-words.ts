import { redactionMark } from "@/lib/ledger";
import type { Transaction } from "@/lib/platform/database";
import { searchText } from "@/lib/platform/search";
import { casePaths } from "./case-paths";
import { findCase, namesOf } from "./load-case";

/** Takes the words of one claim away; number, kind and method stay. Returns the pages that showed it. */
export async function eraseClaim(
  tx: Transaction,
  at: { readonly publicId: string; readonly number: number },
  redactionId: string,
): Promise<readonly string[]> {
  const row = await findCase(tx, at.publicId);
  const claim = row?.claims.find(({ number }) => number === at.number);
  if (!row || !claim) return [];
  await tx.claim.update({ where: { id: claim.id }, data: { text: redactionMark, redactionId } });
  await refreshSearch(tx, at.publicId);
  return casePaths(at.publicId);
}

/** Takes the words of a notice out of the case's history; that there was one, and when, stays. */
export async function eraseNotice(
  tx: Transaction,
  at: { readonly publicId: string; readonly sequence: number },
): Promise<readonly string[]> {
  const row = await findCase(tx, at.publicId);
  if (!row) return [];
  await tx.$executeRaw`
    UPDATE case_event SET data = jsonb_set(data, '{notice}', jsonb_build_object('en', redaction_mark(), 'zh', redaction_mark()))
    WHERE case_id = ${row.id} AND sequence = ${at.sequence} AND type = 'case-notified'`;
  return casePaths(at.publicId);
}

/** Takes the words and sources out of a documented case's record; number and dates of its lines stay. */
export async function eraseRecord(
  tx: Transaction,
  at: { readonly publicId: string },
): Promise<readonly string[]> {
  const row = await findCase(tx, at.publicId);
  if (!row) return [];
  await tx.caseRecord.updateMany({
    where: { caseId: row.id, textEn: { not: redactionMark } },
    data: { textEn: redactionMark, textZh: redactionMark, source: redactionMark, sourceUrl: null },
  });
  await refreshSearch(tx, at.publicId);
  return casePaths(at.publicId);
}

/** The case's search column from what is still there. */
async function refreshSearch(tx: Transaction, publicId: string): Promise<void> {
  const row = await findCase(tx, publicId);
  if (!row) return;
  const record = await tx.caseRecord.findMany({ where: { caseId: row.id }, orderBy: { position: "asc" } });
  const names = namesOf(row);
  const words = [...row.claims.map(({ text }) => text), ...record.flatMap((one) => [one.textEn, one.textZh])];
  await tx.case.update({
    where: { id: row.id },
    data: {
      searchText: searchText([
        publicId,
        names.original,
        names.suspect,
        ...words.filter((text) => text !== redactionMark),
      ]),
    },
  });
}

/**
 * Takes the name of a repository off the parties named after its owner, and out of search. Returns the pages that showed
 * either: of cases with its releases, their runs and their texts.
 */
export async function eraseRepositoryOfCases(
  tx: Transaction,
  of: { readonly repository: string; readonly releaseIds: readonly string[] },
): Promise<readonly string[]> {
  const [owner = of.repository] = of.repository.split("/");
  const rows = await tx.case.findMany({
    where: { releases: { some: { releaseId: { in: [...of.releaseIds] } } } },
    select: {
      id: true,
      publicId: true,
      posts: { select: { id: true } },
      runs: { select: { id: true } },
    },
  });
  await tx.caseParty.updateMany({
    where: { caseId: { in: rows.map(({ id }) => id) }, name: owner },
    data: { name: redactionMark },
  });
  for (const { publicId } of rows) if (publicId !== null) await refreshSearch(tx, publicId);
  return [
    "/cases",
    ...rows.flatMap(({ publicId, posts, runs }) => [
      ...casePaths(publicId),
      ...posts.map(({ id }) => `/evidence/${id}`),
      ...runs.map(({ id }) => `/runs/${id}`),
    ]),
  ];
}
