import type { Opening } from "@/lib/engine/canary";
import type { Context } from "@/lib/platform/context";
import type { CanaryReveal } from "@/lib/platform/database/generated/client";
import type { RevealedItemDto } from "./dto";

type Reader = Pick<Context, "db">;
const most = 1000;

/** Revealed items in the order of the set; those that were redacted are left out. */
export async function revealedItems(
  ctx: Reader,
  setId: string,
  page: { readonly after?: number | undefined; readonly limit: number },
): Promise<{ readonly items: readonly RevealedItemDto[]; readonly next: number | null }> {
  const limit = Math.min(page.limit, most);
  const rows = await ctx.db.canaryReveal.findMany({
    where: { set: { setId }, index: { gt: page.after ?? -1 }, redactionId: null },
    orderBy: { index: "asc" },
    take: limit + 1,
  });
  const shown = rows.slice(0, limit);
  return {
    items: shown.map(itemDto),
    next: rows.length > limit ? (shown.at(-1)?.index ?? null) : null,
  };
}

/** Some of them, by their place in the set. */
export async function revealedItemsAt(
  ctx: Reader,
  setId: string,
  indices: readonly number[],
): Promise<readonly RevealedItemDto[]> {
  const rows = await ctx.db.canaryReveal.findMany({
    where: { set: { setId }, index: { in: indices.slice(0, most) }, redactionId: null },
    orderBy: { index: "asc" },
  });
  return rows.map(itemDto);
}

/** Places of all items that were revealed, redacted or not. */
export async function revealedIndices(ctx: Reader, setId: string): Promise<readonly number[]> {
  const rows = await ctx.db.canaryReveal.findMany({
    where: { set: { setId } },
    select: { index: true },
    orderBy: { index: "asc" },
  });
  return rows.map(({ index }) => index);
}

function itemDto(row: CanaryReveal): RevealedItemDto {
  return {
    index: row.index,
    itemId: row.itemId,
    opening: JSON.parse(row.opening) as Omit<Opening, "image">,
    image: row.imageSha256,
    target: row.target,
    batch: row.batch,
    revealedAt: row.createdAt,
  };
}
