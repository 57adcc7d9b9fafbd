import { parseTerms } from "@/lib/engine/canary";
import { entryLinesAbout } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { afterPosition, newestFirst, type Position, pageOf } from "@/lib/platform/cursor";
import { type CanaryAnswerSet, type CanarySet, Prisma } from "@/lib/platform/database/generated/client";
import { askableNow } from "./ask/askable";
import { isConnected } from "./connected";
import type { AnswerSetDto, SetListDto, SetPageDto, SetRowDto } from "./dto";
import { type AnswerRow, answerInclude, answerSetDto, nonceDto, setInclude, setRowDto } from "./dto-of";
import type { Judged } from "./judge/authenticity";
import { judgedAuthenticity } from "./judge/collection";
import { setsOfNamespaceUntil } from "./namespace-sets";
import { orderChain } from "./order-chain";
import { panelOf } from "./panel";
import { answerSetIdSchema, type ListSetsInput, listSetsSchema, setIdSchema } from "./schema";

type Reader = Pick<Context, "db" | "clock" | "viewer">;
type AnswerReader = Reader & Pick<Context, "blobs">;
const perPage = 20;

/** Everything the page of a set shows; null when there is none. What is held is told to those who may read it. */
export async function canarySet(ctx: AnswerReader, setId: string): Promise<SetPageDto | null> {
  if (!setIdSchema.safeParse(setId).success) return null;
  const row = await ctx.db.canarySet.findUnique({
    where: { setId },
    include: { ...setInclude, redaction: { select: { erasedAt: true, reason: true } } },
  });
  if (row === null) return null;
  const base = setRowDto(row, ctx.clock.now());
  const worthOf = worthAsOfNow(ctx, row, base.state);
  const { userId } = ctx.viewer;
  const [answers, panel, readableOpenings, asking, chain, setsOfNamespace, entries, original] =
    await Promise.all([
      answersOfSet(ctx, row.id, worthOf),
      panelOf(ctx.db, row, worthOf),
      ctx.db.canaryReveal.count({ where: { canarySetId: row.id, redactionId: null } }),
      askableNow(ctx.db, row),
      orderChain(ctx.db, setId, null),
      setsOfNamespaceUntil(ctx.db, row),
      entryLinesAbout(ctx.db, `canary:${setId}`),
      userId === null ? false : isConnected(ctx.db, row, userId),
    ]);
  const owner = userId !== null && userId === row.ownerId;
  return {
    ...base,
    authorKeyId: row.authorKeyId,
    terms: row.terms === null || row.redactionId !== null ? null : parseTerms(row.terms),
    nonce: nonceDto(row),
    setsOfNamespace,
    answers,
    panel,
    readableOpenings,
    ...asking,
    chain,
    entries,
    redaction:
      row.redaction === null
        ? null
        : { at: row.redaction.erasedAt ?? row.createdAt, reason: row.redaction.reason },
    may: {
      reveal: owner && (base.state === "committed" || base.state === "partly-revealed"),
      link: owner && row.modelId === null,
      answer: userId !== null,
      original,
    },
  };
}

/** Whether there is such a set. */
export async function hasSet(ctx: Reader, setId: string): Promise<boolean> {
  return (await ctx.db.canarySet.count({ where: { setId } })) > 0;
}

