import { setTimeout as sleep } from "node:timers/promises";
import { commitSet, fetchNonce, pinRelease, queueJudge, recordAnswers } from "@/lib/canaries/server";
import { type CanaryTerms, generatedItems, generatorRoot } from "@/lib/engine/canary";
import { citableCheckpoint } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { captureRelease, registerModel } from "@/lib/registry/server";
import { asPerson, type Person } from "../ledger/people";
import type { Step } from "../ledger/steps";
import { exampleChain } from "./beacon";
import { type CanaryModel, ocrOriginal, ocrReferences, ocrSuspects } from "./cast";
import { answersOfReal, recorded } from "./recorded";
import { weightsOf } from "./releases";
import { writtenTranscript } from "./transcript";

/** How long after the commitment the beacon's round comes: the example witness has dated it by then. */
const usualBeaconMs = 20_000;
const revealDays = 90;
/** Six independent families support no claim rarer than 1 in 36: less would be registered in vain. */
const threshold = "0.03";

const { setId } = recorded;
const about = [`canary:${setId}`];

/**
 * The example of a canary case, told to its end through the same commands as everybody: a generator set is committed, the
 * beacon draws its items, the original's answers are logged, then the others are pinned and asked, and two suspects are
 * judged: a copy, which is found, and a sibling by the same makers, which is not. Each step waits until the one before
 * stands in a witnessed checkpoint, or its order would prove nothing. "waiting": call it again.
 */
export async function loadCanaries(
  ctx: Context,
  step: Step,
  { beaconMs = usualBeaconMs } = {},
): Promise<"complete" | "waiting"> {
  const author = await asPerson(ctx, "meridian");
  if ((await citableCheckpoint(ctx.db)) === null) return "waiting";
  await step("canary.committed", () => commit(author, new Date(Date.now() + beaconMs)));
  if (!(await isCovered(ctx)) || !(await hasNonce(ctx))) return "waiting";
  await step("canary.registered", () => register(author));
  if (!(await isCovered(ctx))) return "waiting";
  await step("canary.original", () => answer(ctx, "meridian", "original", ocrOriginal));
  if (!(await isCovered(ctx))) return "waiting";
  for (const model of [...ocrSuspects, ...ocrReferences])
    await step(`canary.pinned.${model.real}`, async () => {
      await pinRelease(await asPerson(ctx, "wren"), { setId, address: `hf:${model.repository}` });
    });
  if (!(await isCovered(ctx))) return "waiting";
  await step("canary.confirmed", () => answer(ctx, "wren", "original", ocrOriginal));
  for (const model of ocrReferences)
    await step(`canary.reference.${model.real}`, () => answer(ctx, "wren", "reference", model));
  for (const model of ocrSuspects)
    await step(`canary.suspect.${model.real}`, () => answer(ctx, "wren", "suspect", model));
  if (!(await isCovered(ctx))) return "waiting";
  for (const { real, name } of ocrSuspects) {
    const { judgementId } = await step(`canary.judged.${real}`, async () =>
      queueJudge(await asPerson(ctx, "zhuye"), { setId, suspect: await suspectId(ctx, name) }),
    );
    // One after the other: the second is corrected for the first.
    if (!(await hasEnded(ctx, judgementId))) return "waiting";
  }
  return "complete";
}

async function commit(author: Context, roundTime: Date): Promise<string> {
  const { generator } = recorded.terms;
  if (generator === undefined) throw new Error("the recorded set is one of a generator");
  // A loader that was interrupted right here has committed already, to another round.
  if ((await author.db.canarySet.count({ where: { setId } })) > 0) return setId;
  const chain = exampleChain(roundTime);
  const terms: CanaryTerms = {
    ...recorded.terms,
    threshold,
    references: ocrReferences.map(({ name }) => name),
    deadline: new Date(roundTime.getTime() + revealDays * 86_400_000).toISOString().slice(0, 10),
    beacon: { ...chain, round: recorded.round.round } as CanaryTerms["beacon"],
  };
  const trusting: Context = {
    ...author,
    // Its key is known to everybody: nowhere but in the example ledger is it trusted.
    settings: { ...author.settings, drand: { relay: "http://127.0.0.1:1", trusted: [chain] } },
  };
  await commitSet(trusting, { setId, root: generatorRoot(generator), terms }, { example: true });
  return setId;
}

