import type { Transaction } from "@/lib/platform/database";
import type { LedgerKind } from "./kinds";

/** On which the sequencer is woken when an act has been committed. */
export const logChannel = "slipmark_log";

/** What an act waits for besides the log: its author's own signature (whose id is given), or that its page is public. */
export interface Held {
  readonly until: Date;
  readonly forId: string | null;
}

/** For `until` of acts about a page that is not public yet: until it is. */
export const untilPublic = new Date("9999-12-31T00:00:00.000Z");

/** A public act as it waits for the log. */
export interface PendingAct {
  readonly dedupKey: string;
  readonly kind: LedgerKind;
  /** Canonical JSON of the unsigned in-toto statement. */
  readonly statement: string;
  readonly statementSha256: string;
  readonly about: string;
  readonly t: Date;
  /** Digests of the payloads that it cites. */
  readonly payloads: readonly string[];
  /** A payload that exists only when the act does. */
  readonly payload?: { readonly digest: string; readonly salt: Uint8Array; readonly bytes: Uint8Array };
  readonly held?: Held;
}

/**
 * Writes the outbox row of an act in one statement, and wakes the sequencer when the transaction commits. False when the
 * same act was recorded before: log_dedup outlives log_pending, which the log empties.
 */
export async function appendEntry(tx: Pick<Transaction, "$queryRaw">, act: PendingAct): Promise<boolean> {
  const bytes = (value: Uint8Array | undefined) => (value === undefined ? null : Buffer.from(value));
  const wake = mayWake();
  const rows = await tx.$queryRaw<unknown[]>`
    /* prepared: append-entry */ WITH fresh AS (
      INSERT INTO log_dedup (key, kind, created_at) VALUES (${act.dedupKey}, ${act.kind}, ${act.t})
      ON CONFLICT DO NOTHING RETURNING key
    ), kept AS (
      INSERT INTO log_payload (digest, salt, bytes)
      SELECT ${act.payload?.digest ?? null}::text, ${bytes(act.payload?.salt)}::bytea, ${bytes(act.payload?.bytes)}::bytea
      FROM fresh WHERE ${act.payload !== undefined}
    ), pending AS (
      INSERT INTO log_pending (dedup_key, kind, statement, statement_sha256, about, t, payloads, held_until, held_for_id)
      SELECT key, ${act.kind}, ${act.statement}, ${act.statementSha256}, ${act.about}, ${act.t},
             ${[...act.payloads]}::text[], ${act.held?.until ?? null}::timestamptz, ${act.held?.forId ?? null}::text
      FROM fresh RETURNING id
    )
    SELECT id, CASE WHEN ${wake} THEN pg_notify(${logChannel}, '')::text END FROM pending`;
  return rows.length === 1;
}

/** Shorter than the time for which a sequencer that was woken goes on looking by itself. */
const quietMs = 1_000;
let notifiedAt = Number.NEGATIVE_INFINITY;

/**
 * Commits with a notification wait for one another, which halves what eight writers get done. One a second from each
 * process keeps the sequencer awake just as well; should its act be rolled back, the others are found by the next look.
 */
function mayWake(): boolean {
  const now = performance.now();
  if (now - notifiedAt < quietMs) return false;
  notifiedAt = now;
  return true;
}
