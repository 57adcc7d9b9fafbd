import { type RecalledVersions, recalledAmong, recalledVersions } from "@/lib/cases/server";
import type { ResultDocument } from "@/lib/engine/result/document";
import { redactedDocument } from "@/lib/ledger";
import type { Context } from "@/lib/platform/context";
import type { Prisma } from "@/lib/platform/database/generated/client";
import { accessFields, accessOf } from "./access";
import type { RunInputDto, RunPageDto, RunProgressDto, RunResultDto, RunRowDto } from "./dto";
import { resultDates } from "./first-captures";
import { mayCancelRun, mayQueueRun, maySeeCaseRuns } from "./policy";
import { reproduceLines } from "./reproduce-lines";
import { type RunRole, runFailureSchema, runParametersSchema, runProgressSchema, runRoles } from "./schema";
import { hasEnded } from "./state";

const progressFields = {
  id: true,
  state: true,
  progress: true,
  attempt: true,
  failure: true,
  cancelRequestedAt: true,
  createdAt: true,
  caseId: true,
  result: { select: { digest: true } },
} satisfies Prisma.RunSelect;

type ProgressRow = Prisma.RunGetPayload<{ select: typeof progressFields }>;
type CaseRow = Prisma.CaseGetPayload<{ select: typeof accessFields }>;
type QueryContext = Pick<Context, "db" | "viewer" | "settings" | "clock" | "sources">;

/** Everything a run's page shows; null when there is no such run or the viewer may not know of it. */
export async function runPage(ctx: QueryContext, runId: string): Promise<RunPageDto | null> {
  const run = await ctx.db.run.findUnique({
    where: { id: runId },
    include: {
      case: { select: accessFields },
      check: true,
      result: { include: { redaction: { select: { reason: true, erasedAt: true } } } },
      inputs: { include: { release: true } },
    },
  });
  if (run === null || !visible(ctx, run)) return null;
  const facts = run.case === null ? null : accessOf(run.case);
  const [claim, reruns, progress, recalled] = await Promise.all([
    run.claimId === null
      ? null
      : ctx.db.claim.findUnique({
          where: { id: run.claimId },
          select: { id: true, number: true, kind: true, method: true },
        }),
    ctx.db.run.findMany({
      where: { rerunOfId: run.id },
      orderBy: { createdAt: "asc" },
      select: { id: true, state: true, result: { select: { digest: true } } },
    }),
    progressDto(ctx, run),
    recalledVersions(ctx.db),
  ]);
  return {
    ...progress,
    kind: run.case === null ? "check" : "case",
    case:
      run.case === null || run.case.publicId === null
        ? null
        : { id: run.case.id, publicId: run.case.publicId, state: run.case.state },
    claim,
    check:
      run.check === null
        ? null
        : { id: run.check.id, createdAt: run.check.createdAt, expiresAt: run.check.expiresAt },
    parameters: runParametersSchema.parse(run.parameters),
    inputs: inputsDto(run.inputs),
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    rerunOf: run.rerunOfId,
    reruns: reruns.map((again) => ({
      id: again.id,
      state: again.state,
      digest: again.result?.digest ?? null,
    })),
    result:
      run.result === null
        ? null
        : await resultDto(
            ctx,
            run.result,
            run.inputs,
            { origin: ctx.settings.publicOrigin, hfEndpoint: ctx.sources.hf.endpoint },
            recalled,
          ),
    redaction: run.result?.redaction
      ? {
          at: (run.result.redaction.erasedAt ?? run.result.createdAt).toISOString(),
          reason: run.result.redaction.reason,
        }
      : null,
    may: {
      cancel: run.cancelRequestedAt === null && mayCancelRun(ctx.viewer, run),
      rerun: facts !== null && hasEnded(run.state) && mayQueueRun(ctx.viewer, facts) === "yes",
    },
  };
}

/** The run of a look-up, until its 30 days are over. */
export async function checkPage(ctx: QueryContext, checkId: string): Promise<RunPageDto | null> {
  const check = await ctx.db.check.findUnique({
    where: { id: checkId },
    select: { runId: true, expiresAt: true },
  });
  if (check === null || check.expiresAt <= ctx.clock.now()) return null;
  return runPage(ctx, check.runId);
}

/** Where a run stands now: what the progress stream sends. */
export async function runProgress(ctx: QueryContext, runId: string): Promise<RunProgressDto | null> {
  const run = await ctx.db.run.findUnique({
    where: { id: runId },
    select: { ...progressFields, case: { select: accessFields }, check: { select: { expiresAt: true } } },
  });
  return run === null || !visible(ctx, run) ? null : progressDto(ctx, run);
}

