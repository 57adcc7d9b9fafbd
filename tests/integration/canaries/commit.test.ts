import { generateKeyPairSync, sign } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { pairsTried } from "@/lib/canaries/judge/pairs-tried";
import {
  canarySet,
  commitSet,
  linkSet,
  namespacesOf,
  orderChain,
  setsOfNamespaceBefore,
} from "@/lib/canaries/server";
import {
  authorKeyIdOfAccount,
  authorKeyIdOfSpki,
  type CanaryTerms,
  generatorRoot,
  knownChains,
  roundAfter,
} from "@/lib/engine/canary";
import { heldActs, signHeldAct } from "@/lib/ledger/server";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { newId } from "@/lib/platform/ids";
import { registerModel } from "@/lib/registry/server";
import { hubRepository } from "@/tests/support/hub";
import { recordedActs } from "@/tests/support/recorded-acts";
import { safetensors } from "../registry/support";
import { judgingWorld, labelTerms } from "./judging-world";

const release = hubRepository("bamboo-lab/slip", {
  "config.json": { model_type: "slip" },
  "model.safetensors": safetensors({ w: [4, 4] }),
});
const world = await judgingWorld([release]);
const { db } = world;
const trusted = world.ctx.settings.drand?.trusted[0] ?? knownChains.quicknet;
let author: Viewer;
let stranger: Viewer;
let number = 0;

const hex = (length: number) => (++number).toString(16).padStart(length, "a");
const terms = (change: Partial<CanaryTerms> = {}): CanaryTerms => ({
  ...labelTerms(8),
  beacon: { ...trusted, round: roundAfter(trusted, Date.now() + 60_000) } as CanaryTerms["beacon"],
  ...change,
});
const fresh = (change: Partial<CanaryTerms> = {}) => ({
  setId: hex(32),
  root: hex(64),
  terms: terms(change),
});
const commitsOf = async (setId: string) =>
  (await recordedActs(db, "commit"))
    .map((statement) => JSON.parse(statement).predicate)
    .filter((predicate) => predicate.setId === setId);

beforeAll(async () => {
  author = await world.user("竹里 Bamboo Lab");
  stranger = await world.user("Stranger");
});

