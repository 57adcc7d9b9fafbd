import { type CanaryItem, parseItem } from "@/lib/engine/canary";
import type { Context } from "@/lib/platform/context";
import type { Database, Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { drawnOf, picturesOf } from "../drawn-items";

/** An item that anybody may read. */
export interface OpenItem {
  readonly index: number;
  readonly item: CanaryItem;
  /** Index of the drawn option; null for items without one. */
  readonly target: number | null;
}

/**
 * Items of a set that are open, in their order: those whose openings were verified, or what the program has drawn with
 * the pictures that it was rendered to. `untilBatch`: only what was revealed up to that reveal, so that a question begun
 * then stays the same.
 */
export async function openItems(
  db: Database | Transaction,
  set: CanarySet,
  untilBatch?: number,
): Promise<OpenItem[]> {
  const drawn = drawnOf(set);
  if (drawn !== null) {
    const pictures = await picturesOf(db, set);
    return drawn.flatMap(({ id, answer }, index) => {
      const image = pictures.get(id);
      return image === undefined ? [] : [{ index, item: { id, answer, image }, target: null }];
    });
  }
  const rows = await db.canaryReveal.findMany({
    where: {
      canarySetId: set.id,
      redactionId: null,
      ...(untilBatch === undefined ? {} : { batch: { lte: untilBatch } }),
    },
    orderBy: { index: "asc" },
    select: { index: true, opening: true, target: true },
  });
  return rows.map(({ index, opening, target }) => ({
    index,
    item: parseItem((JSON.parse(opening) as { item: string }).item, `Item ${index}`),
    target,
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
