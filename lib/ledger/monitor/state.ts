import { z } from "zod";
import { type MonitorCode, monitorCodes } from "@/lib/engine/log/monitor";
import type { Database } from "@/lib/platform/database";
import { monitorKey } from "@/lib/platform/telemetry/monitor-row";

/** What can be off: the log refused, or nobody answered. */
export const ownMonitorCodes = [...monitorCodes, "unreachable"] as const;
export type OwnMonitorCode = MonitorCode | "unreachable";

const troubleSchema = z.object({
  code: z.enum(ownMonitorCodes),
  message: z.string(),
  since: z.iso.datetime(),
  /** Runs in a row. */
  runs: z.int().min(1),
  told: z.boolean(),
});

/** The row: what the monitor remembers of the log (its own form, checked by the engine), and its last run. */
const rowSchema = z.object({
  /** A remembered state as text: JSON of the database would change the order of what was signed. */
  state: z.string().nullable(),
  at: z.iso.datetime().nullable(),
  size: z.int().min(0),
  trouble: troubleSchema.nullable(),
});
export type MonitorRow = z.infer<typeof rowSchema>;
export type MonitorTrouble = z.infer<typeof troubleSchema>;

const nothing: MonitorRow = { state: null, at: null, size: 0, trouble: null };

type Reader = Pick<Database, "setting">;

/** A row that cannot be read is as none: the monitor then begins anew. */
export async function readMonitorRow(db: Reader): Promise<MonitorRow> {
  const row = await db.setting.findUnique({ where: { key: monitorKey } });
  return rowSchema.safeParse(row?.value).data ?? nothing;
}

export async function writeMonitorRow(db: Reader, row: MonitorRow): Promise<void> {
  await db.setting.upsert({
    where: { key: monitorKey },
    create: { key: monitorKey, value: row },
    update: { value: row, updatedAt: new Date() },
  });
}

/** For the status page: the last run of our own monitor; null before the first. */
export interface OwnMonitor {
  readonly at: string;
  /** Entries that hold. */
  readonly size: number;
  readonly trouble: { readonly code: OwnMonitorCode; readonly since: string } | null;
}

export async function ownMonitor(db: Reader): Promise<OwnMonitor | null> {
  const { at, size, trouble } = await readMonitorRow(db);
  if (at === null) return null;
  return { at, size, trouble: trouble === null ? null : { code: trouble.code, since: trouble.since } };
}
