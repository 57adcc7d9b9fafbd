import { type CanaryItem, type CanaryTerms, generatedItems, parseItem } from "@/lib/engine/canary";
import type { Context } from "@/lib/platform/context";
import type { Database } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";

/** An item that anybody may read. */
export interface OpenItem {
  readonly index: number;
  readonly item: CanaryItem;
  /** Index of the drawn option; null for items without one. */
  readonly target: number | null;
}

/**
 * Items of a set that are open, in their order: those whose openings were verified, or what the program draws once the
 * nonce is known. `untilBatch`: only what was revealed up to that reveal, so that a question begun then stays the same.
 */
export async function openItems(
  db: Pick<Database, "canaryReveal">,
  set: Pick<CanarySet, "id" | "setId" | "items" | "kind" | "nonce">,
  terms: Pick<CanaryTerms, "generator">,
  untilBatch?: number,
): Promise<OpenItem[]> {
  const rows = await db.canaryReveal.findMany({
    where: {
      canarySetId: set.id,
      redactionId: null,
      ...(untilBatch === undefined ? {} : { batch: { lte: untilBatch } }),
    },
    orderBy: { index: "asc" },
    select: { index: true, opening: true, target: true },
  });
  if (rows.length > 0 || terms.generator === undefined)
    return rows.map(({ index, opening, target }) => ({
      index,
      item: parseItem((JSON.parse(opening) as { item: string }).item, `Item ${index}`),
      target,
    }));
  if (set.nonce === null) return [];
  const { setId, nonce, items } = set;
  return generatedItems(terms.generator, { nonce, setId, items }).map((item, index) => ({
    index,
    item: item as CanaryItem,
    target: null,
  }));
}

/** Bytes of an item's image, out of the store. */
export function imageReader(ctx: Pick<Context, "blobs">) {
  return async (item: { readonly id: string; readonly image?: { readonly sha256: string } }) => {
    const bytes = item.image === undefined ? null : await ctx.blobs.get(item.image.sha256);
    if (bytes === null) throw new Error(`the image of item ${item.id} is not in the blob store`);
    return bytes;
  };
}
