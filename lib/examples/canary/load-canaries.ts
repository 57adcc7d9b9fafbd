import { setTimeout as sleep } from "node:timers/promises";
import {
  addPictures,
  authorKeyIdOf,
  commitSet,
  fetchNonce,
  pinRelease,
  queueJudge,
  recordAnswers,
  revealItems,
} from "@/lib/canaries/server";
import type { CanaryTerms } from "@/lib/engine/canary";
import { citableCheckpoint } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { captureRelease, loadCapture, recordCapture, registerModel } from "@/lib/registry/server";
import { asPerson, type Person } from "../ledger/people";
import type { Step } from "../ledger/steps";
import { exampleChain, exampleRound } from "./beacon";
import type { CanaryModel } from "./cast";
import { type Play, plays } from "./play";
import { weightsOf } from "./releases";
import { writtenTranscript } from "./transcript";

/** Two people unconnected with the author: what one says of a model, the other has to have seen, too. */
const collectors = ["wren", "zhuye"] as const;
/** How long after the commitment the beacon's round comes: the example witness has dated it by then. */
const usualBeaconMs = 15_000;
const revealDays = 90;

/**
 * The examples of canary cases, told to their ends through the same commands as everybody: committed, drawn by the
 * beacon, the original's answers logged, the others pinned and asked, items revealed, two suspects judged each. Every step
 * waits until the one before stands in a witnessed checkpoint, or its order would prove nothing. "waiting": call it again.
 */
export async function loadCanaries(
  ctx: Context,
  step: Step,
  { beaconMs = usualBeaconMs } = {},
): Promise<"complete" | "waiting"> {
  if ((await citableCheckpoint(ctx.db)) === null) return "waiting";
  const stands: string[] = [];
  for (const play of plays) stands.push(await loadPlay(ctx, step, play, beaconMs));
  return stands.includes("waiting") ? "waiting" : "complete";
}

async function loadPlay(
  ctx: Context,
  step: Step,
  play: Play,
  beaconMs: number,
): Promise<"complete" | "waiting"> {
  const { cast } = play;
  const once = <Result>(name: string, work: () => Promise<Result>) =>
    step(`canary.${play.key}.${name}`, work);
  const covered = () => isCovered(ctx, play);
  const author = await asPerson(ctx, "meridian");
  // Whoever asks has an account from before the set: one that was made after it could have been made for it.
  for (const collector of collectors) await asPerson(ctx, collector);
  // What a generator draws is public at once: the original and its panel are fixed before.
  if (play.openings === null)
    for (const model of [cast.original, ...cast.references])
      await once(`fixed.${model.real}`, () => fix(ctx, play, model));
  await once("committed", () => commit(author, play, new Date(Date.now() + beaconMs)));
  if (!(await covered()) || !(await hasNonce(ctx, play))) return "waiting";
  if (play.pictures.length > 0)
    await once("pictures", () => addPictures(author, { setId: play.setId, pictures: play.pictures }));
  await once("registered", () => register(author, play));
  if (!(await covered())) return "waiting";
  await once("original", () => answer(ctx, play, "meridian", "original", cast.original));
  if (!(await covered())) return "waiting";
  for (const model of [...cast.suspects, ...cast.references])
    await once(`pinned.${model.real}`, async () => {
      const address = `hf:${model.repository}`;
      await pinRelease(await asPerson(ctx, "wren"), { setId: play.setId, address });
    });
  if (!(await covered())) return "waiting";
  await once("confirmed", () => answer(ctx, play, "wren", "original", cast.original));
  for (const model of cast.references) {
    await once(`reference.${model.real}`, () => answer(ctx, play, "wren", "reference", model));
    await once(`second.${model.real}`, () => answer(ctx, play, "zhuye", "reference", model));
  }
  for (const model of cast.suspects) {
    await once(`suspect.${model.real}`, () => answer(ctx, play, "wren", "suspect", model));
    await once(`second.${model.real}`, () => answer(ctx, play, "zhuye", "suspect", model));
  }
  if (!(await covered())) return "waiting";
  await once("revealed", () => reveal(author, play));
  if (!(await covered())) return "waiting";
  for (const { real, name } of cast.suspects) {
    const { judgementId } = await once(`judged.${real}`, async () => {
      const suspect = await answersId(ctx, play, { role: "suspect", name });
      return queueJudge(await asPerson(ctx, "zhuye"), { setId: play.setId, suspect });
    });
    // One after the other: the second is corrected for the first.
    if (!(await hasEnded(ctx, judgementId))) return "waiting";
  }
  return "complete";
}

/** Puts on record which weights a release has, as pinRelease does, before there is a set to pin it for. */
async function fix(ctx: Context, { setId }: Play, { repository }: CanaryModel): Promise<void> {
  const { captureId } = await captureRelease(await asPerson(ctx, "wren"), `hf:${repository}`);
  await ctx.db.$transaction(async (tx) => {
    const capture = await loadCapture(tx, captureId);
    if (capture === null) throw new Error(`${repository} was not captured`);
    await recordCapture(tx, capture, { about: `canary:${setId}`, t: ctx.clock.now() });
  });
}

