import { createHash } from "node:crypto";
import { type CheckpointCitation, checkpointCitation, dateBasis } from "@/lib/ledger/server";
import type { Database } from "@/lib/platform/database";
import type { ChainReason, ChainStepDto, ChainStepId } from "./dto";

/** An entry as the chain needs it. */
export interface LoggedStep {
  readonly index: number;
  readonly at: string;
  /** What its signed statement cites; null where it cites nothing, or was redacted. */
  readonly cites: CheckpointCitation | null;
  readonly redacted: boolean;
  /** Hex SHA-256 of the SubjectPublicKeyInfo that signed it; null where it was redacted. */
  readonly signer: string | null;
  readonly basis: ChainStepDto["basis"];
  /** It existed no later than this by an outside clock; null when only our word says so. */
  readonly noLaterThan: string | null;
}

/** The entry of one act; null while there is none in the log. */
export async function loggedStep(db: Database, dedupKey: string): Promise<LoggedStep | null> {
  const entry = await db.logEntry.findUnique({ where: { dedupKey }, select: { index: true, t: true } });
  if (entry === null) return null;
  const index = Number(entry.index);
  const [stated, dated] = await Promise.all([
    db.logStatement.findUnique({ where: { index: entry.index } }),
    dateBasis(db, index),
  ]);
  return {
    index,
    at: entry.t.toISOString(),
    cites: stated === null ? null : citedBy(stated.statement),
    redacted: stated === null,
    signer: stated === null ? null : createHash("sha256").update(stated.publicKey).digest("hex"),
    basis: dated?.basis ?? null,
    noLaterThan: dated?.noLaterThan ?? null,
  };
}

function citedBy(statement: string): CheckpointCitation | null {
  const { predicate } = JSON.parse(statement) as { readonly predicate?: { readonly checkpoint?: unknown } };
  const found = checkpointCitation.safeParse(predicate?.checkpoint);
  return found.success ? found.data : null;
}

/** A step of the chain at an entry, or at none. */
export function stepAt(id: ChainStepId, entry: LoggedStep | null, reason: ChainReason): ChainStepDto {
  return {
    id,
    index: entry?.index ?? null,
    at: entry?.at ?? null,
    ok: reason === "ordered" || reason === "not-needed",
    reason,
    basis: entry?.basis ?? null,
  };
}
