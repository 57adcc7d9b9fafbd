import { z } from "zod";
import type { Database } from "@/lib/platform/database";

/** Row of `setting` in which our own monitor of the log keeps what it remembers and how its last run ended. */
export const monitorKey = "log:monitor";

const endSchema = z.object({
  at: z.iso.datetime().nullable(),
  size: z.number(),
  trouble: z.object({ code: z.string() }).nullable(),
});

/** How its last run ended; null before the first. */
export async function lastMonitorRun(
  db: Pick<Database, "setting">,
): Promise<{ readonly at: Date; readonly size: number; readonly trouble: string | null } | null> {
  const row = await db.setting.findUnique({ where: { key: monitorKey } });
  const end = endSchema.safeParse(row?.value).data;
  if (end === undefined || end.at === null) return null;
  return { at: new Date(end.at), size: end.size, trouble: end.trouble?.code ?? null };
}
