import { citableCheckpoint, heldForAuthor, recordAct, storePayload } from "@/lib/ledger/server";
import { rememberBlob } from "@/lib/platform/blobs/remember";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { pagesChanged } from "@/lib/platform/pages";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { findSet, lockSet, pathsOf } from "./load-set";
import { type OpenedItem, readOpenings } from "./read-openings";
import { setIdSchema } from "./schema";
import { setState } from "./state";

export interface Revealed {
  /** Items of the set that are open now. */
  readonly revealed: number;
  readonly complete: boolean;
  /** Number of this reveal; null when it opened nothing new. */
  readonly batch: number | null;
}

const rowsAtOnce = 500;

/**
 * Opens items of a set, some or all, every opening checked against the committed root. With the last one the registered
 * answers become readable. What is open already stays so. After the deadline nothing is opened any more: what is
 * unrevealed then has failed for ever.
 *
 * Errors: sign-in-required, not-found, not-allowed, wrong-state (set: deadline-passed, nothing-to-reveal,
 * nonce-not-known), invalid-input (openings: bad-opening, bad-item, bad-options, duplicate-id, …), too-many-requests.
 */
export async function revealItems(
  ctx: Context,
  input: {
    readonly setId: string;
    readonly openings: Uint8Array;
    /** The author signs the statement with a key of their own; the log waits for it a while. */
    readonly ownKey?: boolean;
  },
): Promise<Revealed> {
  const userId = memberOf(ctx.viewer);
  const setId = parseInput(setIdSchema, input.setId);
  const before = await findSet(ctx.db, setId);
  requireOwner(before, userId);
  await consumeAct(ctx, "text");
  const opened = readOpenings(input.openings, before);
  const images = new Map<number, { readonly sha256: string; readonly size: number }>();
  for (const { index, image } of opened) if (image !== null) images.set(index, await ctx.blobs.put(image));
  const now = ctx.clock.now();
  return ctx.db.$transaction(
    async (tx) => {
      const set = await lockSet(tx, setId);
      const known = await tx.canaryReveal.findMany({
        where: { canarySetId: set.id },
        select: { index: true, itemId: true, batch: true },
      });
      const there = new Set(known.map(({ index }) => index));
      const fresh = opened.filter(({ index }) => !there.has(index));
      const revealed = known.length + fresh.length;
      const complete = revealed === set.items;
      if (fresh.length === 0) return { revealed, complete, batch: null };
      requireTime(set, known.length, now);
      requireNewIds(fresh, new Set(known.map(({ itemId }) => itemId)));
      const batch = Math.max(0, ...known.map((row) => row.batch)) + 1;
      for (const { index, item } of fresh) {
        const image = images.get(index);
        if (image !== undefined)
          await rememberBlob(tx, { ...image, mediaType: item.image?.type ?? "image/png", at: now });
      }
      for (let at = 0; at < fresh.length; at += rowsAtOnce)
        await tx.canaryReveal.createMany({
          data: fresh.slice(at, at + rowsAtOnce).map(({ index, item, opening, target }) => ({
            canarySetId: set.id,
            index,
            itemId: item.id,
            opening,
            imageSha256: images.get(index)?.sha256 ?? null,
            target,
            batch,
            createdAt: now,
          })),
        });
      const owner = await tx.user.findUniqueOrThrow({ where: { id: userId } });
      await recordAct(tx, {
        kind: "reveal",
        about: `canary:${setId}`,
        subjects: [{ name: "canary-root", digest: { sha256: set.root } }],
        predicate: {
          set: setId,
          batch,
          items: fresh.length,
          complete,
          openings: await storePayload(tx, fresh.map(({ opening }) => `${opening}\n`).join("")),
          answers: complete ? await publishHeld(tx, set) : [],
          checkpoint: await citableCheckpoint(tx),
        },
        actor: { role: "registrant", name: owner.name },
        dedupKey: `reveal:${setId}:${batch}`,
        t: now,
        ...heldForAuthor(ctx, input.ownKey),
      });
      await pagesChanged(tx, pathsOf(set));
      return { revealed, complete, batch };
    },
    { timeout: 120_000, maxWait: 10_000 },
  );
}

function requireOwner(set: CanarySet, userId: string): void {
  if (set.ownerId !== userId) throw new AppError("not-allowed");
  const wrong = (code: string) => new AppError("wrong-state", { fields: { set: code } });
  if (set.kind === "generator") throw wrong("nothing-to-reveal");
  // Targets are drawn from it, and a reveal states them.
  if (set.kind === "random-label" && set.terms !== null && set.nonce === null) throw wrong("nonce-not-known");
}

function requireTime(set: CanarySet, revealed: number, now: Date): void {
  if (setState({ ...set, revealed }, now) === "failed")
    throw new AppError("wrong-state", { fields: { set: "deadline-passed" } });
}

/** Two items with one id could not be told apart by their answers. */
function requireNewIds(fresh: readonly OpenedItem[], known: ReadonlySet<string>): void {
  const twice = fresh.find(({ item }) => known.has(item.id));
  if (twice !== undefined)
    throw new AppError("invalid-input", {
      fields: { openings: "duplicate-id" },
      detail: { item: twice.index },
    });
}

/** With the last item everybody may read every answer, with the salt under which its digest stands in the log. */
async function publishHeld(tx: Transaction, set: CanarySet): Promise<string[]> {
  const held = { canarySetId: set.id, status: "held", redactionId: null };
  const rows = await tx.canaryAnswerSet.findMany({
    where: held,
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: { id: true },
  });
  await tx.canaryAnswerSet.updateMany({ where: held, data: { status: "logged" } });
  return rows.map(({ id }) => id);
}
