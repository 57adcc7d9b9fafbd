import { z } from "zod";

/** Search words and page of a list. */
export const listQuery = z.object({
  q: z.string().trim().max(200).default("").describe("Words to look for"),
  page: z.coerce.number().int().min(1).max(10_000).default(1).describe("Page, from 1"),
});