async function commit(author: Context, play: Play, roundTime: Date): Promise<void> {
  const { setId } = play;
  // A loader that was interrupted right here has committed already, to another round.
  if ((await author.db.canarySet.count({ where: { setId } })) > 0) return;
  const chain = exampleChain(roundTime);
  const terms: CanaryTerms = {
    ...play.terms,
    references: play.cast.references.map(({ name }) => name),
    deadline: new Date(roundTime.getTime() + revealDays * 86_400_000).toISOString().slice(0, 10),
    beacon: { ...chain, round: exampleRound.round } as CanaryTerms["beacon"],
  };
  const trusting: Context = {
    ...author,
    // Its key is known to everybody: nowhere but in the example ledger is it trusted.
    settings: { ...author.settings, drand: { relay: "http://127.0.0.1:1", trusted: [chain] } },
  };
  const root = await play.rootOf(authorKeyIdOf(memberOf(author.viewer)));
  await commitSet(trusting, { setId, root, terms }, { example: true });
}

/** Verifies and keeps the round that was signed in advance, once its time has come. */
async function hasNonce(ctx: Context, { setId }: Play): Promise<boolean> {
  const set = await ctx.db.canarySet.findUniqueOrThrow({ where: { setId } });
  if (set.nonce !== null) return true;
  const waitMs = (set.nonceDueAt?.getTime() ?? 0) - Date.now();
  // Before the worker looks for it at a relay that has never heard of this chain.
  if (waitMs > 2_000) return false;
  await sleep(Math.max(0, waitMs));
  await fetchNonce(ctx, set.id, {
    fetchRound: async () => ({ ...exampleRound }),
    signal: AbortSignal.timeout(10_000),
  });
  const known = await ctx.db.canarySet.findUniqueOrThrow({ where: { setId } });
  return known.nonce !== null;
}

async function register(author: Context, { cast, setId, statement }: Play): Promise<string> {
  const { captureId } = await captureRelease(author, `hf:${cast.original.repository}`);
  const { modelId } = await registerModel(author, {
    captureId,
    name: cast.original.name,
    statement,
    canarySet: setId,
  });
  await author.db.model.update({ where: { id: modelId }, data: { example: true } });
  return modelId;
}

async function answer(
  ctx: Context,
  play: Play,
  person: Person,
  role: "original" | "suspect" | "reference",
  model: CanaryModel,
): Promise<string> {
  const own = await asPerson(ctx, person);
  const { setId, terms } = play;
  const set = await ctx.db.canarySet.findUniqueOrThrow({ where: { setId } });
  const release = await ctx.db.release.findFirstOrThrow({ where: { repository: model.repository } });
  const weights = weightsOf(model);
  // The second to ask the same weights, after the author or the first collector.
  const confirming = role === "original" ? person !== "meridian" : person === "zhuye";
  const { id } = await recordAnswers(own, {
    setId,
    role,
    name: model.name,
    adapter: "command",
    release: `${release.source}:${release.repository}@${release.commit}`,
    weights,
    vendor: model.vendor,
    ...(role === "reference" ? { family: model.name } : {}),
    ...(confirming ? { confirms: await answersId(ctx, play, { role, name: model.name }) } : {}),
    transcript: writtenTranscript({
      setId,
      model: model.name,
      weights,
      prompt: terms.prompt,
      repeats: terms.repeats,
      items: play.itemsOf(set.nonce ?? ""),
      answers: play.answersOf(model.real),
      at: ctx.clock.now(),
    }),
  });
  return id;
}

async function reveal(author: Context, { setId, openings }: Play): Promise<void> {
  if (openings === null) return;
  const opened = await openings(authorKeyIdOf(memberOf(author.viewer)));
  const lines = opened.map((opening) => `${JSON.stringify(opening)}\n`).join("");
  await revealItems(author, { setId, openings: Buffer.from(lines, "utf8") });
}

async function answersId(
  { db }: Context,
  { setId }: Play,
  of: { readonly role: string; readonly name: string },
): Promise<string> {
  const where = { set: { setId }, confirmsId: null, ...of };
  return (await db.canaryAnswerSet.findFirstOrThrow({ where, select: { id: true } })).id;
}

async function hasEnded({ db }: Context, id: string): Promise<boolean> {
  const { state } = await db.canaryJudgeJob.findUniqueOrThrow({ where: { id }, select: { state: true } });
  return state !== "queued" && state !== "running";
}

/** Whether everything about the set so far lies inside a checkpoint that a next act can cite. */
async function isCovered({ db }: Context, { setId }: Play): Promise<boolean> {
  const set = await db.canarySet.findUniqueOrThrow({ where: { setId }, select: { modelId: true } });
  const model = set.modelId === null ? [] : [`model:${set.modelId}`];
  const where = { about: { in: [`canary:${setId}`, ...model] } };
  if ((await db.logPending.count({ where })) > 0) return false;
  const [last, checkpoint] = await Promise.all([
    db.logEntry.findFirst({ where, orderBy: { index: "desc" }, select: { index: true } }),
    citableCheckpoint(db),
  ]);
  return checkpoint !== null && (last === null || Number(last.index) < checkpoint.size);
}
