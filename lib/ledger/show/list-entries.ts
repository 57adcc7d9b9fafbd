import type { LedgerKind } from "@/lib/ledger/kinds";
import type { Database } from "@/lib/platform/database";
import { type About, aboutLog, readAbout } from "./about";
import { type ProofState, proofState, reachOf } from "./proof-state";

export interface EntryRow {
  readonly index: number;
  readonly kind: string;
  readonly about: About;
  /** ISO time, as the log states it. */
  readonly t: string;
  /** Hex SHA-256 of the statement's DSSE pre-authentication encoding. */
  readonly statement: string;
  readonly proof: ProofState;
}

export interface EntryListing {
  /** Entries under the newest published checkpoint. */
  readonly size: number;
  readonly items: readonly EntryRow[];
  /** Where the list goes on; null at its end. */
  readonly next: number | null;
}

interface Asked {
  readonly kind?: LedgerKind | undefined;
  /** "model:mdl_…", "case:SLP-…", "run:run_…" */
  readonly about?: string | undefined;
  /** First index of the page; left out: the newest (or, oldest first, 0). */
  readonly from?: number | undefined;
  readonly order?: "newest" | "oldest";
  readonly limit: number;
}

/** Entries under the published checkpoint, so that each has a proof. */
export async function listEntries(ctx: { readonly db: Database }, asked: Asked): Promise<EntryListing> {
  const { db } = ctx;
  const { kind, about, limit, order = "newest" } = asked;
  const reach = await reachOf(db);
  const first = asked.from ?? (order === "newest" ? reach.published - 1 : 0);
  const found = await db.logEntry.findMany({
    where: {
      index:
        order === "newest"
          ? { lte: BigInt(Math.min(first, reach.published - 1)) }
          : { gte: BigInt(first), lt: BigInt(reach.published) },
      ...(kind === undefined ? {} : { kind }),
      ...(about === undefined ? {} : { about }),
    },
    orderBy: { index: order === "newest" ? "desc" : "asc" },
    take: limit + 1,
    select: { index: true, kind: true, about: true, t: true, pae: true },
  });
  const rows = found.slice(0, limit);
  const [abouts, kept] = await Promise.all([
    readAbout(
      db,
      rows.map((row) => row.about),
    ),
    db.logStatement.findMany({
      where: { index: { in: rows.map((row) => row.index) } },
      select: { index: true },
    }),
  ]);
  const whole = new Set(kept.map((row) => row.index));
  const following = found[limit];
  return {
    size: reach.published,
    items: rows
      .map((row) => ({
        index: Number(row.index),
        kind: row.kind,
        about: abouts.get(row.about) ?? aboutLog,
        t: row.t.toISOString(),
        statement: row.pae,
        proof: proofState(Number(row.index), reach, !whole.has(row.index)),
      }))
      // Somebody who asks for an unlisted case by its number is not told that it has entries.
      .filter((row) => about === undefined || row.about.kind !== "unlisted"),
    next: following === undefined ? null : Number(following.index),
  };
}
