import { canonicalJson } from "@/lib/engine/formats/canonical-json";
import { entryLinesAbout } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { afterPosition, newestFirst, type Position, pageOf } from "@/lib/platform/cursor";
import { type ReleaseRow, recordedCaptureDtos, releaseDto } from "./captures";
import type { CommitmentDto, ModelPageDto, ModelRowDto, Page } from "./dto";
import { checkpointsOf, fingerprintJobsOf, weightFingerprintsOf } from "./fingerprints";
import { publicCasesOf } from "./release-page";
import {
  type ListModelsInput,
  listModelsSchema,
  modelIdSchema,
  supersedeReasons,
  tensorSummarySchema,
} from "./schema";
import { modelsMatching } from "./search-models";

const perPage = 20;
const rowInclude = {
  release: true,
  registeredBy: { select: { name: true } },
  capture: { select: { licence: true, tensors: true } },
} as const;

type Reader = Pick<Context, "db">;

/** Registered models, newest first; withdrawn ones stay in the list and say so. */
export async function listModels(ctx: Reader, input: ListModelsInput): Promise<Page<ModelRowDto>> {
  const { q, page } = listModelsSchema.parse(input);
  const where = modelsMatching(q);
  const [total, rows] = await Promise.all([
    ctx.db.model.count({ where }),
    ctx.db.model.findMany({
      where,
      include: rowInclude,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      skip: (page - 1) * perPage,
      take: perPage,
    }),
  ]);
  return { rows: rows.map(rowDto), total, page, pages: Math.max(1, Math.ceil(total / perPage)) };
}

/** The same registrations for scripts, page after page. */
export async function modelsAfter(
  ctx: Reader,
  {
    q,
    cursor,
    limit,
  }: { readonly q: string; readonly cursor?: Position | undefined; readonly limit: number },
): Promise<{ readonly items: readonly ModelRowDto[]; readonly next: string | null }> {
  const found = await ctx.db.model.findMany({
    where: { AND: [modelsMatching(q), afterPosition(cursor)] },
    include: rowInclude,
    orderBy: newestFirst,
    take: limit + 1,
  });
  const { rows, next } = pageOf(found, limit);
  return { items: rows.map(rowDto), next };
}

export async function latestModels(ctx: Reader, count: number): Promise<readonly ModelRowDto[]> {
  const rows = await ctx.db.model.findMany({
    where: { state: "registered" },
    include: rowInclude,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: count,
  });
  return rows.map(rowDto);
}

export async function modelsOfUser(ctx: Reader, userId: string): Promise<readonly ModelRowDto[]> {
  const rows = await ctx.db.model.findMany({
    where: { registeredById: userId },
    include: rowInclude,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  return rows.map(rowDto);
}

/** Everything the page of a registration shows; null when there is none. The same for every viewer: it is public. */
export async function modelPage(ctx: Reader, id: string): Promise<ModelPageDto | null> {
  if (!modelIdSchema.safeParse(id).success) return null;
  const model = await ctx.db.model.findUnique({
    where: { id },
    include: {
      release: true,
      registeredBy: { select: { name: true } },
      redaction: { select: { reason: true, erasedAt: true } },
      capture: { include: { release: true } },
      fingerprints: { orderBy: { createdAt: "asc" } },
      canarySets: { orderBy: { createdAt: "asc" } },
      supersededBy: { select: { id: true, name: true } },
      supersedes: { select: { id: true, name: true, supersededAt: true }, orderBy: { supersededAt: "asc" } },
    },
  });
  if (model === null) return null;
  const [captures, cases, others, entries, weightFingerprints, fingerprintJobs, checkpoints] =
    await Promise.all([
      recordedCaptureDtos(ctx.db, [model.capture]),
      publicCasesOf(ctx, model.releaseId),
      ctx.db.model.findMany({
        where: { releaseId: model.releaseId, id: { not: id } },
        select: { id: true, name: true, createdAt: true },
        orderBy: { createdAt: "asc" },
      }),
      entryLinesAbout(ctx.db, `model:${id}`),
      weightFingerprintsOf(ctx, id),
      fingerprintJobsOf(ctx, id),
      checkpointsOf(ctx, [id]),
    ]);
  const [capture] = captures;
  if (capture === undefined) return null;
  return {
    ...rowDto(model),
    redaction: model.redaction && {
      at: model.redaction.erasedAt ?? model.createdAt,
      reason: model.redaction.reason,
    },
    statement: model.statement,
    withdrawnAt: model.withdrawnAt,
    withdrawReason: model.withdrawReason,
    supersededBy: model.supersededBy && {
      ...model.supersededBy,
      at: model.supersededAt ?? model.createdAt,
      reason: supersedeReasons.find((one) => one === model.supersedeReason) ?? "new-revision",
    },
    supersedes: model.supersedes.map(({ id, name, supersededAt }) => ({
      id,
      name,
      at: supersededAt ?? model.createdAt,
    })),
    capture,
    fingerprints: model.fingerprints.map(({ schema, digest, document, createdAt }) => ({
      schema,
      digest,
      // jsonb does not keep the order of keys; the canonical form is what the digest is of.
      document: canonicalJson(document),
      createdAt,
    })),
    weightFingerprints,
    fingerprintJobs,
    checkpoints,
    commitments: model.canarySets.map(({ createdAt, setId, root, items, kind }) => ({
      setId,
      root,
      items,
      kind: kind as CommitmentDto["kind"],
      createdAt,
    })),
    cases,
    others,
    entries,
  };
}

function rowDto(row: {
  readonly id: string;
  readonly name: string;
  readonly state: "registered" | "withdrawn";
  readonly example: boolean;
  readonly createdAt: Date;
  readonly release: ReleaseRow;
  readonly registeredBy: { readonly name: string | null };
  readonly capture: { readonly licence: string | null; readonly tensors: unknown };
}): ModelRowDto {
  const { id, name, state, example, createdAt } = row;
  return {
    id,
    name,
    state,
    example,
    createdAt,
    release: releaseDto(row.release),
    licence: row.capture.licence,
    parameters: tensorSummarySchema.nullable().parse(row.capture.tensors)?.parameters ?? null,
    registrant: row.registeredBy.name,
  };
}
