import {
  CanaryError,
  type DrandBeacon,
  type DrandRound,
  nonceOf,
  parseTerms,
  publicDrandRelay,
  timeOfRound,
} from "@/lib/engine/canary";
import { EngineError } from "@/lib/engine/errors";
import { DrandRelay } from "@/lib/engine/io/beacon/drand";
import { rootAt } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { sourceIo } from "@/lib/platform/context/source-io";
import type { Database, Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { pagesChanged } from "@/lib/platform/pages";
import { pathsOf } from "./load-set";
import type { NonceSource } from "./schema";

/** Reads one round from a relay: lib/engine/io/beacon. What it returns is verified here. */
export type FetchRound = (beacon: DrandBeacon, signal: AbortSignal) => Promise<DrandRound>;

/** From the relay that this instance reads. */
export function fetchRoundFrom(ctx: Pick<Context, "sources" | "settings">): FetchRound {
  return async (beacon, signal) => {
    const io = sourceIo(ctx.sources, { limits: { requestMs: 20_000, maxRetries: 1 }, signal });
    const relay = new DrandRelay(ctx.settings.drand?.relay ?? publicDrandRelay, io);
    return (await relay.round(beacon, timeOfRound(beacon), signal)).round;
  };
}

/** Relays publish a round a little after its time. */
const settleMs = 1_000;

/** Queues the fetching of a set's nonce for the moment at which it can be known. */
export async function queueNonce(
  ctx: Pick<Context, "jobs">,
  tx: Transaction,
  set: { readonly id: string; readonly nonceDueAt: Date | null },
): Promise<void> {
  await ctx.jobs.send(
    tx,
    "canary.nonce",
    { version: 1, canarySetId: set.id },
    {
      idempotencyKey: set.id,
      ...(set.nonceDueAt === null ? {} : { notBefore: new Date(set.nonceDueAt.getTime() + settleMs) }),
    },
  );
}

/** Sets whose nonce could be known and is not: for the hourly round, should a relay have been away for long. */
export async function setsWithoutNonce(ctx: Pick<Context, "db" | "clock">): Promise<readonly CanarySet[]> {
  return ctx.db.canarySet.findMany({
    where: { nonce: null, nonceDueAt: { lte: ctx.clock.now() } },
    orderBy: { nonceDueAt: "asc" },
    take: 500,
  });
}

/**
 * Fetches what the terms of a set name, verifies it and keeps the nonce with what it was computed from. "again": it is
 * not there yet, or what came was no answer of that beacon; why is kept for the page.
 */
export async function fetchNonce(
  ctx: Pick<Context, "db" | "clock">,
  canarySetId: string,
  io: { readonly fetchRound: FetchRound; readonly signal: AbortSignal },
): Promise<"done" | "again"> {
  const set = await ctx.db.canarySet.findUnique({ where: { id: canarySetId } });
  if (set === null || set.nonce !== null || set.terms === null || set.redactionId !== null) return "done";
  const { beacon } = parseTerms(set.terms);
  if (beacon.kind === "none") return "done";
  try {
    if (beacon.kind === "log-checkpoint") {
      const at = await rootAt(ctx.db, beacon.size);
      if (at === null) return "again";
      const { size, grindBits } = beacon;
      const { nonce } = nonceOf(beacon, { kind: "log-checkpoint", size, root: at.root });
      await keepNonce(ctx, set, nonce, { kind: "log-checkpoint", origin: at.origin, size, grindBits });
      return "done";
    }
    if (timeOfRound(beacon) > ctx.clock.now().getTime()) return "again";
    const round = await io.fetchRound(beacon, io.signal);
    const { nonce } = nonceOf(beacon, { kind: "drand", round });
    await keepNonce(ctx, set, nonce, {
      kind: "drand",
      chain: beacon.chain,
      round: beacon.round,
      signature: round.signature,
      previousSignature: round.previous_signature || null,
    });
    return "done";
  } catch (error) {
    if (!(error instanceof CanaryError || error instanceof EngineError)) throw error;
    const at = ctx.clock.now();
    await ctx.db.canarySet.updateMany({
      where: { id: set.id, nonce: null },
      data: { nonceFailure: { code: error.code, at: at.toISOString() } },
    });
    await pagesChanged(ctx.db, pathsOf(set));
    return "again";
  }
}

async function keepNonce(
  ctx: { readonly db: Database; readonly clock: Context["clock"] },
  set: CanarySet,
  nonce: string,
  source: NonceSource,
): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.canarySet.updateMany({
      where: { id: set.id, nonce: null },
      data: { nonce, nonceSource: source, nonceAt: ctx.clock.now() },
    });
    if (count === 1) await pagesChanged(tx, pathsOf(set));
  });
}
