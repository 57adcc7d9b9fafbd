import type { Database } from "@/lib/platform/database";
import { type ProofState, proofState, reachOf } from "./proof-state";

/** One public act about a page, as the page shows it. */
export interface EntryLine {
  readonly kind: string;
  /** Tells which act of the page it is, e.g. "verify:run_…", "reply:SLP-2026-0001:pst_…:1". */
  readonly dedupKey: string;
  /** ISO time, as the log states it. */
  readonly t: string;
  readonly proof: ProofState;
  /** Left out unless it was redacted, in the log or while it waits: when, and on what ground. */
  readonly redaction?: { readonly at: string; readonly reason: string };
}

type Reader = Pick<
  Database,
  "logPending" | "logEntry" | "logStatement" | "logState" | "logSignature" | "logTimestamp" | "logRedaction"
>;
const columns = { kind: true, dedupKey: true, t: true } as const;

/** All acts about one page ("model:mdl_…", "case:SLP-…"): those in the log in its order, then those that wait for it. */
export async function entryLinesAbout(db: Reader, about: string): Promise<readonly EntryLine[]> {
  return entryLines(db, { about });
}

/** The entry of one act by its key, e.g. "verify:run_…"; null when no such act was recorded. */
export async function entryLineOf(db: Reader, dedupKey: string): Promise<EntryLine | null> {
  return (await entryLines(db, { dedupKey }))[0] ?? null;
}

async function entryLines(
  db: Reader,
  where: { readonly about: string } | { readonly dedupKey: string },
): Promise<readonly EntryLine[]> {
  // Pending rows first: an act that is appended in between is then seen twice rather than not at all.
  const pending = await db.logPending.findMany({ where, orderBy: { id: "asc" }, select: columns });
  const [entries, reach] = await Promise.all([
    db.logEntry.findMany({ where, orderBy: { index: "asc" }, select: { ...columns, index: true } }),
    reachOf(db),
  ]);
  const kept = await db.logStatement.findMany({
    where: { index: { in: entries.map((entry) => entry.index) } },
    select: { index: true },
  });
  const whole = new Set(kept.map((row) => row.index));
  const logged = new Set(entries.map((entry) => entry.dedupKey));
  const redacted = await redactionsOf(
    db,
    [...entries, ...pending].map(({ dedupKey }) => dedupKey),
  );
  const lines = [
    ...entries.map(({ index, t, ...entry }) => ({
      ...entry,
      t: t.toISOString(),
      proof: proofState(Number(index), reach, !whole.has(index)),
    })),
    ...pending
      .filter((row) => !logged.has(row.dedupKey))
      .map(({ t, ...row }) => ({ ...row, t: t.toISOString(), proof: { state: "waiting" } as const })),
  ];
  return lines.map((line) => {
    const redaction = redacted.get(line.dedupKey);
    return redaction === undefined ? line : { ...line, redaction };
  });
}

/** Of whole entries: a name that went leaves what was said. */
async function redactionsOf(
  db: Reader,
  dedupKeys: readonly string[],
): Promise<ReadonlyMap<string, { readonly at: string; readonly reason: string }>> {
  const rows = await db.logRedaction.findMany({
    where: { dedupKey: { in: [...dedupKeys] }, scope: "entry", erasedAt: { not: null } },
    select: { dedupKey: true, reason: true, erasedAt: true },
  });
  return new Map(
    rows.map(({ dedupKey, reason, erasedAt }) => [
      dedupKey,
      { at: (erasedAt ?? new Date(0)).toISOString(), reason },
    ]),
  );
}
