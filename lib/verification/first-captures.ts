import type { EntryDate } from "@/lib/ledger";
import { captureDates, type DateReader } from "@/lib/ledger/server";
import type { Database, Transaction } from "@/lib/platform/database";
import { loadCapture, recordCapture } from "@/lib/registry/server";

type Side = "original" | "suspect";
type Reader = Pick<Database | Transaction, "capture">;
interface Input {
  readonly role: string;
  readonly releaseId: string;
}

/** When this instance first captured the release of a side itself; null when it never did. */
export async function firstCapture(
  db: Reader,
  inputs: readonly Input[],
  side: Side,
): Promise<{ readonly id: string; readonly observedAt: Date } | null> {
  const releaseId = inputs.find(({ role }) => role === side)?.releaseId;
  if (releaseId === undefined) return null;
  return db.capture.findFirst({
    where: { releaseId },
    orderBy: [{ observedAt: "asc" }, { id: "asc" }],
    select: { id: true, observedAt: true },
  });
}

/** A public result states these dates, so the captures go on record with it; those that are already stay as they are. */
export async function recordFirstCaptures(
  tx: Transaction,
  inputs: readonly Input[],
  act: { readonly about: string; readonly t: Date },
): Promise<void> {
  for (const side of ["original", "suspect"] as const) {
    const first = await firstCapture(tx, inputs, side);
    const capture = first === null ? null : await loadCapture(tx, first.id);
    if (capture !== null) await recordCapture(tx, capture, act);
  }
}

export type ResultDates = Readonly<Record<Side, EntryDate | null>>;

/** On what the dates that a result states rest: `observed` are those dates, null where it states none. */
export async function resultDates(
  db: Reader & DateReader,
  inputs: readonly Input[],
  observed: Readonly<Record<Side, { readonly at: string } | null>> | null,
): Promise<ResultDates> {
  const captureOf = async (side: Side) => {
    const at = observed?.[side]?.at;
    const releaseId = inputs.find(({ role }) => role === side)?.releaseId;
    if (at === undefined || releaseId === undefined) return null;
    const where = { releaseId, observedAt: new Date(at) };
    return (await db.capture.findFirst({ where, orderBy: { id: "asc" } }))?.id ?? null;
  };
  const [original, suspect] = await Promise.all([captureOf("original"), captureOf("suspect")]);
  const dateOf = await captureDates(db, [original, suspect]);
  return { original: dateOf(original), suspect: dateOf(suspect) };
}
