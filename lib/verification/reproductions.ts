import type { Interest } from "@/lib/cases";
import type { EntryLine } from "@/lib/ledger";
import { entryLinesAbout } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";

/** What one account states that came out when they ran a result again. */
export interface ReproductionDto {
  readonly id: string;
  /** Public name; null once it is gone. */
  readonly by: string | null;
  readonly computed: string;
  readonly same: boolean;
  readonly from: "repositories" | "capsule";
  readonly build: string | null;
  readonly interest: Interest;
  /** They declare no interest, and neither reported the case nor speak for one of its sides. */
  readonly independent: boolean;
  readonly createdAt: Date;
  /** Where it stands in the log. */
  readonly entry: EntryLine | null;
}

/** Oldest first. The caller has decided that everybody may see the run. */
export async function reproductionsOf(
  ctx: Pick<Context, "db">,
  runId: string,
): Promise<readonly ReproductionDto[]> {
  const rows = await ctx.db.reproduction.findMany({
    where: { runId },
    include: {
      user: { select: { name: true } },
      run: { select: { case: { select: { publicId: true, reporterId: true, parties: true } } } },
    },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const found = rows[0]?.run.case ?? null;
  const lines = found === null ? [] : await entryLinesAbout(ctx.db, `case:${found.publicId}`);
  const entries = new Map(lines.map((line) => [line.dedupKey, line]));
  const concerned = new Set([found?.reporterId, ...(found?.parties ?? []).map(({ userId }) => userId)]);
  return rows.map((row) => ({
    id: row.id,
    by: row.user.name,
    computed: row.computed,
    same: row.same,
    from: row.from as ReproductionDto["from"],
    build: row.build,
    interest: row.interest as Interest,
    independent: row.interest === "none" && !concerned.has(row.userId),
    createdAt: row.createdAt,
    entry: entries.get(`reproduce:${row.id}`) ?? null,
  }));
}
