import { beforeAll, describe, expect, test } from "vitest";
import { getBlob } from "@/app/api/v1/_endpoints/blobs";
import {
  getCanaryAnswerSet,
  getCanaryAnswers,
  getCanaryOpenings,
  getCanaryOrder,
  getCanarySet,
  getCanarySets,
  postCanarySet,
} from "@/app/api/v1/_endpoints/canary-sets";
import {
  answersOf,
  canarySet,
  commitSet,
  fetchNonce,
  fetchRoundFrom,
  listSets,
  recordAnswers,
  revealItems,
  setsWithoutNonce,
} from "@/lib/canaries/server";
import {
  authorKeyIdOfAccount,
  type CanaryItem,
  type CanaryTerms,
  generatedItems,
  generatorRoot,
  imageFacts,
  openSet,
  targetOf,
  verifyOpening,
} from "@/lib/engine/canary";
import { makeSet } from "@/lib/engine/canary/set";
import { formatAnswers } from "@/lib/engine/canary/transcript";
import { payloadDigest } from "@/lib/ledger/server";
import { anonymous, type Context, type Viewer } from "@/lib/platform/context";
import { recordedActs } from "@/tests/support/recorded-acts";
import { tinyPng } from "@/tests/support/tiny-images";
import { asking } from "../http/support";
import { type CommittedSet, judgingWorld, labelTerms } from "./judging-world";

const world = await judgingWorld();
const { db } = world;
const ask = asking({ ctx: world.ctx } as never);
let author: Viewer;
let stranger: Viewer;

beforeAll(async () => {
  author = await world.user("Author");
  stranger = await world.user("Stranger");
});

const lines = (openings: readonly object[]) =>
  Buffer.from(openings.map((one) => `${JSON.stringify(one)}\n`).join(""), "utf8");
const openingsOf = async (set: CommittedSet, indices?: readonly number[]) => openSet(set.secrets, indices);
const reveal = (viewer: Viewer, setId: string, openings: readonly object[]) =>
  revealItems(world.as(viewer), { setId, openings: lines(openings) });
const hits = (item: { readonly answer?: string }) => item.answer ?? "";
const later = (viewer: Viewer, days: number): Context => ({
  ...world.as(viewer),
  clock: { now: () => new Date(Date.now() + days * 86_400_000) },
});

