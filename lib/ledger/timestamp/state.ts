import { z } from "zod";
import type { Database } from "@/lib/platform/database";
import { type TimestampCode, timestampProblems } from "./problem";
import { lastStamped } from "./stamp-newest";

/** Row of `setting` that is there while no timestamps come. */
const key = "log:timestamp";
const troubleSchema = z.object({ problem: z.enum(timestampProblems), since: z.iso.datetime() });

export interface TimestampState {
  /** The newest checkpoint with a token; null before the first. */
  readonly last: { readonly size: number; readonly authority: string; readonly time: string } | null;
  /** Why none come now; null while they do. */
  readonly trouble: { readonly problem: TimestampCode; readonly since: string } | null;
}

export async function timestampState(db: Database): Promise<TimestampState> {
  const [last, row] = await Promise.all([lastStamped(db), db.setting.findUnique({ where: { key } })]);
  return {
    last:
      last === null ? null : { size: last.size, authority: last.authority, time: last.time.toISOString() },
    trouble: troubleSchema.safeParse(row?.value).data ?? null,
  };
}

/** Notes a failure, or with null that all is well again. */
export async function noteTimestamp(db: Database, problem: TimestampCode | null, now: Date): Promise<void> {
  if (problem === null) {
    await db.setting.deleteMany({ where: { key } });
    return;
  }
  const before = troubleSchema.safeParse((await db.setting.findUnique({ where: { key } }))?.value).data;
  if (before?.problem === problem) return;
  const value = { problem, since: now.toISOString() };
  await db.setting.upsert({ where: { key }, create: { key, value }, update: { value } });
}