describe("commitSet", () => {
  test("states what CANARIES.md fixes; what the author wrote stands in payloads alone", async () => {
    const set = fresh({ prompt: "Xanthic question: {prompt}", references: ["Ochre 7B"] });
    expect(await commitSet(world.as(author), set)).toEqual({ setId: set.setId, created: true });
    const [said] = await commitsOf(set.setId);
    expect(said).toMatchObject({
      model: null,
      root: set.root,
      items: 8,
      kind: "random-label",
      authorKeyId: authorKeyIdOfAccount(author.userId ?? ""),
      namespace: { kind: "account", name: null },
      plan: { primary: "secret", threshold: "0.000001", beacon: set.terms.beacon },
      terms: expect.stringMatching(/^sha256:/),
    });
    const statement = JSON.stringify(said);
    for (const word of ["Xanthic", "Ochre", "Bamboo", author.userId ?? ""])
      expect(statement).not.toContain(word);
    const payload = await db.logPayload.findUniqueOrThrow({ where: { digest: said.terms } });
    expect(JSON.parse(Buffer.from(payload.bytes).toString("utf8"))).toEqual(set.terms);
    expect(await canarySet(world.as(anonymous), set.setId)).toMatchObject({
      state: "committed",
      owner: "竹里 Bamboo Lab",
      terms: set.terms,
      nonce: { state: "waiting", failure: null },
      may: { reveal: false, link: false, answer: false },
    });
  });

  test("registered twice, also at the same moment, is one set; changed in anything, it is refused", async () => {
    const set = fresh();
    const results = await Promise.all([1, 2, 3].map(() => commitSet(world.as(author), set)));
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(await commitSet(world.as(author), set)).toEqual({ setId: set.setId, created: false });
    expect(await commitsOf(set.setId)).toHaveLength(1);
    for (const other of [
      { ...set, root: hex(64) },
      { ...set, terms: { ...set.terms, threshold: "0.01" } },
      { ...set, terms: { ...set.terms, prompt: "{prompt}" } },
    ])
      await expect(commitSet(world.as(author), other)).rejects.toMatchObject({
        code: "already-done",
        fields: { setId: "set-taken" },
      });
  });

  test("somebody who registers another's set id or root is refused, whoever they are", async () => {
    const set = fresh();
    await commitSet(world.as(author), set);
    await expect(commitSet(world.as(stranger), set)).rejects.toMatchObject({
      code: "already-done",
      fields: { setId: "set-taken" },
    });
    for (const viewer of [stranger, author])
      await expect(commitSet(world.as(viewer), { ...set, setId: hex(32) })).rejects.toMatchObject({
        code: "already-done",
        fields: { root: "root-taken" },
      });
    expect(await db.canarySet.count({ where: { root: set.root } })).toBe(1);
  });

  test.each([
    ["terms.deadline", "past", { deadline: "2024-01-31" }],
    ["terms.beacon", "known-already", { beacon: { ...trusted, round: 5 } }],
    ["terms.beacon", "after-deadline", { beacon: { ...trusted, round: 90_000_000 } }],
    [
      "terms.beacon",
      "unknown-chain",
      { beacon: { ...trusted, genesisTime: trusted.genesisTime + 1e6, round: 9 } },
    ],
    ["terms.beacon", "unknown-chain", { beacon: { ...trusted, chain: "ab".repeat(32), round: 1e8 } }],
  ] as [string, string, object][])("refuses %s: %s", async (field, code, change) => {
    await expect(commitSet(world.as(author), fresh(change as Partial<CanaryTerms>))).rejects.toMatchObject({
      code: "invalid-input",
      fields: { [field]: code },
    });
  });

  test("a checkpoint that is there already is no beacon", async () => {
    await world.seal();
    await expect(
      commitSet(world.as(author), fresh({ beacon: { kind: "log-checkpoint", size: 1, grindBits: 20 } })),
    ).rejects.toMatchObject({ fields: { "terms.beacon": "known-already" } });
  });

  test("combinations that have no honest p cannot be registered", async () => {
    for (const change of [
      { kind: "natural" as const, options: null },
      { options: 8 },
      { beacon: { kind: "none" as const } },
      { primary: "rank" as const },
      { primary: "robust" as const },
    ])
      await expect(commitSet(world.as(author), fresh(change))).rejects.toMatchObject({
        code: "invalid-input",
      });
  });

  test("a generator set's root is its program; the program may be used again", async () => {
    const generator: CanaryTerms["generator"] = {
      program: "rare-han/v1",
      parameters: { from: 0x4e00, to: 0x9fff },
    };
    const change = {
      kind: "generator",
      options: null,
      primary: "robust",
      threshold: "0.01",
      generator,
    } as const;
    const set = fresh(change);
    await expect(commitSet(world.as(author), set)).rejects.toMatchObject({
      fields: { root: "not-the-program" },
    });
    const root = generatorRoot(generator);
    expect(await commitSet(world.as(author), { ...set, root })).toMatchObject({ created: true });
    expect(await commitSet(world.as(stranger), { ...fresh(change), root })).toMatchObject({ created: true });
  });

  test("without a session, and from an account that is gone, nothing is registered", async () => {
    await expect(commitSet(world.as(anonymous), fresh())).rejects.toMatchObject({ code: "sign-in-required" });
    const leaver = await world.user("Leaver");
    await db.user.update({ where: { id: leaver.userId ?? "" }, data: { deletedAt: new Date() } });
    await expect(commitSet(world.as(leaver), fresh())).rejects.toMatchObject({ code: "sign-in-required" });
  });
});

describe("an author's own key", () => {
  test("is named only by who signs with it; a key that did not sign breaks the chain's first step", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const spki = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
    const set = { ...fresh(), authorKeyId: authorKeyIdOfSpki(spki) };
    await expect(commitSet(world.as(author), set)).rejects.toMatchObject({
      fields: { authorKeyId: "needs-own-key" },
    });
    const unsigned = { ...fresh(), authorKeyId: authorKeyIdOfSpki(spki) };
    for (const one of [set, unsigned]) await commitSet(world.as(author), { ...one, ownKey: true });
    for (const act of await heldActs(world.as(author))) {
      if (act.about !== `canary:${set.setId}`) continue;
      await signHeldAct(world.as(author), act.id, {
        publicKey: publicKey.export({ format: "pem", type: "spki" }) as string,
        signature: sign(null, act.encoding, privateKey).toString("base64"),
      });
    }
    await world.seal();
    // The sealing of tests signs everything with the site's key: what the sequencer keeps is put in its place.
    const entry = await db.logEntry.findUniqueOrThrow({ where: { dedupKey: `commit:${set.setId}` } });
    await db.logStatement.update({ where: { index: entry.index }, data: { publicKey: spki } });
    const [signed] = await orderChain(db, set.setId, null);
    expect(signed).toMatchObject({ id: "commit", ok: true, reason: "ordered", basis: "witnessed" });
    const [other] = await orderChain(db, unsigned.setId, null);
    expect(other).toMatchObject({ id: "commit", ok: false, reason: "author-key-unproved" });
  });
});

