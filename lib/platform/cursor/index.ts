import { z } from "zod";

/** Where a list goes on: after the row of this moment and id, newest first. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

const stored = z.tuple([z.iso.datetime(), z.string().regex(/^\w{1,60}$/)]);

/** Opaque to callers: what is in it may change at any time. */
export function cursorOf({ at, id }: Position): string {
  return Buffer.from(JSON.stringify([at.toISOString(), id])).toString("base64url");
}

export const cursorSchema = z
  .string()
  .max(200)
  .transform((text, context): Position => {
    try {
      const [at, id] = stored.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
      return { at: new Date(at), id };
    } catch {
      context.addIssue({ code: "custom", message: "invalid" });
      return z.NEVER;
    }
  });

/** One page of a list whose rows were asked for with one more than `limit`. */
export function pageOf<Row extends { readonly id: string; readonly createdAt: Date }>(
  rows: readonly Row[],
  limit: number,
): { readonly rows: readonly Row[]; readonly next: string | null } {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return {
    rows: kept,
    next: rows.length > limit && last ? cursorOf({ at: last.createdAt, id: last.id }) : null,
  };
}

/** Rows after a position in the order createdAt desc, id desc, which no later change of a row can disturb. */
export function afterPosition(position: Position | undefined) {
  return position === undefined
    ? {}
    : { OR: [{ createdAt: { lt: position.at } }, { createdAt: position.at, id: { lt: position.id } }] };
}

export const newestFirst = [{ createdAt: "desc" as const }, { id: "desc" as const }];
