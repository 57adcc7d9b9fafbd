import { type RecalledVersions, recalledAmong, recalledVersions } from "@/lib/cases/server";
import { type BundledAnswers, type CanaryBundle, parseBundle } from "@/lib/engine/canary/bundle";
import { canaryJudgeAbout, canaryResultSchema, type Judgement } from "@/lib/engine/canary/judge";
import type { Context } from "@/lib/platform/context";
import type { CanaryJudgement, Prisma } from "@/lib/platform/database/generated/client";
import { hasEnded } from "@/lib/platform/jobs/job-state";
import { jobFailureSchema } from "../job/failure";
import type { AuthenticityReason } from "./authenticity";
import type { JudgedAnswersDto, JudgementDto, JudgementRowDto } from "./dto";
import { judgeProgressSchema } from "./schema";

type QueryContext = Pick<Context, "db" | "blobs" | "settings">;

const withJudged = {
  set: { select: { setId: true } },
  suspect: { select: { id: true, name: true } },
  judgement: true,
} satisfies Prisma.CanaryJudgeJobInclude;

/** A judging with what came of it; null when there is none. */
export async function judgement(ctx: QueryContext, id: string): Promise<JudgementDto | null> {
  const row = await ctx.db.canaryJudgeJob.findUnique({ where: { id }, include: withJudged });
  if (row === null) return null;
  return {
    id: row.id,
    setId: row.set.setId,
    state: row.state,
    ended: hasEnded(row.state),
    progress: row.progress === null ? null : judgeProgressSchema.parse(row.progress),
    attempts: row.attempt,
    failure: row.failure === null ? null : jobFailureSchema.parse(row.failure),
    suspect: row.suspect,
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
    judged: row.judgement === null ? null : await judgedOf(ctx, row.judgement),
  };
}

/** Judgings of a set's answers, newest first. */
export async function judgementsOfSet(
  ctx: Pick<QueryContext, "db">,
  setId: string,
): Promise<JudgementRowDto[]> {
  const rows = await ctx.db.canaryJudgeJob.findMany({
    where: { set: { setId } },
    include: withJudged,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: 200,
  });
  const recalled = await recalledVersions(ctx.db);
  return rows.map((row) => {
    const struck = row.judgement === null ? [] : recalledJudge(row.judgement, recalled);
    return {
      id: row.id,
      setId: row.set.setId,
      suspect: row.suspect,
      state: row.state,
      says: (row.judgement?.says as Judgement["says"] | undefined) ?? null,
      movesFinding: row.judgement === null ? null : row.judgement.movesFinding && struck.length === 0,
      recalled: struck,
      digest: row.judgement?.digest ?? null,
      createdAt: row.createdAt,
    };
  });
}

/** The file from which a judgement follows; null when there is none, or it was redacted. */
export async function canaryBundle(
  ctx: Pick<QueryContext, "db" | "blobs">,
  id: string,
): Promise<{
  readonly sha256: string;
  readonly size: number;
  readonly stream: ReadableStream<Uint8Array>;
} | null> {
  const job = await ctx.db.canaryJudgeJob.findUnique({ where: { id }, include: { judgement: true } });
  const row = job?.judgement ?? null;
  if (row === null || row.redactionId !== null) return null;
  const stream = await ctx.blobs.stream(row.bundleBlob);
  return stream === null ? null : { sha256: row.bundleBlob, size: row.bundleSize, stream };
}

async function judgedOf(ctx: QueryContext, row: CanaryJudgement): Promise<JudgementDto["judged"]> {
  if (row.redactionId !== null) return null;
  const [result, bundle] = await Promise.all([ctx.blobs.get(row.resultBlob), ctx.blobs.get(row.bundleBlob)]);
  if (result === null || bundle === null) return null;
  const told = parseBundle(bundle);
  const entry = await ctx.db.logEntry.findUnique({
    where: { dedupKey: `verify:${row.id}` },
    select: { index: true },
  });
  const path = `/api/v1/canary-judgements/${row.id}/bundle`;
  return {
    judgementId: row.id,
    result: canaryResultSchema.parse(JSON.parse(Buffer.from(result).toString("utf8"))),
    recalled: recalledJudge(row, await recalledVersions(ctx.db)),
    digest: row.digest,
    original: answersDto(told.original),
    suspect: answersDto(told.suspect),
    references: told.references.map(answersDto),
    leftOut: told.leftOut,
    bundle: { sha256: row.bundleBlob, size: row.bundleSize, path },
    build: row.build === null ? null : { sha256: row.build, path: `/cli/${row.build}.mjs` },
    entry: entry === null ? null : Number(entry.index),
    reproduce: reproduceLines(ctx.settings.publicOrigin, row, path),
  };
}

/** The lines a stranger types: the very engine that judged, by its SHA-256, and the file, by its own. */
function reproduceLines(origin: string, row: CanaryJudgement, path: string): string[] {
  const file = `${row.id}.json`;
  const fetchBundle = `curl -fsSL -o ${file} ${origin}${path} && echo "${row.bundleBlob}  ${file}" | sha256sum -c`;
  if (row.build === null) return [fetchBundle, `npx --no-install slipmark canary score --bundle ${file}`];
  const engine = `slipmark-${row.build.slice(0, 12)}.mjs`;
  return [
    `curl -fsSL -o ${engine} ${origin}/cli/${row.build}.mjs && echo "${row.build}  ${engine}" | sha256sum -c`,
    fetchBundle,
    `node ${engine} canary score --bundle ${file}`,
  ];
}

const answersDto = (answers: BundledAnswers | CanaryBundle["suspect"]): JudgedAnswersDto => ({
  id: answers.id ?? "",
  name: answers.name,
  authenticity: answers.authenticity,
  authenticityReasons: answers.authenticityReasons as readonly AuthenticityReason[],
});

const recalledJudge = ({ version }: Pick<CanaryJudgement, "version">, recalled: RecalledVersions) =>
  recalledAmong([`${canaryJudgeAbout.id}@${version}`], recalled);