describe("revealItems", () => {
  test("item by item: what is open can be checked by anybody, the rest stays closed, the last one publishes the answers", async () => {
    const set = await world.commit(author);
    const held = await world.answers(stranger, set, { role: "suspect", name: "S" }, hits);
    await expect(reveal(stranger, set.setId, await openingsOf(set, [0]))).rejects.toMatchObject({
      code: "not-allowed",
    });
    expect(await reveal(author, set.setId, await openingsOf(set, [4, 0]))).toEqual({
      revealed: 2,
      complete: false,
      batch: 1,
    });
    // Again, it is what it was.
    expect(await reveal(author, set.setId, await openingsOf(set, [0]))).toEqual({
      revealed: 2,
      complete: false,
      batch: null,
    });
    const shown = await (await ask(getCanaryOpenings, { params: { setId: set.setId } })).json();
    expect(shown.items.map(({ index }: { index: number }) => index)).toEqual([0, 4]);
    const page = await canarySet(world.as(anonymous), set.setId);
    expect(page).toMatchObject({ state: "partly-revealed", revealed: 2 });
    for (const { index, opening, target } of shown.items) {
      const item = verifyOpening(opening, {
        root: page?.root ?? "",
        setId: set.setId,
        authorKeyId: page?.authorKeyId ?? "",
        size: 8,
      });
      expect(item.options?.[target]).toBe(set.items[index]?.answer);
      const nonce = page?.nonce.state === "known" ? page.nonce.nonce : "";
      expect(target).toBe(targetOf(opening.targetKey, { nonce, setId: set.setId, index, options: 64 }));
    }
    expect(await answersOf(world.as(anonymous), held)).toMatchObject({
      complete: false,
      rows: [{ id: "item-0" }, { id: "item-4" }],
    });
    const part = await ask(getCanaryAnswerSet, { params: { setId: set.setId, id: held } });
    expect(part.headers.get("x-slipmark-complete")).toBe("false");
    expect((await part.text()).trim().split("\n")).toHaveLength(2);
    expect(
      (await (await ask(getCanaryAnswers, { params: { setId: set.setId } })).json()).items[0].answersSalt,
    ).toBeNull();

    expect(await reveal(author, set.setId, await openingsOf(set))).toEqual({
      revealed: 8,
      complete: true,
      batch: 2,
    });
    expect((await canarySet(world.as(anonymous), set.setId))?.state).toBe("revealed");
    expect((await answersOf(world.as(anonymous), held))?.complete).toBe(true);
    const [first, second] = (await recordedActs(db, "reveal"))
      .map((statement) => JSON.parse(statement).predicate)
      .filter((predicate) => predicate.set === set.setId)
      .sort((a, b) => a.batch - b.batch);
    expect(first).toMatchObject({ items: 2, complete: false, answers: [] });
    expect(second).toMatchObject({ items: 6, complete: true, answers: [held] });
    // What was registered can be computed from what is read now.
    const { items } = await (await ask(getCanaryAnswers, { params: { setId: set.setId } })).json();
    const whole = await ask(getCanaryAnswerSet, { params: { setId: set.setId, id: held } });
    const bytes = new Uint8Array(await whole.arrayBuffer());
    expect(payloadDigest(Buffer.from(items[0].answersSalt, "hex"), bytes)).toBe(
      `sha256:${items[0].answersSha256}`,
    );
    expect(items[0].answersSha256).toBe(await answersDigest(held));
    // What comes after is public at once.
    const late = await world.answers(stranger, set, { role: "reference", name: "Late" }, hits);
    expect((await answersOf(world.as(anonymous), late))?.complete).toBe(true);
  });

  test("an opening that does not match is refused, and nothing of its file is opened", async () => {
    const set = await world.commit(author);
    const other = await world.commit(author);
    const [one, two] = await openingsOf(set, [0, 1]);
    const [foreign] = await openingsOf(other, [0]);
    if (one === undefined || two === undefined || foreign === undefined) throw new Error("no openings");
    const flipped = (hash: string) => (hash.startsWith("0") ? "1" : "0") + hash.slice(1);
    const wrong: [string, object[], string][] = [
      ["another salt", [two, { ...one, salt: flipped(one.salt) }], "bad-opening"],
      ["another target key", [{ ...one, targetKey: flipped(one.targetKey) }], "bad-opening"],
      ["another item", [{ ...one, item: one.item.replace("room 0", "room 7") }], "bad-opening"],
      ["another place", [{ ...one, index: 2 }], "bad-opening"],
      ["another path", [{ ...one, path: one.path.map(flipped) }], "bad-opening"],
      ["another set's", [foreign], "bad-opening"],
      ["the same twice", [one, one], "bad-opening"],
      ["an index outside of the set", [{ ...one, index: 8 }], "bad-opening"],
      ["a field nobody knows", [{ ...one, note: "x" }], "bad-opening"],
      ["nothing", [], "no-items"],
    ];
    for (const [how, openings, code] of wrong)
      await expect(reveal(author, set.setId, openings), how).rejects.toMatchObject({
        code: "invalid-input",
        fields: { openings: code },
      });
    expect(await db.canaryReveal.count({ where: { set: { setId: set.setId } } })).toBe(0);
  });

  test("two reveals at the same moment open every item once", async () => {
    const set = await world.commit(author);
    const all = await openingsOf(set);
    await Promise.all([
      reveal(author, set.setId, all.slice(0, 5)),
      reveal(author, set.setId, all.slice(3)),
      reveal(author, set.setId, all),
    ]);
    expect(await db.canaryReveal.count({ where: { set: { setId: set.setId } } })).toBe(8);
    const said = (await recordedActs(db, "reveal"))
      .map((statement) => JSON.parse(statement).predicate)
      .filter((predicate) => predicate.set === set.setId);
    expect(said.reduce((sum, { items }) => sum + items, 0)).toBe(8);
    expect(said.filter(({ complete }) => complete)).toHaveLength(1);
  });

  test("what is unrevealed after the deadline has failed for ever", async () => {
    const set = await world.commit(author);
    await reveal(author, set.setId, await openingsOf(set, [0, 1, 2]));
    const openings = lines(await openingsOf(set));
    await expect(revealItems(later(author, 40), { setId: set.setId, openings })).rejects.toMatchObject({
      code: "wrong-state",
      fields: { set: "deadline-passed" },
    });
    expect(await canarySet(later(anonymous, 40), set.setId)).toMatchObject({
      state: "failed",
      revealed: 3,
      may: { reveal: false },
    });
    const failed = await listSets(later(anonymous, 40), { state: "failed" });
    expect(failed.rows.map(({ setId }) => setId)).toContain(set.setId);
    expect((await listSets(world.as(anonymous), { state: "failed" })).total).toBe(0);
    // A set that was revealed in time stays so.
    const whole = await world.commit(author);
    await reveal(author, whole.setId, await openingsOf(whole));
    expect((await canarySet(later(anonymous, 40), whole.setId))?.state).toBe("revealed");
  });

  test("images come with their openings, are checked, and are public from then on", async () => {
    const images = new Map<string, Uint8Array>();
    const items: CanaryItem[] = [1, 2].map((number) => {
      const bytes = tinyPng(8, 8, 40 * number);
      const facts = imageFacts(bytes, `picture ${number}`);
      images.set(facts.sha256, bytes);
      return { id: `picture-${number}`, image: facts, answer: `字${number}` };
    });
    const authorKeyId = authorKeyIdOfAccount(author.userId ?? "");
    const terms: CanaryTerms = {
      ...labelTerms(2),
      kind: "natural",
      options: null,
      primary: "robust",
      threshold: "0.01",
      beacon: { kind: "none" },
    };
    const { commitment, secrets } = await makeSet({ items, images, authorKeyId }, { terms });
    await commitSet(world.as(author), {
      setId: commitment.setId,
      root: commitment.root,
      authorKeyId,
      terms,
    });
    const openings = await openSet(secrets);
    const [first] = openings;
    if (first === undefined) throw new Error("no openings");
    const { image: _, ...bare } = first;
    const [, second] = [...images.values()].map((bytes) => Buffer.from(bytes).toString("base64"));
    for (const opening of [bare, { ...first, image: second }, { ...first, image: "AAAA" }])
      await expect(reveal(author, commitment.setId, [opening])).rejects.toMatchObject({
        code: "invalid-input",
        fields: { openings: expect.stringMatching(/^bad-(image|opening)$/) },
      });
    const hash = items[0]?.image?.sha256 ?? "";
    expect((await ask(getBlob, { params: { hex: hash } })).status).toBe(404);
    await reveal(author, commitment.setId, openings);
    const shown = await (await ask(getCanaryOpenings, { params: { setId: commitment.setId } })).json();
    expect(shown.items.map(({ image, target }: { image: string; target: null }) => [image, target])).toEqual(
      items.map(({ image }) => [image?.sha256, null]),
    );
    const bytes = new Uint8Array(await (await ask(getBlob, { params: { hex: hash } })).arrayBuffer());
    expect(Buffer.from(bytes).equals(Buffer.from(images.get(hash) ?? []))).toBe(true);
  });
});

