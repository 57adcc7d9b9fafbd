import { beforeAll, expect, test } from "vitest";
import { getBlob } from "@/app/api/v1/_endpoints/blobs";
import { getCanaryAnswerSet } from "@/app/api/v1/_endpoints/canary-sets";
import {
  answersOf,
  canarySet,
  commitSet,
  recordAnswers,
  revealedItems,
  revealItems,
} from "@/lib/canaries/server";
import { authorKeyIdOfAccount, type CanaryItem, imageFacts, openSet } from "@/lib/engine/canary";
import { makeSet } from "@/lib/engine/canary/set";
import { formatAnswers } from "@/lib/engine/canary/transcript";
import { redactionMark } from "@/lib/ledger";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { newId } from "@/lib/platform/ids";
import { finishRedaction, redactEntry } from "@/lib/redaction/server";
import { testDatabase } from "@/tests/support/database";
import { sealingKeys, sealPending } from "@/tests/support/sealed-log";
import { tinyPng } from "@/tests/support/tiny-images";
import { labelTerms } from "../canaries/judging-world";
import { type CaseWorld, caseWorld } from "../cases/support";
import { asking } from "../http/support";
import { filesWith, standsIn, store } from "./support";

const { db } = await testDatabase();
const place = await store();
const keys = sealingKeys();
let world: CaseWorld;
let author: Viewer & { readonly userId: string };
let moderator: Viewer & { readonly userId: string };

beforeAll(async () => {
  world = await caseWorld(db);
  author = await world.user("Author");
  moderator = await world.user("Moderator", "moderator");
});

const as = (viewer: Viewer) => ({ ...world.as(viewer), blobs: place.blobs });

async function redacted(dedupKey: string) {
  await sealPending(db, keys);
  const { index } = await db.logEntry.findUniqueOrThrow({ where: { dedupKey } });
  await redactEntry(as(moderator), {
    index: Number(index),
    reasonCode: "unlawful-content",
    authorityReference: "Order 12",
    confirm: String(index),
  });
  const row = await db.logRedaction.findFirstOrThrow({ where: { dedupKey } });
  expect(await finishRedaction(as(anonymous), row.id, { files: place.files, sharedCacheMs: 0 })).toBe("done");
}

// Every column of every table is searched for every word: slow on a busy machine.
test("the terms, the answers and the items of a set can go, each with its own entry; hashes and dates stay", async () => {
  const picture = tinyPng(8, 8, 99);
  const facts = imageFacts(picture, "a picture");
  const items: CanaryItem[] = [
    { id: "one", prompt: "Viridian question?", answer: "Umbral truth" },
    { id: "two", image: facts, answer: "字" },
  ];
  const authorKeyId = authorKeyIdOfAccount(author.userId);
  const made = await makeSet(
    { items, images: new Map([[facts.sha256, picture]]), authorKeyId },
    {
      terms: {
        ...labelTerms(2),
        kind: "natural",
        options: null,
        primary: "robust",
        threshold: "0.01",
        beacon: { kind: "none" },
        prompt: "Xanthic template {prompt}",
        references: ["Ochreous 7B"],
        deadline: "2999-12-31",
      },
    },
  );
  const { setId, root, terms } = made.commitment;
  if (terms === null) throw new Error("no terms");
  await commitSet(as(author), { setId, root, authorKeyId, terms });
  const { id } = await recordAnswers(as(author), {
    setId,
    role: "suspect",
    name: "Cobaltic model",
    answers: Buffer.from(
      formatAnswers([
        { id: "one", answer: "Magentic words" },
        { id: "two", answer: "字" },
      ]),
    ),
  });
  await revealItems(as(author), {
    setId,
    openings: Buffer.from((await openSet(made.secrets)).map((one) => `${JSON.stringify(one)}\n`).join("")),
  });
  const ask = asking({ ctx: as(anonymous) } as never);
  expect((await ask(getBlob, { params: { hex: facts.sha256 } })).status).toBe(200);
  for (const word of ["xanthic", "ochreous", "viridian", "cobaltic"])
    expect((await standsIn(db, word)).length).toBeGreaterThan(0);
  expect(await filesWith(place.folder, "Magentic words")).toHaveLength(1);

  const asked = await askedByInstance(setId);
  expect((await standsIn(db, "sepia")).length).toBeGreaterThan(0);
  await redacted(`responses:${asked}`);
  for (const word of ["sepia", "gamboge"]) expect(await standsIn(db, word)).toEqual([]);
  const stopped = await db.canaryAskJob.findFirstOrThrow({ where: { answerSetId: null } });
  expect(stopped.state).toBe("cancelled");

  await redacted(`responses:${id}`);
  for (const word of ["cobaltic", "magentic"]) expect(await standsIn(db, word)).toEqual([]);
  expect(await filesWith(place.folder, "Magentic words")).toEqual([]);
  expect(await answersOf(as(author), id)).toBeNull();
  expect((await ask(getCanaryAnswerSet, { params: { setId, id } })).status).toBe(410);

  await redacted(`commit:${setId}`);
  for (const word of ["xanthic", "ochreous"]) expect(await standsIn(db, word)).toEqual([]);
  const page = await canarySet(as(anonymous), setId);
  expect(page).toMatchObject({
    root,
    terms: null,
    revealed: 2,
    redaction: { reason: "unlawful-content" },
  });
  expect(page?.answers.map((one) => [one.id, one.name]).sort()).toEqual(
    [id, asked].sort().map((one) => [one, redactionMark]),
  );

  await redacted(`reveal:${setId}:1`);
  for (const word of ["viridian", "umbral"]) expect(await standsIn(db, word)).toEqual([]);
  expect((await revealedItems(as(anonymous), setId, { limit: 10 })).items).toEqual([]);
  // That it was revealed stays said.
  expect((await canarySet(as(anonymous), setId))?.state).toBe("revealed");
  expect((await ask(getBlob, { params: { hex: facts.sha256 } })).status).toBe(410);
  expect(await place.blobs.has(facts.sha256)).toBe(false);
}, 180_000);

/** Answers that this instance has collected, by a worker that died before it could throw its own lines away. */
async function askedByInstance(setId: string): Promise<string> {
  const set = await db.canarySet.findUniqueOrThrow({ where: { setId } });
  const name = "Gamboge model";
  const answers = Buffer.from(
    formatAnswers(["one", "two"].map((item) => ({ id: item, answer: "Sepia words" }))),
  );
  const { id } = await recordAnswers(
    as(author),
    { setId, role: "reference", name, adapter: "openai-chat", answers },
    { byInstance: true },
  );
  const origin = { family: "Gamboge family", base: null, vendor: null, corpus: null };
  await db.canaryAskJob.create({
    data: {
      id: newId("caj"),
      canarySetId: set.id,
      role: "reference",
      name,
      adapter: "openai-chat",
      endpoint: "https://models.example/v1",
      model: "gamboge-1",
      parameters: {
        ...origin,
        operated: null,
        batch: 1,
        budget: 6,
        engine: null,
        engineVersion: null,
        quantisation: null,
        request: {},
      },
      state: "running",
      lines: { create: [{ n: 0, line: '{"answer":"Sepia words"}' }] },
    },
  });
  return id;
}