/** Verifies and keeps the round that was signed in advance, once its time has come. */
async function hasNonce(ctx: Context): Promise<boolean> {
  const set = await ctx.db.canarySet.findUniqueOrThrow({ where: { setId } });
  if (set.nonce !== null) return true;
  const waitMs = (set.nonceDueAt?.getTime() ?? 0) - Date.now();
  // Before the worker looks for it at a relay that has never heard of this chain.
  if (waitMs > 2_000) return false;
  await sleep(Math.max(0, waitMs));
  await fetchNonce(ctx, set.id, {
    fetchRound: async () => ({ ...recorded.round }),
    signal: AbortSignal.timeout(10_000),
  });
  const known = await ctx.db.canarySet.findUniqueOrThrow({ where: { setId } });
  return known.nonce !== null;
}

async function register(author: Context): Promise<string> {
  const { captureId } = await captureRelease(author, `hf:${ocrOriginal.repository}`);
  const { modelId } = await registerModel(author, {
    captureId,
    name: ocrOriginal.name,
    statement: "Fictitious example. A generator set of characters was committed before this release.",
    canarySet: setId,
  });
  await author.db.model.update({ where: { id: modelId }, data: { example: true } });
  return modelId;
}

async function answer(
  ctx: Context,
  person: Person,
  role: "original" | "suspect" | "reference",
  model: CanaryModel,
): Promise<string> {
  const own = await asPerson(ctx, person);
  const set = await ctx.db.canarySet.findUniqueOrThrow({ where: { setId } });
  const release = await ctx.db.release.findFirstOrThrow({ where: { repository: model.repository } });
  const weights = weightsOf(model);
  const confirms = role === "original" && person !== "meridian" ? await originalId(ctx) : null;
  const { id } = await recordAnswers(own, {
    setId,
    role,
    name: model.name,
    adapter: "command",
    release: `${release.source}:${release.repository}@${release.commit}`,
    weights,
    vendor: model.vendor,
    ...(role === "reference" ? { family: model.name } : {}),
    ...(confirms === null ? {} : { confirms }),
    transcript: writtenTranscript({
      setId,
      model: model.name,
      weights,
      prompt: recorded.terms.prompt,
      repeats: recorded.terms.repeats,
      items: itemsOf(set.nonce ?? ""),
      answers: answersOfReal(model.real),
      at: ctx.clock.now(),
    }),
  });
  return id;
}

/** What the program draws, with the pictures that the readers were shown. */
function itemsOf(nonce: string) {
  const { generator } = recorded.terms;
  if (generator === undefined) return [];
  const drawn = generatedItems(generator, { nonce, setId, items: recorded.items.length });
  return drawn.map(({ id }, index) => {
    const image = recorded.items[index]?.image;
    if (image === undefined || recorded.items[index]?.id !== id)
      throw new Error("the recorded answers are of other items than those that were drawn");
    return { id, image: { ...image, type: "image/png" as const } };
  });
}

async function originalId({ db }: Context): Promise<string> {
  const where = { set: { setId }, role: "original", confirmsId: null };
  return (await db.canaryAnswerSet.findFirstOrThrow({ where, select: { id: true } })).id;
}

async function suspectId({ db }: Context, name: string): Promise<string> {
  return (await db.canaryAnswerSet.findFirstOrThrow({ where: { set: { setId }, role: "suspect", name } })).id;
}

async function hasEnded({ db }: Context, id: string): Promise<boolean> {
  const { state } = await db.canaryJudgeJob.findUniqueOrThrow({ where: { id }, select: { state: true } });
  return state !== "queued" && state !== "running";
}

/** Whether everything about the set so far lies inside a checkpoint that a next act can cite. */
async function isCovered({ db }: Context): Promise<boolean> {
  const set = await db.canarySet.findUniqueOrThrow({ where: { setId }, select: { modelId: true } });
  const where = { about: { in: [...about, ...(set.modelId === null ? [] : [`model:${set.modelId}`])] } };
  if ((await db.logPending.count({ where })) > 0) return false;
  const [last, checkpoint] = await Promise.all([
    db.logEntry.findFirst({ where, orderBy: { index: "desc" }, select: { index: true } }),
    citableCheckpoint(db),
  ]);
  return checkpoint !== null && (last === null || Number(last.index) < checkpoint.size);
}
