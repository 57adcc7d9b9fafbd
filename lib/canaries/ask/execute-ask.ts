import { CanaryError, parseTerms } from "@/lib/engine/canary";
import { formatAnswers, lineOf, type TranscriptSummary } from "@/lib/engine/canary/transcript";
import { EngineError } from "@/lib/engine/errors";
import type { AskAdapter, Patience } from "@/lib/engine/io/ask/adapter";
import { ask } from "@/lib/engine/io/ask/ask";
import { chatEndpoint } from "@/lib/engine/io/ask/chat-endpoint";
import { transcriptHeader } from "@/lib/engine/io/ask/header";
import { createLocalBudget } from "@/lib/engine/io/net/request-budget";
import type { Context } from "@/lib/platform/context";
import type { Prisma } from "@/lib/platform/database/generated/client";
import { AppError } from "@/lib/platform/errors";
import { passing } from "@/lib/platform/jobs/passing";
import type { JobWatch, LifeSigns } from "@/lib/platform/jobs/watch-job";
import { type ClaimedJob, type JobFailure, moveJob } from "../job/claimed-job";
import { failAbandonedJob, runClaimed } from "../job/run-claimed";
import { recordAnswers } from "../record-answers";
import { mostTranscriptBytes } from "../schema";
import { forgetLines, keepHeader, keepLine, readLines, transcriptOf } from "./kept-lines";
import { askKind } from "./kind";
import { imageReader, openItems } from "./open-items";
import { type AskParameters, type AskProgress, askParametersSchema } from "./schema";

export interface ExecuteAskOptions {
  /** The key of an operator's endpoint, out of the environment, when it is needed. */
  readonly keyOf: (name: string) => string | null;
  /** Attempts at an endpoint that does not answer, before the questioning fails. */
  readonly maxAttempts: number;
  /** Aborts when the worker stops or the queue took the job away: it goes back to the queue. */
  readonly signal: AbortSignal;
  readonly onNotify: LifeSigns<AskProgress>["onNotify"];
  readonly patience?: Partial<Patience>;
}

type AskJob = Prisma.CanaryAskJobGetPayload<{ include: { set: true; release: true } }>;

/**
 * Takes a queued questioning (or one whose worker died), asks what has not been asked yet, and records the answers as
 * this instance's. "again": the queue is to hand it out once more.
 */
export async function executeAsk(
  ctx: Context,
  jobId: string,
  options: ExecuteAskOptions,
): Promise<"done" | "again"> {
  return runClaimed<AskProgress>(ctx, jobId, {
    kind: askKind,
    signal: options.signal,
    onNotify: options.onNotify,
    async work(claimed, watch) {
      const job = await ctx.db.canaryAskJob.findUniqueOrThrow({
        where: { id: jobId },
        include: { set: true, release: true },
      });
      const summary = await question(ctx, job, claimed, { ...options, watch });
      watch.onProgress({ phase: "storing", done: summary.calls, total: summary.calls });
      await store(ctx, job, claimed, summary);
    },
    failureOf,
    mayTryAgain: ({ code }, { attempt }) => passing.has(code) && attempt < options.maxAttempts,
    afterEnd: () => forgetLines(ctx.db, jobId),
  });
}

/** The queue gave up: its workers died again and again. What was asked goes with it. */
export async function failAbandonedAsk(ctx: Context, jobId: string): Promise<void> {
  await failAbandonedJob(ctx, askKind, jobId);
  await forgetLines(ctx.db, jobId);
}

async function question(
  ctx: Context,
  job: AskJob,
  claimed: ClaimedJob,
  options: ExecuteAskOptions & { readonly watch: JobWatch<AskProgress> },
): Promise<TranscriptSummary> {
  const { watch } = options;
  const terms = parseTerms(job.set.terms);
  const parameters = askParametersSchema.parse(job.parameters);
  const open = await openItems(ctx.db, job.set, parameters.batch ?? undefined);
  const items = open.map(({ item }) => item);
  const adapter = adapterOf(ctx, job, parameters, options);
  const kept = await readLines(ctx.db, job.id);
  const header =
    kept?.header ??
    transcriptHeader(adapter, items, {
      setId: job.set.setId,
      weights: job.weights,
      engine: parameters.engine,
      engineVersion: parameters.engineVersion,
      quantisation: parameters.quantisation,
      prompt: terms.prompt,
      extractor: terms.extractor,
      repeats: terms.repeats,
      startedAt: ctx.clock.now(),
    });
  if (kept === null) await keepHeader(ctx.db, claimed, header);
  let bytes = kept?.bytes ?? Buffer.byteLength(lineOf(header).text) + 1;
  return ask({
    header,
    items,
    adapter,
    image: imageReader(ctx),
    done: kept?.calls ?? [],
    budget: parameters.budget,
    signal: watch.signal,
    now: () => ctx.clock.now(),
    onProgress: ({ done, total, waitingMs }) =>
      watch.onProgress({ phase: waitingMs === undefined ? "asking" : "waiting", done, total }),
    async onCall(call, line) {
      bytes += Buffer.byteLength(line) + 1;
      if (bytes > mostTranscriptBytes) throw new TranscriptTooLarge();
      await keepLine(ctx.db, claimed, call.n, line);
    },
  });
}

