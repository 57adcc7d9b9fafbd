import { type DrawnItem, generatedItems, type ImageFacts, parseTerms } from "@/lib/engine/canary";
import type { Context } from "@/lib/platform/context";
import type { Database, Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import type { DrawnItemDto, ShownItemDto } from "./dto";
import { revealedItemsAt } from "./revealed-items";

type Drawable = Pick<CanarySet, "kind" | "nonce" | "terms" | "redactionId" | "setId" | "items">;

/** What draws the items of a generator set; null of other sets, before the nonce, and of redacted terms. */
function drawOf({ kind, nonce, terms, redactionId, setId, items }: Drawable) {
  if (kind !== "generator" || nonce === null || terms === null || redactionId !== null) return null;
  const { generator } = parseTerms(terms);
  return generator === undefined ? null : { generator, draw: { nonce, setId, items } };
}

/** Whether the items of a generator set are drawn, without drawing them. */
export const isDrawn = (set: Drawable): boolean => drawOf(set) !== null;

/** What the program of a generator set has drawn; null as long as it has drawn nothing. */
export function drawnOf(set: Drawable): readonly DrawnItem[] | null {
  const found = drawOf(set);
  return found === null ? null : generatedItems(found.generator, found.draw);
}

/** The pictures of drawn items that are here, by the item's id. */
export async function picturesOf(
  db: Database | Transaction,
  set: Pick<CanarySet, "id">,
): Promise<ReadonlyMap<string, ImageFacts>> {
  const rows = await db.canaryPicture.findMany({ where: { canarySetId: set.id } });
  return new Map(
    rows.map(({ itemId, sha256, type, size }) => [
      itemId,
      { sha256, type: type as ImageFacts["type"], size },
    ]),
  );
}

/** Drawn items in their order, with their pictures; null where nothing is drawn. */
export async function drawnItems(
  ctx: Pick<Context, "db">,
  setId: string,
  page: { readonly after?: number | undefined; readonly limit: number },
): Promise<{ readonly items: readonly DrawnItemDto[]; readonly next: number | null } | null> {
  const set = await ctx.db.canarySet.findUnique({ where: { setId } });
  const drawn = set === null ? null : drawnOf(set);
  if (set === null || drawn === null) return null;
  const pictures = await picturesOf(ctx.db, set);
  const from = (page.after ?? -1) + 1;
  const items = drawn
    .slice(from, from + page.limit)
    .map(({ id, answer }, at) => ({ index: from + at, id, answer, image: pictures.get(id) ?? null }));
  return { items, next: from + items.length < drawn.length ? from + items.length - 1 : null };
}

/** What may be shown of some items, by their place in the set: prompt and picture, revealed or drawn. */
export async function shownItemsAt(
  ctx: Pick<Context, "db">,
  setId: string,
  indices: readonly number[],
): Promise<ReadonlyMap<number, ShownItemDto>> {
  const set = await ctx.db.canarySet.findUnique({ where: { setId } });
  const drawn = set === null ? null : drawnOf(set);
  if (set !== null && drawn !== null) {
    const pictures = await picturesOf(ctx.db, set);
    const shown = (index: number) => pictures.get(drawn[index]?.id ?? "")?.sha256 ?? null;
    return new Map(indices.map((index) => [index, { prompt: null, image: shown(index) }]));
  }
  const revealed = await revealedItemsAt(ctx, setId, indices);
  return new Map(
    revealed.map(({ index, opening, image }) => {
      const { prompt } = JSON.parse(opening.item) as { readonly prompt?: string };
      return [index, { prompt: prompt ?? null, image }];
    }),
  );
}