describe("the nonce", () => {
  const never = new AbortController().signal;
  const waiting = async (beacon: CanaryTerms["beacon"], change: Partial<CanaryTerms> = {}) => {
    const setId = Buffer.from(`${Math.random()}`).toString("hex").padEnd(32, "0").slice(-32);
    await commitSet(world.as(author), {
      setId,
      root: change.generator ? generatorRoot(change.generator) : setId.repeat(2),
      terms: { ...labelTerms(4), beacon, ...change },
    });
    return db.canarySet.findUniqueOrThrow({ where: { setId } });
  };
  const soon = () => {
    const chain = world.ctx.settings.drand?.trusted[0];
    if (chain === undefined) throw new Error("no chain");
    const round = Math.ceil(Date.now() / 1000 - chain.genesisTime) + 3;
    return { ...chain, round } as CanaryTerms["beacon"];
  };

  test("is fetched from the relay when it is time, verified, and kept with its signature", async () => {
    const set = await waiting(soon());
    const io = { fetchRound: fetchRoundFrom(world.ctx), signal: never };
    expect(await fetchNonce(world.ctx, set.id, io)).toBe("again");
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect((await setsWithoutNonce(world.ctx)).map(({ id }) => id)).toContain(set.id);
    // A relay that lies is no reason to give up: why it failed is shown meanwhile.
    const lie = { round: Number(set.beaconRound), signature: "8f".repeat(48) };
    expect(await fetchNonce(world.ctx, set.id, { fetchRound: async () => lie, signal: never })).toBe("again");
    expect((await canarySet(world.as(anonymous), set.setId))?.nonce).toMatchObject({
      state: "waiting",
      failure: "bad-signature",
    });
    expect(await fetchNonce(world.ctx, set.id, io)).toBe("done");
    const shown = await (await ask(getCanarySet, { params: { setId: set.setId } })).json();
    expect(shown.nonce).toMatchObject({
      state: "known",
      nonce: expect.stringMatching(/^[0-9a-f]{64}$/),
      source: { kind: "drand", round: Number(set.beaconRound), signature: expect.any(String) },
    });
    // Known once, it never changes.
    expect(await fetchNonce(world.ctx, set.id, { fetchRound: async () => lie, signal: never })).toBe("done");
  }, 30_000);

  test("may be a tree of our own log, labelled as what it is", async () => {
    await world.seal();
    const before = Number((await db.logState.findUniqueOrThrow({ where: { id: 1 } })).size);
    const set = await waiting({ kind: "log-checkpoint", size: before + 2, grindBits: 20 });
    const io = { fetchRound: async () => Promise.reject(new Error("no relay is asked")), signal: never };
    await world.seal();
    expect(await fetchNonce(world.ctx, set.id, io)).toBe("again");
    await waiting({ kind: "log-checkpoint", size: before + 9, grindBits: 20 });
    await world.seal();
    expect(await fetchNonce(world.ctx, set.id, io)).toBe("done");
    const page = await canarySet(world.as(anonymous), set.setId);
    expect(page?.nonce).toMatchObject({
      state: "known",
      source: { kind: "log-checkpoint", size: before + 2, grindBits: 20 },
    });
    const { root } = await db.logCheckpoint.findUniqueOrThrow({ where: { size: BigInt(before + 2) } });
    expect(page?.nonce).toMatchObject({ nonce: Buffer.from(root).toString("hex") });
    expect(page?.chain[1]).toMatchObject({ id: "nonce", ok: true, reason: "ordered" });
  });

  test("draws a generator's items: there is nothing to reveal, and answers are public at once", async () => {
    const generator = { program: "rare-han/v1", parameters: { from: 0x4e00, to: 0x9fff } } as const;
    const set = await waiting(soon(), {
      kind: "generator",
      options: null,
      primary: "robust",
      threshold: "0.01",
      generator,
    });
    const answers = (ids: readonly string[]) =>
      recordAnswers(world.as(stranger), {
        setId: set.setId,
        role: "suspect",
        name: "S",
        answers: Buffer.from(formatAnswers(ids.map((id) => ({ id, answer: "一" })))),
      });
    await expect(answers(["U+4E00"])).rejects.toMatchObject({
      code: "wrong-state",
      fields: { form: "nonce-not-known" },
    });
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    await fetchNonce(world.ctx, set.id, { fetchRound: fetchRoundFrom(world.ctx), signal: never });
    const { nonce } = await db.canarySet.findUniqueOrThrow({ where: { id: set.id } });
    const ids = generatedItems(generator, { nonce: nonce ?? "", setId: set.setId, items: 4 }).map(
      ({ id }) => id,
    );
    await expect(answers(ids.slice(1))).rejects.toMatchObject({ fields: { answers: "missing-answer" } });
    await expect(answers([...ids.slice(1), "U+1"])).rejects.toMatchObject({
      fields: { answers: "unknown-item" },
    });
    const { id } = await answers(ids);
    expect((await answersOf(world.as(anonymous), id))?.complete).toBe(true);
    await expect(reveal(author, set.setId, [])).rejects.toMatchObject({
      code: "wrong-state",
      fields: { set: "nothing-to-reveal" },
    });
    expect((await canarySet(world.as(anonymous), set.setId))?.state).toBe("revealed");
  }, 30_000);

  test("a random-label set is neither answered for by its original nor revealed before it", async () => {
    const set = await waiting(soon());
    await expect(
      recordAnswers(world.as(author), {
        setId: set.setId,
        role: "original",
        name: "O",
        answers: Buffer.from('{"id":"a","answer":"b"}\n'),
      }),
    ).rejects.toMatchObject({ code: "wrong-state", fields: { form: "nonce-not-known" } });
    await expect(reveal(author, set.setId, [])).rejects.toMatchObject({
      fields: { set: "nonce-not-known" },
    });
  });
});

