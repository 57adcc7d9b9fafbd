import type { Context } from "@/lib/platform/context";
import { afterPosition, newestFirst, type Position, pageOf } from "@/lib/platform/cursor";
import type { Prisma } from "@/lib/platform/database/generated/client";
import { searchFilter } from "@/lib/platform/search";
import type { CaseListDto, CaseSummaryDto } from "./dto";
import { type CaseState, type ClaimKind, type ListCasesInput, listCasesInput } from "./schema";

const perPage = 20;
type Reader = Pick<Context, "db">;

const listed: CaseState[] = ["open", "under_verification", "resolved"];

/**
 * What everybody may find. A case withdrawn while its reply clock ran was never opened: it stays readable at its
 * address and out of every list.
 */
export const publicCases = {
  publicId: { not: null },
  OR: [{ state: { in: listed } }, { state: "withdrawn", openedAt: { not: null } }],
} satisfies Prisma.CaseWhereInput;

export const summaryInclude = {
  claims: { select: { kind: true }, orderBy: { number: "asc" } },
  releases: {
    where: { role: { in: ["original", "suspect"] }, position: 0 },
    select: { role: true, release: { select: { repository: true } } },
  },
} satisfies Prisma.CaseInclude;

export type SummaryRow = Prisma.CaseGetPayload<{ include: typeof summaryInclude }>;

export function summaryDto(row: SummaryRow): CaseSummaryDto {
  const name = (role: string) => row.releases.find((one) => one.role === role)?.release.repository ?? "";
  return {
    id: row.id,
    publicId: row.publicId ?? "",
    state: row.state,
    finding: row.finding,
    original: name("original"),
    suspect: name("suspect"),
    documented: row.documented,
    example: row.example,
    claimKinds: row.claims.map((claim) => claim.kind as ClaimKind),
    openedAt: row.openedAt?.toISOString() ?? null,
    updatedAt: row.updatedAt.toISOString(),
  };
}

interface CaseFilter {
  readonly q: string;
  readonly state?: ListCasesInput["state"];
  readonly finding?: ListCasesInput["finding"];
}

const matching = ({ q, state, finding }: CaseFilter): Prisma.CaseWhereInput => ({
  AND: [
    publicCases,
    searchFilter(q),
    ...(state === undefined ? [] : [{ state }]),
    ...(finding === undefined ? [] : [{ finding }]),
  ],
});

export async function listCases(ctx: Reader, input: ListCasesInput): Promise<CaseListDto> {
  const { q, state, finding, page } = listCasesInput.parse(input);
  const where = matching({ q, state, finding });
  const [total, rows] = await Promise.all([
    ctx.db.case.count({ where }),
    ctx.db.case.findMany({
      where,
      include: summaryInclude,
      orderBy: [{ updatedAt: "desc" }, { id: "desc" }],
      skip: (page - 1) * perPage,
      take: perPage,
    }),
  ]);
  return { items: rows.map(summaryDto), page, pages: Math.max(1, Math.ceil(total / perPage)), total };
}

/** The same cases for scripts, newest report first: an order that holds still while somebody reads page after page. */
export async function casesAfter(
  ctx: Reader,
  {
    cursor,
    limit,
    ...filter
  }: CaseFilter & { readonly cursor?: Position | undefined; readonly limit: number },
): Promise<{ readonly items: readonly CaseSummaryDto[]; readonly next: string | null }> {
  const found = await ctx.db.case.findMany({
    where: { AND: [matching(filter), afterPosition(cursor)] },
    include: summaryInclude,
    orderBy: newestFirst,
    take: limit + 1,
  });
  const { rows, next } = pageOf(found, limit);
  return { items: rows.map(summaryDto), next };
}

export async function latestCases(ctx: Reader, count: number): Promise<readonly CaseSummaryDto[]> {
  const rows = await ctx.db.case.findMany({
    where: publicCases,
    include: summaryInclude,
    orderBy: [{ updatedAt: "desc" }, { id: "desc" }],
    take: count,
  });
  return rows.map(summaryDto);
}

/** What the account page shows: one's own reports, drafts included. */
export async function casesOfUser(ctx: Reader, userId: string): Promise<readonly CaseSummaryDto[]> {
  const rows = await ctx.db.case.findMany({
    where: { reporterId: userId },
    include: summaryInclude,
    orderBy: [{ updatedAt: "desc" }, { id: "desc" }],
  });
  return rows.map(summaryDto);
}