/** Sets, newest first; one account's with how many of them are unrevealed. */
export async function listSets(ctx: Reader, input: ListSetsInput): Promise<SetListDto> {
  const { state, owner, page } = listSetsSchema.parse(input);
  const now = ctx.clock.now();
  // Where a set stands follows from its reveals and its deadline: state.ts, in SQL.
  const wanted = state ?? null;
  const found = await ctx.db.$queryRaw<{ id: string; total: bigint }[]>`
    SELECT id, count(*) OVER () AS total FROM (${stated(now, owner)}) AS stated
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
    owner: owner === undefined ? null : await ownerOf(ctx, owner, now),
  };
}

/** Every set with where it stands, or every set of one account. */
function stated(now: Date, owner: string | undefined): Prisma.Sql {
  const whose = owner ?? null;
  return Prisma.sql`
    SELECT s.id, s.created_at,
      CASE WHEN s.kind = 'generator' OR (SELECT count(*) FROM canary_reveal r WHERE r.canary_set_id = s.id) >= s.items
             THEN 'revealed'
           WHEN s.reveal_by <= ${now}::timestamptz THEN 'failed' ELSE 'open' END AS state
    FROM canary_set s WHERE ${whose}::text IS NULL OR s.owner_id = ${whose}::text`;
}

async function ownerOf(ctx: Reader, id: string, now: Date): Promise<NonNullable<SetListDto["owner"]>> {
  const [user, states] = await Promise.all([
    ctx.db.user.findUnique({ where: { id }, select: { name: true } }),
    ctx.db.$queryRaw<{ state: string; count: bigint }[]>`
      SELECT state, count(*) AS count FROM (${stated(now, id)}) AS stated GROUP BY state`,
  ]);
  const count = (state: string) => Number(states.find((row) => row.state === state)?.count ?? 0);
  return { id, name: user?.name ?? null, unrevealed: count("open"), failed: count("failed") };
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

/**
 * What answer sets are worth now, each looked at once. Two collections are compared only when a judgement could compare
 * them, too.
 */
function worthAsOfNow(ctx: AnswerReader, set: CanarySet, state: SetRowDto["state"]) {
  const compare = state === "revealed" || state === "failed";
  const known = new Map<string, Promise<Judged>>();
  return (row: CanaryAnswerSet): Promise<Judged> => {
    // Of redacted answers nothing is left to look at: the class that their entry states stays.
    const asRegistered: Judged = { class: row.authenticity as Judged["class"], reasons: [] };
    const look = () => judgedAuthenticity(ctx, set, row, { compare });
    const found = known.get(row.id) ?? (row.redactionId === null ? look() : Promise.resolve(asRegistered));
    known.set(row.id, found);
    return found;
  };
}

/** Answers that the page of a set lists. */
const mostAnswerSets = 1000;

async function answersOfSet(
  ctx: AnswerReader,
  canarySetId: string,
  worthOf: (row: CanaryAnswerSet) => Promise<Judged>,
): Promise<readonly AnswerSetDto[]> {
  const rows = await ctx.db.canaryAnswerSet.findMany({
    where: { canarySetId },
    include: answerInclude,
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: mostAnswerSets,
  });
  return answerDtos(ctx, rows, worthOf);
}

async function answerDtos(
  ctx: AnswerReader,
  rows: readonly AnswerRow[],
  worthOf: (row: CanaryAnswerSet) => Promise<Judged>,
): Promise<AnswerSetDto[]> {
  const logged = await ctx.db.logEntry.findMany({
    where: { dedupKey: { in: rows.map(({ id }) => `responses:${id}`) } },
    select: { dedupKey: true, index: true },
  });
  const entries = new Map(logged.map(({ dedupKey, index }) => [dedupKey, Number(index)]));
  const viewerId = ctx.viewer.userId;
  return Promise.all(
    rows.map(async (row) => answerSetDto(row, { entries, viewerId, worth: await worthOf(row) })),
  );
}

/** One answer set; null when there is none. */
export async function answerSet(ctx: AnswerReader, id: string): Promise<AnswerSetDto | null> {
  if (!answerSetIdSchema.safeParse(id).success) return null;
  const row = await ctx.db.canaryAnswerSet.findUnique({ where: { id }, include: answerInclude });
  if (row === null) return null;
  const set = await ctx.db.canarySet.findUniqueOrThrow({
    where: { id: row.canarySetId },
    include: setInclude,
  });
  const { state } = setRowDto(set, ctx.clock.now());
  const [found] = await answerDtos(ctx, [row], worthAsOfNow(ctx, set, state));
  return found ?? null;
}
