import { parseTerms } from "@/lib/engine/canary";
import { entryLinesAbout } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { afterPosition, newestFirst, type Position, pageOf } from "@/lib/platform/cursor";
import type { AnswerSetDto, SetPageDto, SetRowDto } from "./dto";
import { answerInclude, answerSetDto, nonceDto, setInclude, setRowDto } from "./dto-of";
import { setsOfNamespaceUntil } from "./namespace-sets";
import { orderChain } from "./order-chain";
import { answerSetIdSchema, type ListSetsInput, listSetsSchema, setIdSchema } from "./schema";

type Reader = Pick<Context, "db" | "clock" | "viewer">;
const perPage = 20;

/** Everything the page of a set shows; null when there is none. What is held is told to those who may read it. */
export async function canarySet(ctx: Reader, setId: string): Promise<SetPageDto | null> {
  if (!setIdSchema.safeParse(setId).success) return null;
  const row = await ctx.db.canarySet.findUnique({
    where: { setId },
    include: { ...setInclude, redaction: { select: { erasedAt: true, reason: true } } },
  });
  if (row === null) return null;
  const [answers, chain, setsOfNamespace, entries] = await Promise.all([
    answersOfSet(ctx, row.id),
    orderChain(ctx.db, setId, null),
    setsOfNamespaceUntil(ctx.db, row),
    entryLinesAbout(ctx.db, `canary:${setId}`),
  ]);
  const base = setRowDto(row, ctx.clock.now());
  const owner = ctx.viewer.userId !== null && ctx.viewer.userId === row.ownerId;
  return {
    ...base,
    authorKeyId: row.authorKeyId,
    terms: row.terms === null || row.redactionId !== null ? null : parseTerms(row.terms),
    nonce: nonceDto(row),
    setsOfNamespace,
    answers,
    chain,
    entries,
    redaction:
      row.redaction === null
        ? null
        : { at: row.redaction.erasedAt ?? row.createdAt, reason: row.redaction.reason },
    may: {
      reveal: owner && (base.state === "committed" || base.state === "partly-revealed"),
      link: owner && row.modelId === null,
      answer: ctx.viewer.userId !== null,
    },
  };
}

/** Sets, newest first. */
export async function listSets(ctx: Reader, input: ListSetsInput) {
  const { state, page } = listSetsSchema.parse(input);
  const now = ctx.clock.now();
  // Where a set stands follows from its reveals and its deadline: state.ts, in SQL.
  const wanted = state ?? null;
  const found = await ctx.db.$queryRaw<{ id: string; total: bigint }[]>`
    SELECT id, count(*) OVER () AS total FROM (
      SELECT s.id, s.created_at,
        CASE WHEN s.kind = 'generator' OR (SELECT count(*) FROM canary_reveal r WHERE r.canary_set_id = s.id) >= s.items
               THEN 'revealed'
             WHEN s.reveal_by <= ${now}::timestamptz THEN 'failed' ELSE 'open' END AS state
      FROM canary_set s) AS stated
    WHERE ${wanted}::text IS NULL OR state = ${wanted}::text
    ORDER BY created_at DESC, id DESC LIMIT ${perPage} OFFSET ${(page - 1) * perPage}`;
  const total = Number(found[0]?.total ?? 0);
  const ids = found.map(({ id }) => id);
  const rows = await ctx.db.canarySet.findMany({ where: { id: { in: ids } }, include: setInclude });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    rows: ids.flatMap((id) => {
      const row = byId.get(id);
      return row === undefined ? [] : [setRowDto(row, now)];
    }),
    total,
    page,
    pages: Math.max(1, Math.ceil(total / perPage)),
  };
}

/** The same for scripts, page after page. */
export async function setsAfter(
  ctx: Reader,
  query: {
    readonly model?: string | undefined;
    readonly cursor?: Position | undefined;
    readonly limit: number;
  },
): Promise<{ readonly items: readonly SetRowDto[]; readonly next: string | null }> {
  const found = await ctx.db.canarySet.findMany({
    where: { AND: [query.model ? { modelId: query.model } : {}, afterPosition(query.cursor)] },
    include: setInclude,
    orderBy: newestFirst,
    take: query.limit + 1,
  });
  const { rows, next } = pageOf(found, query.limit);
  return { items: rows.map((row) => setRowDto(row, ctx.clock.now())), next };
}

/** All sets of whoever registered a model, newest first: its page shows which of them are unrevealed. */
export async function setsOfRegistrant(ctx: Reader, modelId: string): Promise<readonly SetRowDto[]> {
  const rows = await ctx.db.canarySet.findMany({
    where: { owner: { models: { some: { id: modelId } } } },
    include: setInclude,
    orderBy: newestFirst,
    take: 1000,
  });
  return rows.map((row) => setRowDto(row, ctx.clock.now()));
}

/** The viewer's sets that no model is named for yet: what a registration may choose from. */
export async function unlinkedSetsOf(ctx: Reader): Promise<readonly SetRowDto[]> {
  const rows = await ctx.db.canarySet.findMany({
    where: { ownerId: memberOf(ctx.viewer), modelId: null },
    include: setInclude,
    orderBy: newestFirst,
    take: 200,
  });
  return rows.map((row) => setRowDto(row, ctx.clock.now()));
}

async function answersOfSet(ctx: Reader, canarySetId: string): Promise<readonly AnswerSetDto[]> {
  const rows = await ctx.db.canaryAnswerSet.findMany({
    where: { canarySetId },
    include: answerInclude,
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: 1000,
  });
  const logged = await ctx.db.logEntry.findMany({
    where: { dedupKey: { in: rows.map(({ id }) => `responses:${id}`) } },
    select: { dedupKey: true, index: true },
  });
  const entries = new Map(logged.map(({ dedupKey, index }) => [dedupKey, Number(index)]));
  return rows.map((row) => answerSetDto(row, { entries, viewerId: ctx.viewer.userId }));
}

/** One answer set; null when there is none. */
export async function answerSet(ctx: Reader, id: string): Promise<AnswerSetDto | null> {
  if (!answerSetIdSchema.safeParse(id).success) return null;
  const row = await ctx.db.canaryAnswerSet.findUnique({
    where: { id },
    include: { ...answerInclude, set: { select: { setId: true, id: true } } },
  });
  if (row === null) return null;
  const [found] = (await answersOfSet(ctx, row.set.id)).filter((one) => one.id === id);
  return found ?? null;
}