describe("namespaces", () => {
  test("are proved by a linked Hugging Face identity or by a moderator's acceptance, else there is the account", async () => {
    const owner = await world.user("Owner");
    expect(await namespacesOf(world.as(owner))).toEqual([]);
    await expect(commitSet(world.as(owner), { ...fresh(), namespace: "bamboo-lab" })).rejects.toMatchObject({
      fields: { namespace: "not-proved" },
    });
    const userId = owner.userId ?? "";
    await db.account.createMany({
      data: [
        {
          id: newId("acc"),
          userId,
          type: "oauth",
          provider: "huggingface",
          providerAccountId: "1",
          label: "Bamboo-Lab",
        },
        // Another provider's name, and an address in place of a name, prove nothing.
        {
          id: newId("acc"),
          userId,
          type: "oauth",
          provider: "github",
          providerAccountId: "2",
          label: "other-lab",
        },
        {
          id: newId("acc"),
          userId,
          type: "oauth",
          provider: "huggingface",
          providerAccountId: "3",
          label: "a@b.example",
        },
      ],
    });
    expect(await namespacesOf(world.as(owner))).toEqual([
      { kind: "huggingface", name: "Bamboo-Lab", how: "identity" },
    ]);
    const set = { ...fresh(), namespace: "bamboo-lab" };
    await commitSet(world.as(owner), set);
    expect(await canarySet(world.as(anonymous), set.setId)).toMatchObject({
      namespace: { kind: "huggingface", name: "Bamboo-Lab" },
    });
    const [said] = await commitsOf(set.setId);
    expect(said.namespace).toEqual({ kind: "huggingface", name: expect.stringMatching(/^sha256:/) });
  });

  test("fifty sets of an author are counted, whatever name they were committed under", async () => {
    const many = await world.user("Many");
    const first = fresh();
    await commitSet(world.as(many), first);
    const answersTo = (canarySetId: string, createdAt = new Date()) =>
      db.canaryAnswerSet.create({
        data: {
          id: newId("ans"),
          canarySetId,
          role: "suspect",
          name: "S",
          authenticity: "claimed",
          adapter: "transcript",
          calls: 0,
          answersSha256: hex(64),
          answersSalt: new Uint8Array(32),
          answersBlob: hex(64),
          answersSize: 1,
          lines: 1,
          answered: 1,
          status: "held",
          createdAt,
        },
      });
    const { id } = await db.canarySet.findUniqueOrThrow({ where: { setId: first.setId } });
    const early = await answersTo(id);
    await db.account.create({
      data: {
        id: newId("acc"),
        userId: many.userId ?? "",
        type: "oauth",
        provider: "huggingface",
        providerAccountId: "many",
        label: "many-lab",
      },
    });
    for (let made = 1; made < 50; made += 1)
      await commitSet(world.as(many), { ...fresh(), ...(made % 2 === 0 ? { namespace: "many-lab" } : {}) });
    const late = await answersTo(id);
    expect(await setsOfNamespaceBefore(db, first.setId, early.id)).toBe(1);
    expect(await setsOfNamespaceBefore(db, first.setId, late.id)).toBe(50);
    expect((await canarySet(world.as(anonymous), first.setId))?.setsOfNamespace).toBe(1);
  });

  test("an author's sets over several accounts are one namespace's, as far as anything shows it", async () => {
    const accounts = await Promise.all(["One", "Two", "Three", "Other"].map((name) => world.user(name)));
    const [one, two, three, other] = accounts as [Viewer, Viewer, Viewer, Viewer];
    const [first, sameWeights, sameName, unrelated] = [fresh(), fresh(), fresh(), fresh()];
    const idOf = async (setId: string) =>
      (await db.canarySet.findUniqueOrThrow({ where: { setId }, select: { id: true } })).id;
    const answersTo = async (
      setId: string,
      role: string,
      weights: string | null,
      of: { name?: string; confirmsId?: string } = {},
    ) =>
      db.canaryAnswerSet.create({
        data: {
          id: newId("ans"),
          canarySetId: await idOf(setId),
          role,
          name: "S",
          ...of,
          weights,
          authenticity: "claimed",
          adapter: "transcript",
          calls: 0,
          answersSha256: hex(64),
          answersSalt: new Uint8Array(32),
          answersBlob: hex(64),
          answersSize: 1,
          lines: 1,
          answered: 1,
          status: "held",
        },
      });
    // A colleague speaks for the same name on the Hub; a second account's original has the same weights.
    for (const [account, id] of [
      [one, "several-1"],
      [three, "several-3"],
    ] as const)
      await db.account.create({
        data: {
          id: newId("acc"),
          userId: account.userId ?? "",
          type: "oauth",
          provider: "huggingface",
          providerAccountId: id,
          label: "several-lab",
        },
      });
    for (const [account, set] of [
      [one, first],
      [two, sameWeights],
      [three, sameName],
      [other, unrelated],
    ] as const)
      await commitSet(world.as(account), set);
    const weights = hex(64);
    await answersTo(first.setId, "original", weights);
    await answersTo(sameWeights.setId, "original", weights);
    await answersTo(unrelated.setId, "original", hex(64));
    const suspect = await answersTo(first.setId, "suspect", hex(64));
    expect(await setsOfNamespaceBefore(db, first.setId, suspect.id)).toBe(3);

    // Every pair on any of them counts: claimed, asked again, by whomever, queued and cancelled or never judged.
    const tried = async () =>
      pairsTried(db, await db.canarySet.findUniqueOrThrow({ where: { setId: first.setId } }), suspect);
    expect(await tried()).toEqual([]);
    const again = await answersTo(first.setId, "suspect", suspect.weights);
    await answersTo(sameWeights.setId, "suspect", hex(64), { name: "A" });
    await answersTo(sameName.setId, "suspect", null, { name: "B" });
    await answersTo(unrelated.setId, "suspect", null, { name: "elsewhere" });
    await db.canaryJudgeJob.create({
      data: { id: newId("jdg"), canarySetId: again.canarySetId, suspectId: again.id, state: "cancelled" },
    });
    await answersTo(first.setId, "suspect", suspect.weights, { confirmsId: suspect.id });
    expect((await tried()).map(({ name, log10p }) => [name, log10p])).toEqual([
      ["A", 0],
      ["B", 0],
      ["S", 0],
    ]);
  });
});

