import { redactionMark } from "@/lib/ledger";
import type { Transaction } from "@/lib/platform/database";
import { type CanaryAnswerSet, Prisma } from "@/lib/platform/database/generated/client";
import { askParametersSchema } from "./ask/schema";
import { pathsOf } from "./load-set";

/** What went, and what has to follow it out of the blob store. */
export interface ErasedOfSet {
  readonly paths: readonly string[];
  readonly blobs: readonly string[];
}
const nothing: ErasedOfSet = { paths: [], blobs: [] };

/**
 * What a commitment's author wrote: the terms, the name it is counted under, and the pictures of what was drawn. Its
 * hashes and dates stay.
 */
export async function eraseCommitment(
  tx: Transaction,
  setId: string,
  redactionId: string,
): Promise<ErasedOfSet> {
  const set = await tx.canarySet.findUnique({ where: { setId } });
  if (set === null) return nothing;
  await tx.canarySet.update({
    where: { id: set.id },
    data: {
      terms: set.terms === null ? Prisma.DbNull : { redacted: true },
      namespaceName: set.namespaceName === null ? null : redactionMark,
      redactionId,
    },
  });
  const pictures = await tx.canaryPicture.findMany({
    where: { canarySetId: set.id },
    select: { sha256: true },
  });
  await tx.canaryPicture.deleteMany({ where: { canarySetId: set.id } });
  const gone = [...new Set(pictures.map(({ sha256 }) => sha256))];
  const elsewhere = await tx.canaryPicture.findMany({
    where: { sha256: { in: gone } },
    select: { sha256: true },
  });
  const kept = new Set(elsewhere.map(({ sha256 }) => sha256));
  return { paths: pathsOf(set), blobs: gone.filter((sha256) => !kept.has(sha256)) };
}

/** Answers with their transcript, and how the model was called. */
export async function eraseAnswers(
  tx: Transaction,
  answersId: string,
  redactionId: string,
): Promise<ErasedOfSet> {
  const row = await tx.canaryAnswerSet.findUnique({ where: { id: answersId }, include: { set: true } });
  if (row === null) return nothing;
  await tx.canaryAnswerSet.update({
    where: { id: answersId },
    data: {
      name: redactionMark,
      family: null,
      base: null,
      vendor: null,
      corpus: null,
      answersSalt: new Uint8Array(),
      redactionId,
    },
  });
  if (row.collectorId === null) await forgetQuestioning(tx, row);
  const alone = async (blob: string) =>
    (await tx.canaryAnswerSet.count({
      where: {
        id: { not: answersId },
        redactionId: null,
        OR: [{ answersBlob: blob }, { transcriptBlob: blob }],
      },
    })) === 0;
  const blobs: string[] = [
    ...(await resultsOf(tx, {
      OR: [{ originalId: answersId }, { suspectId: answersId }, { referenceIds: { has: answersId } }],
    })),
  ];
  for (const blob of [row.answersBlob, row.transcriptBlob])
    if (blob !== null && (await alone(blob))) blobs.push(blob);
  return { paths: pathsOf(row.set), blobs };
}

/**
 * The questioning that this instance collected them with: what its transcript had so far, and what it calls the model. One
 * that has not ended is stopped, or it would record the same once more.
 */
async function forgetQuestioning(tx: Transaction, row: CanaryAnswerSet): Promise<void> {
  const { id, canarySetId, role, name } = row;
  const jobs = await tx.canaryAskJob.findMany({
    where: { OR: [{ answerSetId: id }, { answerSetId: null, canarySetId, role, name }] },
  });
  for (const job of jobs) {
    await tx.canaryAskLine.deleteMany({ where: { jobId: job.id } });
    const parameters = askParametersSchema.parse(job.parameters);
    await tx.canaryAskJob.update({
      where: { id: job.id },
      data: {
        name: redactionMark,
        model: redactionMark,
        parameters: {
          ...parameters,
          family: null,
          base: null,
          vendor: null,
          corpus: null,
        } as Prisma.InputJsonObject,
        ...(job.finishedAt === null ? { state: "cancelled", finishedAt: new Date() } : {}),
      },
    });
  }
}

/** The items that one reveal opened, with their images. That they were revealed stays. */
export async function eraseReveal(
  tx: Transaction,
  at: { readonly setId: string; readonly batch: number },
  redactionId: string,
): Promise<ErasedOfSet> {
  const set = await tx.canarySet.findUnique({ where: { setId: at.setId } });
  if (set === null) return nothing;
  const rows = await tx.canaryReveal.findMany({
    where: { canarySetId: set.id, batch: at.batch },
    select: { index: true, imageSha256: true },
  });
  for (const { index } of rows)
    await tx.canaryReveal.update({
      where: { canarySetId_index: { canarySetId: set.id, index } },
      data: {
        opening: redactionMark,
        itemId: `${redactionMark} ${index}`,
        imageSha256: null,
        redactionId,
      },
    });
  const blobs: string[] = await resultsOf(tx, { canarySetId: set.id });
  for (const { imageSha256 } of rows)
    if (imageSha256 !== null && (await tx.canaryReveal.count({ where: { imageSha256 } })) === 0)
      blobs.push(imageSha256);
  return { paths: pathsOf(set), blobs: [...new Set(blobs)] };
}

/** A result with everything it was computed from. */
export async function eraseJudgement(
  tx: Transaction,
  judgementId: string,
  redactionId: string,
): Promise<ErasedOfSet> {
  const row = await tx.canaryJudgement.findUnique({ where: { id: judgementId }, include: { set: true } });
  if (row === null) return nothing;
  await tx.canaryJudgement.update({ where: { id: judgementId }, data: { redactionId } });
  return {
    paths: [...pathsOf(row.set), `/canaries/${row.set.setId}/judgements/${judgementId}`],
    blobs: await resultsOf(tx, { id: judgementId }),
  };
}

/** Files of results that repeat the words: they can be computed again from what is left. */
async function resultsOf(tx: Transaction, where: Prisma.CanaryJudgementWhereInput): Promise<string[]> {
  const rows = await tx.canaryJudgement.findMany({ where, select: { resultBlob: true, bundleBlob: true } });
  return rows.flatMap(({ resultBlob, bundleBlob }) => [resultBlob, bundleBlob]);
}
