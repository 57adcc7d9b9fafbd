import { beforeAll, describe, expect, test } from "vitest";
import { answerSet, canarySet, listSets, pinRelease, recordAnswers } from "@/lib/canaries/server";
import type { CanaryItem } from "@/lib/engine/canary";
import { writtenTranscript } from "@/lib/examples/canary/transcript";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { hubRepository } from "../../support/hub";
import { type CommittedSet, judgingWorld } from "./judging-world";

const release = (name: string) => hubRepository(name, { "config.json": { model_type: "llama", name } });
const bamboo = release("lab-a/bamboo");
const references = [1, 2, 3].map((at) => release(`lab-${at}/reference`));
const world = await judgingWorld([bamboo, ...references]);
const author = await world.user("Meridian");
const wren = await world.user("Wren");
const alder = await world.user("Alder");

let set: CommittedSet;
let original = "";
let bambooRelease = "";

const label = (item: CanaryItem) => item.answer ?? "";
const transcript = (answer: (item: CanaryItem, index: number) => string = label, model = "reader") =>
  writtenTranscript({
    setId: set.setId,
    model,
    weights: null,
    prompt: "Answer with one label. {prompt}",
    repeats: 3,
    items: set.items.map(({ id, prompt = "" }) => ({ id, prompt })),
    answers: set.items.map(answer),
    at: new Date(),
  });
const page = async (viewer: Viewer = anonymous) => (await canarySet(world.as(viewer), set.setId))!;
const shown = async (id: string, viewer: Viewer = anonymous) =>
  (await page(viewer)).answers.find((one) => one.id === id)!;
const record = async (viewer: Viewer, of: Omit<Parameters<typeof recordAnswers>[1], "setId">) =>
  (await recordAnswers(world.as(viewer), { setId: set.setId, ...of })).id;

beforeAll(async () => {
  set = await world.commit(author, { items: 6, extractor: { kind: "whole" } });
  bambooRelease = (await pinRelease(world.as(wren), { setId: set.setId, address: `hf:${bamboo.name}` }))
    .release;
  await world.seal();
  original = await record(author, {
    role: "original",
    name: "Bamboo",
    release: bambooRelease,
    transcript: transcript(),
  });
  await world.seal();
}, 120_000);

describe("the original's own answers", () => {
  test("are the author's to register; that they are so, anybody unconnected may confirm", async () => {
    expect((await page(author)).may.original).toBe(true);
    expect((await page(wren)).may.original).toBe(false);
    await expect(
      record(wren, { role: "original", name: "Bamboo", transcript: transcript() }),
    ).rejects.toMatchObject({ fields: { role: "author-only" } });
    const confirming = {
      role: "original",
      name: "Bamboo",
      release: bambooRelease,
      confirms: original,
      transcript: transcript(),
    } as const;
    expect(await record(wren, confirming)).toMatch(/^ans_/);
    await world.seal();
  });

  test("are shown at once as what they are worth alone: two files are compared only when all are public", async () => {
    expect(await shown(original)).toMatchObject({
      authenticity: "claimed",
      authenticityReasons: expect.arrayContaining(["collector-connected", "compared-after-reveal"]),
      registeredAs: "claimed",
      mine: false,
    });
    expect((await shown(original, author)).mine).toBe(true);
  });
});

describe("reference panel", () => {
  test("siblings are one independent family; claims, and what has the original's weights, are none", async () => {
    const weights = (at: number) => `${at}`.repeat(64);
    const repositories = [1, 2, 3].map((at) => `lab-${at}/reference`);
    for (const repository of repositories)
      await pinRelease(world.as(wren), { setId: set.setId, address: `hf:${repository}` });
    await world.seal();
    const spec = async (repository: string) => {
      const { commit } = await world.db.release.findFirstOrThrow({ where: { repository } });
      return `hf:${repository}@${commit}`;
    };
    for (const viewer of [wren, alder])
      for (const [at, repository] of repositories.entries())
        await record(viewer, {
          role: "reference",
          name: repository,
          family: at < 2 ? "siblings" : "others",
          release: await spec(repository),
          transcript: transcript((_, index) => `guess ${at} ${index}`, repository),
        });
    await record(alder, {
      role: "reference",
      name: "Claimed",
      weights: weights(7),
      transcript: transcript(),
    });
    await record(author, { role: "reference", name: "Own friend", transcript: transcript() });
    // Collections are compared once all is public: till then none of them is worth more than a claim.
    expect((await page()).panel).toMatchObject({ registered: 8, families: 0, needed: 5 });
  });
});

describe("once all items are public", () => {
  test("the class shown is the one that a judgement would use, with its reason, wherever it is shown", async () => {
    await world.seal();
    await world.reveal(author, set);
    await world.seal();
    const worth = {
      authenticity: "re-run",
      authenticityReasons: ["confirmed-by-re-run"],
      registeredAs: "claimed",
    };
    expect(await shown(original)).toMatchObject(worth);
    expect(await answerSet(world.as(anonymous), original)).toMatchObject(worth);
    const { panel } = await page();
    expect(panel).toMatchObject({ registered: 8, families: 2 });
    const why = Object.fromEntries(panel.leftOut.map(({ name, reason }) => [name, reason]));
    expect(why).toMatchObject({ Claimed: "claimed", "Own friend": "claimed-by-author" });
  });
});

describe("an author's sets", () => {
  test("are listed together, whether a model is named or not, sealed and failed ones among them", async () => {
    const second = await world.commit(author, { items: 6 });
    const other = await world.commit(wren, { items: 6 });
    const { ownerId } = await page();
    const list = await listSets(world.as(anonymous), { owner: ownerId });
    expect(list.rows.map(({ setId }) => setId)).toEqual([second.setId, set.setId]);
    expect(list.owner).toEqual({ id: ownerId, name: "Meridian", unrevealed: 1, failed: 0 });
    const later = { ...world.as(anonymous), clock: { now: () => new Date(Date.now() + 40 * 86_400_000) } };
    const afterwards = await listSets(later, { owner: ownerId });
    expect(afterwards.owner).toMatchObject({ unrevealed: 0, failed: 1 });
    expect(afterwards.rows.map(({ state }) => state)).toEqual(["failed", "revealed"]);
    const everybody = await listSets(world.as(anonymous), {});
    expect(everybody.owner).toBeNull();
    expect(everybody.rows.map(({ setId }) => setId)).toContain(other.setId);
    expect(await listSets(world.as(anonymous), { owner: "usr_00000000000000000000" })).toMatchObject({
      total: 0,
    });
  });
});
