import { commitSet } from "@/lib/canaries/server";
import {
  acceptParty,
  casePage,
  documentCase,
  draftCase,
  moveCase,
  submitCase,
  withdrawCase,
} from "@/lib/cases/server";
import { addPost, replyAsParty } from "@/lib/evidence/server";
import { exampleReleases } from "@/lib/examples/releases/catalogue";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { captureRelease, registerModel } from "@/lib/registry/server";
import { queueRun } from "@/lib/verification/server";
import { loadCanaries } from "../canary/load-canaries";
import { exampleCommitment } from "./commitment";
import { llama3vCase } from "./documented-case";
import { asPerson, idOf, type Person } from "./people";
import { readProgress, type Step, stepsOf, writeProgress } from "./steps";
import { evidence, replies, reports, statements } from "./texts";

export type Loaded = "complete" | "runs-pending" | "not-empty";

/**
 * Fills an empty database with the example ledger, through the same commands as everybody: the documented case, three
 * registrations, three cases in different states whose runs the worker executes, and a canary case from the commitment
 * to two judgements. `ctx.sources` must point at the example Hub. Call it again until it says "complete": it goes on where
 * it stopped, once runs have ended and the log has gone on. A database that somebody else has used is left alone.
 */
export async function loadExamples(
  ctx: Context,
  options: { readonly beaconMs?: number } = {},
): Promise<Loaded> {
  const progress = (await readProgress(ctx)) ?? { complete: false, steps: {} };
  if (progress.complete) return "complete";
  const started = Object.keys(progress.steps).length > 0;
  if (!started && !(await isEmpty(ctx))) return "not-empty";
  const step = stepsOf(ctx, progress);
  await step("begin", async () => true);

  await step("documented", async () => {
    const { publicId } = await documentCase(await asPerson(ctx, "alder"), llama3vCase);
    await ctx.db.case.update({ where: { publicId }, data: { example: true } });
    return publicId;
  });
  const heron = await register(ctx, step, "meridian", "original", "Heron-VL", statements.heron);
  await register(ctx, step, "tidewater", "credited", "Heron-VL Harbour", statements.harbour);
  await register(ctx, step, "tidewater", "independent", "Plover-VL", statements.plover);

  const independent = await openCase(ctx, step, "independent", "zhuye", heron);
  const credited = await openCase(ctx, step, "credited", "wren", heron);
  const renamed = await openCase(ctx, step, "renamed", "wren", heron);
  await discuss(ctx, step, renamed);

  const canaries = await loadCanaries(ctx, step, options);
  if (await runsPending(ctx)) return "runs-pending";
  await step("independent.withdrawn", async () => {
    await withdrawCase(await asPerson(ctx, "zhuye"), { caseId: independent.caseId, reason: "mistaken" });
  });
  await step("credited.proposed", async () => {
    const reasons = [{ code: "card-declares-original" as const }];
    const act = { act: "propose-resolution" as const, finding: "attributed" as const, reasons };
    await moveCase(await asPerson(ctx, "alder"), { caseId: credited.caseId, act });
  });
  await step("credited.resolved", async () => {
    await moveCase(await asPerson(ctx, "hazel"), { caseId: credited.caseId, act: { act: "confirm" } });
  });
  if (canaries === "waiting") return "runs-pending";
  await writeProgress(ctx, { ...progress, complete: true });
  return "complete";
}

/** Nobody has used this database yet. */
async function isEmpty(ctx: Context): Promise<boolean> {
  const counts = await Promise.all([ctx.db.user.count(), ctx.db.model.count(), ctx.db.case.count()]);
  return counts.every((count) => count === 0);
}

async function register(
  ctx: Context,
  step: Step,
  person: Person,
  release: keyof typeof exampleReleases,
  name: string,
  statement: string,
): Promise<string> {
  return step(`registered.${release}`, async () => {
    const own = await asPerson(ctx, person);
    const { captureId } = await captureRelease(own, `hf:${exampleReleases[release]}`);
    const set = release === "original" ? await exampleCommitment(memberOf(own.viewer)) : null;
    if (set !== null) await commitSet(own, set, { example: true });
    const chosen = set === null ? {} : { canarySet: set.setId };
    const { modelId } = await registerModel(own, { captureId, name, statement, ...chosen });
    await ctx.db.model.update({ where: { id: modelId }, data: { example: true } });
    return modelId;
  });
}

interface Opened {
  readonly caseId: string;
  readonly runId: string;
}

/** From the draft to the queued run: reported, reviewed, notified, answered by the named party, opened. */
async function openCase(
  ctx: Context,
  step: Step,
  kind: "renamed" | "credited" | "independent",
  reporter: Person,
  original: string,
): Promise<Opened> {
  const moderator = kind === "credited" ? "hazel" : "alder";
  const caseId = await step(`${kind}.drafted`, async () => {
    const drafted = await draftCase(await asPerson(ctx, reporter), {
      original,
      suspect: `hf:${exampleReleases[kind]}`,
      ...reports[kind],
      interest: "none",
      idempotencyKey: `example-ledger-${kind}`,
    });
    await ctx.db.case.update({ where: { id: drafted.caseId }, data: { example: true } });
    return drafted.caseId;
  });
  await step(`${kind}.submitted`, async () => submitCase(await asPerson(ctx, reporter), { caseId }));
  await step(`${kind}.notified`, async () =>
    moveCase(await asPerson(ctx, moderator), { caseId, act: { act: "notify" } }),
  );
  await step(`${kind}.answered`, async () =>
    answer(ctx, caseId, moderator, "suspect", "tidewater", replies[kind]),
  );
  await step(`${kind}.opened`, async () =>
    moveCase(await asPerson(ctx, moderator), { caseId, act: { act: "open" } }),
  );
  const { runId } = await step(`${kind}.run`, async () =>
    queueRun(await asPerson(ctx, reporter), { caseId, idempotencyKey: `example-ledger-${kind}` }),
  );
  return { caseId, runId };
}

/** The party's account is accepted, then it replies. */
async function answer(
  ctx: Context,
  caseId: string,
  moderator: Person,
  side: "original" | "suspect",
  person: Person,
  body: string,
): Promise<void> {
  const party = await ctx.db.caseParty.findFirstOrThrow({ where: { caseId, side } });
  const own = await asPerson(ctx, person);
  await acceptParty(await asPerson(ctx, moderator), {
    caseId,
    partyId: party.id,
    userId: idOf(person),
    basis: "organisation-account",
  });
  await replyAsParty(own, { caseId, partyId: party.id, body, idempotencyKey: `example-${side}-${caseId}` });
}

async function discuss(ctx: Context, step: Step, { caseId }: Opened): Promise<void> {
  await step("renamed.original-answers", async () =>
    answer(ctx, caseId, "alder", "original", "meridian", replies.original),
  );
  const parentId = await step("renamed.evidence", async () => {
    const own = await asPerson(ctx, "zhuye");
    const page = await casePage(own, caseId, own.viewer);
    const claim = page?.claims.find((one) => one.kind === "same-tokenizer");
    const on = claim ? { claimId: claim.id } : {};
    const added = await addPost(own, { caseId, ...on, body: evidence.zh, interest: "none" });
    return added.postId;
  });
  await step("renamed.thanks", async () =>
    addPost(await asPerson(ctx, "wren"), { caseId, parentId, body: evidence.thanks, interest: "none" }),
  );
}

/** Whether runs of example cases still wait for the worker. */
async function runsPending({ db }: Context): Promise<boolean> {
  return (
    (await db.run.count({ where: { case: { example: true }, state: { in: ["queued", "running"] } } })) > 0
  );
}
