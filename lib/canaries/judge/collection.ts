import { normalise } from "@/lib/engine/canary/normalise";
import { parseAnswers, parseHeaderLine } from "@/lib/engine/canary/transcript";
import type { Context } from "@/lib/platform/context";
import type { CanaryAnswerSet, CanarySet, Prisma } from "@/lib/platform/database/generated/client";
import { askParametersSchema } from "../ask/schema";
import { shareNamespace, standingOf } from "../independent";
import { loggedStep } from "../log-steps";
import { isPinned } from "../pinned";
import {
  type Agreement,
  type AuthenticityReason,
  authenticityOf,
  type Collection,
  type Judged,
  type Other,
} from "./authenticity";
import { type PublicItems, publicItems, transcriptOf } from "./questions";

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
  const scope = scopeOf(ctx, set);
  const one = await collectionOf(scope, row);
  const of = { role: row.role, labels: set.kind === "random-label" };
  const others: Other[] = [];
  for (const other of await othersOf(scope, row))
    others.push({
      ...(await collectionOf(scope, other)),
      agreement: compare ? await agreementOf(scope, row, other) : notCompared,
      samePerson: await isSamePerson(scope, row, other),
    });
  const judged = authenticityOf(one, others, of);
  if (compare) return judged;
  const told = (reason: AuthenticityReason) =>
    reason === "too-few-to-compare" ? "compared-after-reveal" : reason;
  return { class: judged.class, reasons: judged.reasons.map(told) };
}

/** As if they had nothing in common, and nothing that differs. */
const notCompared: Agreement = { both: 0, same: 0, decisive: 0, decisiveSame: 0 };

/** What is read of a set for one page or one judgement, each thing once. */
interface Scope extends Reader {
  readonly set: CanarySet;
  readonly items: Promise<PublicItems | null>;
  readonly collections: Map<string, Promise<Collection>>;
  readonly answers: Map<string, Promise<ReadonlyMap<string, string>>>;
}
const scopes = new WeakMap<CanarySet, Scope>();

/** By the set as it was read from the table: whoever reads it anew looks anew. */
function scopeOf({ db, blobs }: Reader, set: CanarySet): Scope {
  const known = scopes.get(set);
  if (known !== undefined) return known;
  const items = publicItems({ db, blobs }, set);
  const scope = { db, blobs, set, items, collections: new Map(), answers: new Map() };
  scopes.set(set, scope);
  return scope;
}

/** Most other collections that one is held against. */
const mostOthers = 1000;

/**
 * Whatever else may be of the same model: of the same weights or release, under whatever name and role; linked by who
 * registered it; and where no weights are named, of nameless weights too. What of it counts is seen one by one.
 */
async function othersOf({ db, set }: Scope, row: CanaryAnswerSet): Promise<CanaryAnswerSet[]> {
  const { weights, releaseId, confirmsId } = row;
  const alike: Prisma.CanaryAnswerSetWhereInput[] = [{ confirmsId: row.id }];
  if (confirmsId !== null) alike.push({ id: confirmsId }, { confirmsId });
  if (weights !== null) alike.push({ weights });
  if (releaseId !== null) alike.push({ releaseId });
  if (weights === null && releaseId === null) alike.push({ weights: null, releaseId: null });
  return db.canaryAnswerSet.findMany({
    where: {
      canarySetId: set.id,
      id: { not: row.id },
      redactionId: null,
      transcriptBlob: { not: null },
      OR: alike,
    },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: mostOthers,
  });
}

function collectionOf(scope: Scope, row: CanaryAnswerSet): Promise<Collection> {
  const known = scope.collections.get(row.id) ?? readCollection(scope, row);
  scope.collections.set(row.id, known);
  return known;
}

async function readCollection(scope: Scope, row: CanaryAnswerSet): Promise<Collection> {
  const { db, set } = scope;
  const job = row.collectorId === null ? await askedBy(scope, row.id) : null;
  const operated = job?.operated ?? false;
  // An endpoint that the author had this instance ask may be the author's own.
  const whose = row.collectorId ?? (operated ? null : (job?.requestedById ?? null));
  const header = await headerOf(scope, row.transcriptBlob);
  const responses = await loggedStep(db, `responses:${row.id}`);
  const items = await scope.items;
  const kept = row.transcriptRoot === null || row.transcriptBlob === null ? "none" : "whole";
  return {
    collectorId: row.collectorId,
    standing: whose === null ? "independent" : await standingOf(db, set, whose),
    transcript: items === null ? kept : await transcriptOf(scope, row, items),
    endpoint: header?.endpoint ?? null,
    model: header?.model ?? null,
    operated,
    weights: row.weights,
    releaseId: row.releaseId,
    pinned: await isPinned(db, row, responses?.cites ?? null),
    // Nobody can have answered what a generator draws before the draw was public (recordAnswers).
    promptsPublic: set.kind === "generator",
  };
}

async function isSamePerson({ db }: Scope, one: CanaryAnswerSet, other: CanaryAnswerSet): Promise<boolean> {
  if (one.collectorId === other.collectorId) return true;
  return shareNamespace(db, one.collectorId, other.collectorId);
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

async function agreementOf(scope: Scope, one: CanaryAnswerSet, other: CanaryAnswerSet): Promise<Agreement> {
  const [first, second, items] = await Promise.all([
    answersOf(scope, one),
    answersOf(scope, other),
    scope.items,
  ]);
  const labels = scope.set.kind === "random-label";
  const found = { both: 0, same: 0, decisive: 0, decisiveSame: 0 };
  for (const id of new Set([...first.keys(), ...second.keys()])) {
    const [answer, their] = [first.get(id) ?? "", second.get(id) ?? ""];
    const answered = answer !== "" && their !== "";
    const truth = normalise(items?.truths.get(id) ?? "");
    // A drawn label makes a hit; of items with a truth the mistakes make the case.
    const decides = (given: string) => truth !== "" && (given === truth) === labels;
    const same = answer === their;
    // A drawn label beside a blank is a hit that only one of both has seen.
    const decisive = (labels || answered) && (decides(answer) || decides(their));
    if (answered) found.both += 1;
    if (answered && same) found.same += 1;
    if (decisive) found.decisive += 1;
    if (decisive && same) found.decisiveSame += 1;
  }
  return found;
}

function answersOf(scope: Scope, row: CanaryAnswerSet): Promise<ReadonlyMap<string, string>> {
  const known = scope.answers.get(row.id) ?? readAnswers(scope, row);
  scope.answers.set(row.id, known);
  return known;
}

async function readAnswers({ blobs }: Scope, row: CanaryAnswerSet): Promise<ReadonlyMap<string, string>> {
  const bytes = await blobs.get(row.answersBlob);
  if (bytes === null) throw new Error(`the answers of ${row.id} are not in the blob store`);
  return new Map(parseAnswers(bytes).map(({ id, answer }) => [id, normalise(answer)]));
}