/** Runs of a case, newest first. The caller has decided that the viewer may see the case. */
export async function runsOfCase(ctx: QueryContext, caseId: string): Promise<RunRowDto[]> {
  const runs = await ctx.db.run.findMany({
    where: { caseId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: 200,
    select: {
      ...progressFields,
      claimId: true,
      parameters: true,
      finishedAt: true,
      rerunOfId: true,
      result: { select: { digest: true, document: true } },
    },
  });
  const recalled = await recalledVersions(ctx.db);
  return Promise.all(
    runs.map(async (run) => {
      const document = run.result === null ? null : parseDocument(run.result.document);
      const used = (document?.methods ?? []).map(({ method, version }) => `${method}@${version}`);
      return {
        ...(await progressDto(ctx, run)),
        claimId: run.claimId,
        methods: runParametersSchema.parse(run.parameters).methods,
        createdAt: run.createdAt,
        finishedAt: run.finishedAt,
        rerunOf: run.rerunOfId,
        relation: document?.summary.relation ?? null,
        notIndependent: document?.summary.notIndependent ?? null,
        recalled: recalledAmong(used, recalled),
        says: (document?.methods ?? []).map(({ method, says }) => ({ method, says })),
      };
    }),
  );
}

/** What the result route and the capsule route serve; null when absent or not for this viewer. */
export async function storedResult(ctx: QueryContext, runId: string) {
  const run = await ctx.db.run.findUnique({
    where: { id: runId },
    select: { result: true, case: { select: accessFields }, check: { select: { expiresAt: true } } },
  });
  return run === null || !visible(ctx, run) || run.result?.document === redactedDocument ? null : run.result;
}

function visible(
  ctx: QueryContext,
  run: { readonly case: CaseRow | null; readonly check: { readonly expiresAt: Date } | null },
): boolean {
  if (run.case !== null) return maySeeCaseRuns(ctx.viewer, accessOf(run.case));
  return run.check !== null && run.check.expiresAt > ctx.clock.now();
}

async function progressDto(ctx: QueryContext, run: ProgressRow): Promise<RunProgressDto> {
  return {
    id: run.id,
    state: run.state,
    ended: hasEnded(run.state),
    progress: run.progress === null ? null : runProgressSchema.parse(run.progress),
    attempts: run.attempt,
    cancelRequested: run.cancelRequestedAt !== null,
    failure: run.failure === null ? null : runFailureSchema.parse(run.failure),
    digest: run.result?.digest ?? null,
    waitingBefore:
      run.state === "queued"
        ? await ctx.db.run.count({ where: { state: "queued", createdAt: { lt: run.createdAt } } })
        : null,
  };
}

function inputsDto(
  rows: readonly {
    readonly role: string;
    readonly position: number;
    readonly kind: string | null;
    readonly releaseId: string;
    readonly release: { readonly source: string; readonly repository: string; readonly commit: string };
  }[],
): RunInputDto[] {
  return rows
    .map((row) => {
      const source = row.release.source === "github" ? ("github" as const) : ("hf" as const);
      return {
        role: row.role as RunRole,
        position: row.position,
        kind: row.kind === "initialisation" ? ("initialisation" as const) : null,
        releaseId: row.releaseId,
        source,
        repository: row.release.repository,
        commit: row.release.commit,
        spec: `${source}:${row.release.repository}@${row.release.commit}`,
      };
    })
    .sort((a, b) => runRoles.indexOf(a.role) - runRoles.indexOf(b.role) || a.position - b.position);
}

async function resultDto(
  ctx: Pick<QueryContext, "db">,
  row: {
    readonly runId: string;
    readonly digest: string;
    readonly document: string;
    readonly capsuleSha256: string;
    readonly capsuleSize: number;
    readonly build: string;
    readonly createdAt: Date;
  },
  inputs: readonly { readonly role: string; readonly releaseId: string }[],
  at: { readonly origin: string; readonly hfEndpoint: string },
  recalled: RecalledVersions,
): Promise<RunResultDto | null> {
  const document = parseDocument(row.document);
  if (document === null) return null;
  const used = document.methods.map(({ method, version }) => `${method}@${version}`);
  return {
    digest: row.digest,
    dates: await resultDates(ctx.db, inputs, document.summary.dates),
    document,
    recalled: recalledAmong(used, recalled),
    documentJson: row.document,
    capsule: { sha256: row.capsuleSha256, size: row.capsuleSize, path: `/api/v1/runs/${row.runId}/capsule` },
    build: { sha256: row.build, path: `/cli/${row.build}.mjs` },
    createdAt: row.createdAt,
    reproduce: reproduceLines({ ...at, runId: row.runId, build: row.build }),
  };
}

/** Only the engine writes these documents, in an append-only table: their shape was checked when they came in. */
function parseDocument(text: string): ResultDocument | null {
  return text === redactedDocument ? null : (JSON.parse(text) as ResultDocument);
}
