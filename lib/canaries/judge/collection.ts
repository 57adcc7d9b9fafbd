import { normalise } from "@/lib/engine/canary/normalise";
import { parseAnswers, parseHeaderLine } from "@/lib/engine/canary/transcript";
import type { Context } from "@/lib/platform/context";
import type { CanaryAnswerSet, CanarySet } from "@/lib/platform/database/generated/client";
import { askParametersSchema } from "../ask/schema";
import { isConnected } from "../connected";
import { loggedStep } from "../log-steps";
import { isPinned } from "../pinned";
import { authenticityOf, authenticityOfOriginal, type Collection, type Judged } from "./authenticity";
import { isBeforeReveal } from "./before-reveal";

type Reader = Pick<Context, "db" | "blobs">;

/**
 * What an answer set is worth now, out of what stands in the log: decided again for each judgement, because a second
 * collector may have come, and never taken from whoever handed the answers in. `compare`: whether it may depend on what
 * two collections have in common, which would let anybody feel their way to answers that nobody may read yet.
 */
export async function judgedAuthenticity(
  ctx: Reader,
  set: CanarySet,
  row: CanaryAnswerSet,
  { compare = true } = {},
): Promise<Judged> {
  const one = await collectionOf(ctx, set, row);
  const alone = authenticityOf(one, null);
  if (alone.class !== "claimed") return alone;
  const others = await ctx.db.canaryAnswerSet.findMany({
    where: {
      canarySetId: set.id,
      redactionId: null,
      OR: [{ confirmsId: row.id }, ...(row.confirmsId === null ? [] : [{ id: row.confirmsId }])],
    },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  if (!compare && others.length > 0) {
    const reasons = alone.reasons.filter((one) => one !== "no-second-collector");
    return { class: alone.class, reasons: [...reasons, "compared-after-reveal"] };
  }
  let best: Judged = alone;
  for (const other of others) {
    const second = await collectionOf(ctx, set, other);
    const told = { ...second, agreement: await agreementOf(ctx, row, other) };
    best = row.role === "original" ? authenticityOfOriginal(one, told) : authenticityOf(one, told);
    if (best.class !== "claimed") break;
  }
  return best;
}

async function collectionOf(ctx: Reader, set: CanarySet, row: CanaryAnswerSet): Promise<Collection> {
  const { db } = ctx;
  const job = row.collectorId === null ? await askedBy(ctx, row.id) : null;
  const operated = job?.operated ?? false;
  // An endpoint that the author had this instance ask may be the author's own.
  const whose = row.collectorId ?? (operated ? null : (job?.requestedById ?? null));
  const header = await headerOf(ctx, row.transcriptBlob);
  const responses = await loggedStep(db, `responses:${row.id}`);
  return {
    collectorId: row.collectorId,
    connected: whose !== null && (await isConnected(db, set, whose)),
    transcript: row.transcriptRoot !== null && row.transcriptBlob !== null,
    endpoint: header?.endpoint ?? null,
    model: header?.model ?? null,
    operated,
    weights: row.weights ?? (row.releaseId === null ? null : `release:${row.releaseId}`),
    pinned: await isPinned(db, row, responses?.cites ?? null),
    beforeReveal: await isBeforeReveal(db, set, row.id),
  };
}

async function askedBy({ db }: Pick<Context, "db">, answerSetId: string) {
  const job = await db.canaryAskJob.findFirst({
    where: { answerSetId },
    orderBy: { createdAt: "asc" },
    select: { parameters: true, requestedById: true },
  });
  if (job === null) return null;
  const { operated } = askParametersSchema.parse(job.parameters);
  return { operated: operated !== null, requestedById: job.requestedById };
}

/** Longest header: a line holds the parameters of a request and the prompt's template. */
const longestHeader = 128 * 1024;

/** The header of a kept transcript; null without one. It was checked whole when it came. */
async function headerOf({ blobs }: Pick<Context, "blobs">, sha256: string | null) {
  const stream = sha256 === null ? null : await blobs.stream(sha256);
  if (stream === null) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const end = chunk.indexOf(0x0a);
    chunks.push(end < 0 ? chunk : chunk.subarray(0, end));
    size += chunk.length;
    if (end >= 0) return parseHeaderLine(Buffer.concat(chunks));
    if (size > longestHeader) return null;
  }
  return null;
}

/** Items that both have answered, and on how many of them their answers are the same. */
async function agreementOf(ctx: Reader, one: CanaryAnswerSet, other: CanaryAnswerSet) {
  const [first, second] = await Promise.all([answersOf(ctx, one), answersOf(ctx, other)]);
  let both = 0;
  let same = 0;
  for (const [id, answer] of first) {
    const their = second.get(id) ?? "";
    if (answer === "" || their === "") continue;
    both += 1;
    if (answer === their) same += 1;
  }
  return { both, same };
}

async function answersOf({ blobs }: Pick<Context, "blobs">, row: CanaryAnswerSet) {
  const bytes = await blobs.get(row.answersBlob);
  if (bytes === null) throw new Error(`the answers of ${row.id} are not in the blob store`);
  return new Map(parseAnswers(bytes).map(({ id, answer }) => [id, normalise(answer)]));
}
