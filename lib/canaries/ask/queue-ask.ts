import { parseTerms } from "@/lib/engine/canary";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { told } from "../job/claimed-job";
import { requireFirst } from "../require-first";
import { askableNow } from "./askable";
import { chooseEndpoint } from "./endpoint";
import { askKind } from "./kind";
import { mayAsk, speaksForInstance } from "./policy";
import { type AskParameters, mostCalls, type QueueAskInput, queueAskSchema } from "./schema";

/** Requests beyond one for each repeat, for those that fail and are sent again: half as many more, and some. */
const spare = (calls: number) => Math.ceil(calls / 2) + 20;

/**
 * Queues a questioning of an endpoint by this instance, about the items of a set that are open: revealed ones, or those
 * of a generator set once its nonce is known. The same key twice is the same questioning. Errors: sign-in-required,
 * invalid-input, not-found, not-allowed (the original's answers are its author's; weights and release are stated by moderators),
 * wrong-state (reason: no-terms, nothing-open, no-pictures), too-large, address-refused,
 * too-many-requests.
 */
export async function queueAsk(ctx: Context, input: QueueAskInput): Promise<{ readonly jobId: string }> {
  const userId = memberOf(ctx.viewer);
  const asked = parseInput(queueAskSchema, input);
  const chosen = chooseEndpoint(asked.endpoint, ctx.settings.askEndpoints ?? []);
  // What an endpoint really runs is known to whoever runs it; anybody else's word for it is worth nothing.
  const runsThem = chosen.operated !== null && speaksForInstance(ctx.viewer);
  for (const field of ["weights", "releaseId"] as const)
    if (asked[field] !== undefined && !runsThem)
      throw new AppError("not-allowed", { fields: { [field]: "not-yours-to-state" } });
  const key = asked.idempotencyKey === undefined ? null : `${userId}:${asked.idempotencyKey}`;
  await consumeAct(ctx, "run");
  return ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM canary_set WHERE set_id = ${asked.setId} FOR UPDATE`;
    const set = await tx.canarySet.findUnique({ where: { setId: asked.setId } });
    if (set === null) throw new AppError("not-found");
    if (asked.confirms !== undefined)
      await requireFirst(tx, set, { ...asked, confirms: asked.confirms }, null);
    if (!mayAsk(ctx.viewer, set, asked)) throw new AppError("not-allowed");
    if (key !== null) {
      const same = await tx.canaryAskJob.findUnique({ where: { idempotencyKey: key }, select: { id: true } });
      if (same !== null) return { jobId: same.id };
    }
    const open = await openNow(tx, set);
    const terms = parseTerms(set.terms);
    if (asked.releaseId !== undefined) {
      const release = await tx.release.findUnique({ where: { id: asked.releaseId }, select: { id: true } });
      if (release === null) throw new AppError("not-found", { fields: { releaseId: "not-found" } });
    }
    const calls = open.count * terms.repeats;
    if (calls > mostCalls) throw new AppError("too-large", { detail: { calls, limit: mostCalls } });
    const parameters: AskParameters = {
      operated: chosen.operated,
      batch: open.batch,
      budget: asked.budget ?? calls + spare(calls),
      family: asked.family ?? null,
      base: asked.base ?? null,
      vendor: asked.vendor ?? null,
      corpus: asked.corpus ?? null,
      confirms: asked.confirms ?? null,
      engine: asked.engine ?? null,
      engineVersion: asked.engineVersion ?? null,
      quantisation: asked.quantisation ?? null,
      request: asked.parameters,
    };
    const jobId = newId("caj");
    await tx.canaryAskJob.create({
      data: {
        id: jobId,
        canarySetId: set.id,
        role: asked.role,
        name: asked.name,
        releaseId: asked.releaseId ?? null,
        weights: asked.weights ?? null,
        adapter: "openai-chat",
        endpoint: chosen.url,
        model: asked.model,
        keyName: chosen.operated,
        parameters,
        requestedById: userId,
        idempotencyKey: key,
        createdAt: ctx.clock.now(),
      },
    });
    await ctx.jobs.send(tx, "canary.ask", { version: 1, jobId }, { idempotencyKey: jobId });
    await told(tx, askKind, jobId, set.setId);
    return { jobId };
  });
}

/** How many items can be put to a model now, and the reveal that opened the last of them. */
async function openNow(
  tx: Transaction,
  set: CanarySet,
): Promise<{ readonly count: number; readonly batch: number | null }> {
  const wrong = (reason: string) => new AppError("wrong-state", { detail: { reason } });
  const { askable } = await askableNow(tx, set);
  if (askable === "no-terms" || askable === "no-pictures") throw wrong(askable);
  if (askable !== "yes") throw wrong("nothing-open");
  // All that were drawn are asked.
  if (set.kind === "generator") return { count: set.items, batch: null };
  const revealed = await tx.canaryReveal.aggregate({
    where: { canarySetId: set.id, redactionId: null },
    _count: true,
    _max: { batch: true },
  });
  return { count: revealed._count, batch: revealed._max.batch };
}