class TranscriptTooLarge extends Error {
  override readonly name = "TranscriptTooLarge";
}

/** The endpoint, behind the budget that all workers and sites of this instance share. */
function adapterOf(
  ctx: Context,
  job: AskJob,
  { operated, request }: AskParameters,
  { keyOf, patience }: ExecuteAskOptions,
): AskAdapter {
  const adapter = chatEndpoint({
    url: job.endpoint,
    model: job.model,
    key: operated === null ? null : keyOf(operated),
    parameters: request,
    // Where the operator's own endpoints lie is theirs to choose; nobody else's word leads into the house.
    trusted: operated !== null,
    ...(patience === undefined ? {} : { patience }),
  });
  const budget = ctx.sources.budget ?? createLocalBudget();
  const { host } = new URL(job.endpoint);
  return {
    ...adapter,
    // The address of an endpoint inside the house is not published.
    endpoint: operated === null ? adapter.endpoint : operatedName(operated),
    async send(asked, item, image, signal) {
      await budget.acquire(host, signal);
      return adapter.send(asked, item, image, signal);
    },
  };
}

/** How the header of a transcript names an endpoint of this instance's operator. */
const operatedName = (name: string): string => `operator:${name}`;

async function store(ctx: Context, job: AskJob, claimed: ClaimedJob, summary: TranscriptSummary) {
  const { family, base, vendor, corpus, confirms } = askParametersSchema.parse(job.parameters);
  const answers = formatAnswers(
    summary.answers.map(({ id, answer, stable }) => ({ id, answer, ...(stable ? {} : { unstable: true }) })),
  );
  const { release } = job;
  const { id } = await recordAnswers(
    ctx,
    {
      setId: job.set.setId,
      role: job.role as "original" | "suspect" | "reference",
      name: job.name,
      adapter: "openai-chat",
      transcriptRoot: summary.root,
      calls: summary.calls,
      ...(release === null ? {} : { release: `${release.source}:${release.repository}@${release.commit}` }),
      ...(job.weights === null ? {} : { weights: job.weights }),
      ...(family === null ? {} : { family }),
      ...(base === null ? {} : { base }),
      ...(vendor === null ? {} : { vendor }),
      ...(corpus === null ? {} : { corpus }),
      ...(confirms === null ? {} : { confirms }),
      answers: Buffer.from(answers, "utf8"),
      transcript: await transcriptOf(ctx.db, job.id),
    },
    { byInstance: true },
  );
  // Had this worker died in between, the next one would record the same answers again, which is the same set.
  await ctx.db.$transaction(async (tx) => {
    if (!(await moveJob(ctx, tx, askKind, claimed, "finish"))) return;
    await tx.canaryAskJob.update({ where: { id: job.id }, data: { answerSetId: id } });
    await forgetLines(tx, job.id);
  });
}

/**
 * What the page is told. The engine's sentences stay here: they may name an address inside the house, or what an
 * endpoint said.
 */
function failureOf(error: unknown): JobFailure {
  if (error instanceof TranscriptTooLarge)
    return { code: "transcript-too-large", detail: { limit: mostTranscriptBytes } };
  if (error instanceof CanaryError) return { code: error.code, detail: {} };
  if (error instanceof AppError) return { code: "not-recorded", detail: {} };
  if (!(error instanceof EngineError)) return { code: "internal", detail: {} };
  if (error.code === "too-large") return { code: "budget-spent", detail: numbersOf(error.detail) };
  if (error.code === "bad-input") return { code: "endpoint-unusable", detail: {} };
  return { code: error.code, detail: numbersOf(error.detail) };
}

function numbersOf(detail: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(detail).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}
