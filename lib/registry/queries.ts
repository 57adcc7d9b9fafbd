import { canonicalJson } from "@/lib/engine/formats/canonical-json";
import { pendingEntries } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { searchFilter } from "@/lib/platform/search";
import { captureDto, type ReleaseRow, releaseDto } from "./captures";
import type { ModelCaseDto, ModelPageDto, ModelRowDto, Page } from "./dto";
import {
  commitmentSchema,
  type ListModelsInput,
  listModelsSchema,
  modelIdSchema,
  tensorSummarySchema,
} from "./schema";

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
  const where = searchFilter(q);
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
      capture: { include: { release: true } },
      fingerprints: { orderBy: { createdAt: "asc" } },
      commitments: { orderBy: { createdAt: "asc" } },
    },
  });
  if (model === null) return null;
  const [cases, others, pending] = await Promise.all([
    publicCasesOf(ctx, model.releaseId),
    ctx.db.model.findMany({
      where: { releaseId: model.releaseId, id: { not: id } },
      select: { id: true, name: true, createdAt: true },
      orderBy: { createdAt: "asc" },
    }),
    pendingEntries(ctx.db, `model:${id}`),
  ]);
  return {
    ...rowDto(model),
    statement: model.statement,
    withdrawnAt: model.withdrawnAt,
    withdrawReason: model.withdrawReason,
    capture: captureDto(model.capture),
    fingerprints: model.fingerprints.map(({ schema, digest, document, createdAt }) => ({
      schema,
      digest,
      // jsonb does not keep the order of keys; the canonical form is what the digest is of.
      document: canonicalJson(document),
      createdAt,
    })),
    commitments: model.commitments.map(({ createdAt, setId, root, items, kind }) => ({
      ...commitmentSchema.parse({ setId, root, items, kind }),
      createdAt,
    })),
    cases,
    others,
    pending,
  };
}

/** Drafts and cases whose reply clock still runs are nobody's business here. */
async function publicCasesOf(ctx: Reader, releaseId: string): Promise<readonly ModelCaseDto[]> {
  const rows = await ctx.db.caseRelease.findMany({
    where: { releaseId, case: { state: { notIn: ["draft", "notified"] }, publicId: { not: null } } },
    include: { case: { select: { publicId: true, state: true, finding: true, openedAt: true } } },
    orderBy: { case: { openedAt: "desc" } },
  });
  return rows.map(({ role, case: found }) => ({
    publicId: found.publicId ?? "",
    state: found.state,
    finding: found.finding,
    role,
    openedAt: found.openedAt,
  }));
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
