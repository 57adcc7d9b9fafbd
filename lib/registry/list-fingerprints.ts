import type { Context } from "@/lib/platform/context";
import { afterPosition, newestFirst, type Position, pageOf } from "@/lib/platform/cursor";
import type { FingerprintRowDto } from "./dto";
import { weightFingerprintDto } from "./fingerprints";

type Reader = Pick<Context, "db">;

const include = { model: { select: { id: true, name: true, state: true } } } as const;

/** Fingerprints of registered models' weights, newest first, page after page. */
export async function fingerprintsAfter(
  ctx: Reader,
  query: {
    readonly model?: string | undefined;
    readonly cursor?: Position | undefined;
    readonly limit: number;
  },
): Promise<{ readonly items: readonly FingerprintRowDto[]; readonly next: string | null }> {
  const found = await ctx.db.weightFingerprint.findMany({
    where: { AND: [query.model ? { modelId: query.model } : {}, afterPosition(query.cursor)] },
    include,
    orderBy: newestFirst,
    take: query.limit + 1,
  });
  const { rows, next } = pageOf(found, query.limit);
  return { items: rows.map((row) => ({ ...weightFingerprintDto(row), model: row.model })), next };
}

/** Every registration that holds this fingerprint; those computed here before those handed in. */
export async function fingerprintsByDigest(
  ctx: Reader,
  digest: string,
): Promise<readonly FingerprintRowDto[]> {
  const rows = await ctx.db.weightFingerprint.findMany({
    where: { digest },
    include,
    orderBy: [{ origin: "asc" }, { createdAt: "asc" }, { id: "asc" }],
    take: 100,
  });
  return rows.map((row) => ({ ...weightFingerprintDto(row), model: row.model }));
}