test("the interface lists sets, answers and their order; what is not there is not found; writing needs a session", async () => {
  const set = await world.commit(author);
  const id = await world.answers(stranger, set, { role: "suspect", name: "S" }, hits);
  const listed = await (await ask(getCanarySets, { query: "?limit=1" })).json();
  expect(listed.items).toMatchObject([{ setId: set.setId, owner: "Author", state: "committed" }]);
  const next = await (await ask(getCanarySets, { query: `?limit=1&cursor=${listed.next}` })).json();
  expect(next.items[0].setId).not.toBe(set.setId);
  const { items } = await (await ask(getCanaryAnswers, { params: { setId: set.setId } })).json();
  expect(items).toMatchObject([
    { id, role: "suspect", status: "held", collector: { site: false, name: "Stranger" } },
  ]);
  expect(items[0].answersSalt).toBeNull();
  const { steps } = await (await ask(getCanaryOrder, { params: { setId: set.setId, id } })).json();
  expect(steps.map((step: { id: string }) => step.id)).toEqual([
    "commit",
    "nonce",
    "original",
    "observed",
    "answers",
    "reveal",
  ]);
  const elsewhere = "ab".repeat(16);
  for (const [endpoint, params] of [
    [getCanarySet, { setId: elsewhere }],
    [getCanarySet, { setId: "' OR 1=1" }],
    [getCanaryOpenings, { setId: elsewhere }],
    [getCanaryOrder, { setId: elsewhere, id }],
    [getCanaryAnswerSet, { setId: elsewhere, id }],
  ] as const)
    expect((await ask(endpoint, { params })).status).toBe(404);
  expect((await ask(getCanarySets, { query: "?cursor=x" })).status).toBe(422);
  const body = { setId: elsewhere, root: "cd".repeat(32), items: 3, kind: "natural" };
  expect((await ask(postCanarySet, { body })).status).toBe(401);
  expect((await ask(postCanarySet, { body: { ...body, seed: "ab".repeat(32) } })).status).toBe(422);
});

async function answersDigest(id: string): Promise<string> {
  return (await db.canaryAnswerSet.findUniqueOrThrow({ where: { id } })).answersSha256;
}
