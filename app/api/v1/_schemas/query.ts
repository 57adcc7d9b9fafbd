import { z } from "zod";
import { cursorSchema } from "@/lib/platform/cursor";

/** Where a list goes on, and how far. */
export const pageQuery = z.object({
  cursor: cursorSchema.optional().describe("`next` of the page before; opaque"),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe("Rows on a page"),
});

/** Search words and page of a list. */
export const listQuery = pageQuery.extend({
  q: z.string().trim().max(200).default("").describe("Words to look for"),
});

/** A page of a list: `next` is the cursor of the page after it, or null. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
