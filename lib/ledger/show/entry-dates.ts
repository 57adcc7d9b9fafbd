import type { Database } from "@/lib/platform/database";
import { captureKey } from "../capture-key";
import { type DateBasisKind, earliest, nearestLines } from "../dates";

/** On what the date of a recorded act rests. */
export interface EntryDate {
  /** Its entry; null while it waits for the log. */
  readonly index: number | null;
  readonly basis: DateBasisKind;
  /** It existed no later than this, by an outside clock; null when only our word says so. */
  readonly noLaterThan: string | null;
}

export type DateReader = Pick<Database, "$queryRaw" | "logPending">;

/** On what the date of one capture rests; null where it is not on record: on the page's own word. */
export type CaptureDates = (captureId: string | null) => EntryDate | null;

/** On what the dates of captures rest, of releases (cap_…) and of links (lnk_…); those that are none (null) are passed over. */
export async function captureDates(
  db: DateReader,
  captureIds: readonly (string | null)[],
): Promise<CaptureDates> {
  const dates = await entryDates(
    db,
    captureIds.flatMap((id) => (id === null ? [] : [captureKey(id)])),
  );
  return (id) => (id === null ? null : (dates.get(captureKey(id)) ?? null));
}

const waits: EntryDate = { index: null, basis: "our-word", noLaterThan: null };

/**
 * On what the dates of many acts rest, by their keys, in two questions: what `dateBasis` says of each. A key that is
 * missing in the answer was never recorded: its date is the page's own word only.
 */
export async function entryDates(
  db: DateReader,
  dedupKeys: readonly string[],
): Promise<ReadonlyMap<string, EntryDate>> {
  const keys = [...new Set(dedupKeys)];
  if (keys.length === 0) return new Map();
  // Pending rows first: an act that is appended in between is then seen twice rather than not at all.
  const pending = await db.logPending.findMany({
    where: { dedupKey: { in: keys } },
    select: { dedupKey: true },
  });
  const rows = await db.$queryRaw<
    { key: string; index: bigint; witnessed: Date | null; stamped: Date | null }[]
  >`
    SELECT e.dedup_key AS key, e.index, w.time AS witnessed, s.time AS stamped
    FROM log_entry e CROSS JOIN (SELECT published_size AS size FROM log_state WHERE id = 1) p
    LEFT JOIN LATERAL (
      SELECT min(coalesce(l.time, l.created_at)) AS time FROM (
        SELECT time, created_at FROM log_signature
        WHERE signer = 'witness' AND size > e.index AND size <= p.size
        ORDER BY size, name LIMIT ${nearestLines}
      ) l
    ) w ON true
    LEFT JOIN LATERAL (
      SELECT time FROM log_timestamp WHERE size > e.index AND size <= p.size ORDER BY size, time LIMIT 1
    ) s ON true
    WHERE e.dedup_key = ANY(${keys})`;
  return new Map<string, EntryDate>([
    ...pending.map(({ dedupKey }) => [dedupKey, waits] as const),
    ...rows.map(({ key, index, witnessed, stamped }) => {
      const said = earliest(witnessed?.toISOString() ?? null, stamped?.toISOString() ?? null);
      return [key, { index: Number(index), ...said }] as const;
    }),
  ]);
}