describe("linkSet", () => {
  test("states the commitment again with the model, once; others' sets and models are refused", async () => {
    const set = fresh();
    const other = fresh();
    await commitSet(world.as(author), set);
    await commitSet(world.as(author), other);
    await world.capture(author, release);
    const { id: captureId } = await db.capture.findFirstOrThrow();
    const { modelId } = await registerModel(world.as(author), { captureId, name: "Slip" });
    await expect(linkSet(world.as(stranger), { setId: set.setId, modelId })).rejects.toMatchObject({
      code: "not-allowed",
    });
    expect(await linkSet(world.as(author), { setId: set.setId, modelId })).toEqual({ linked: true });
    expect(await linkSet(world.as(author), { setId: set.setId, modelId })).toEqual({ linked: false });
    const said = (await commitsOf(set.setId)).sort(
      (a, b) => Number(a.model !== null) - Number(b.model !== null),
    );
    expect(said.map(({ model }) => model)).toEqual([null, modelId]);
    // Its words stand in the first statement alone, so that they can be redacted in one place.
    expect(said[1]).toMatchObject({ terms: null, plan: said[0].plan, root: set.root });
    // Registered by the same person as another model, the set stays where it was said to belong.
    const second = await registerModel(world.as(stranger), { captureId, name: "Also Slip" });
    await expect(
      linkSet(world.as(stranger), { setId: other.setId, modelId: second.modelId }),
    ).rejects.toMatchObject({ code: "not-allowed", fields: { canarySet: "not-yours" } });
    expect(
      await registerModel(world.as(author), { captureId, name: "Slip", canarySet: other.setId }),
    ).toEqual({
      modelId,
      created: false,
    });
    expect((await canarySet(world.as(author), other.setId))?.model).toEqual({ id: modelId, name: "Slip" });
  });
});
