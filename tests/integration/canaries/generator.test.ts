import { beforeAll, expect, test } from "vitest";
import { getCanaryDrawn } from "@/app/api/v1/_endpoints/canary-sets";
import {
  addPictures,
  askJob,
  canarySet,
  executeAsk,
  publicCanaryBlob,
  queueAsk,
  recordAnswers,
  shownItemsAt,
} from "@/lib/canaries/server";
import { readTranscript } from "@/lib/engine/canary/transcript";
import { sha256Hex } from "@/lib/engine/formats/canonical-json";
import { writtenTranscript } from "@/lib/examples/canary/transcript";
import { anonymous, type Context } from "@/lib/platform/context";
import { picture } from "@/tests/canary/ocr/fixture";
import { type AskedQuestion, startChatEndpoint } from "../../support/chat-endpoint";
import { judgingWorld } from "./judging-world";

const world = await judgingWorld();
const author = await world.user("Meridian");
const stranger = await world.user("Wren");
const characters = ["U+4E28", "U+4E5E", "U+504C"];
const fileOf = (id: string) => ({ name: `${id}.png`, bytes: new Uint8Array(picture(id)) });
const answerOf = (id: string) => String.fromCodePoint(Number.parseInt(id.slice(2), 16));

let setId = "";
const page = async (viewer = author) => (await canarySet(world.as(viewer), setId))!;
const offering = (ctx: Context, url: string): Context => ({
  ...ctx,
  settings: { ...ctx.settings, askEndpoints: [{ name: "lab", url }] },
});
const question = { role: "suspect", name: "Willow", endpoint: "lab", model: "willow-1" } as const;
const ask = (url: string, more: object = {}) =>
  queueAsk(offering(world.as(stranger), url), { setId, ...question, ...more });
const nowhere = "http://127.0.0.1:1/v1";

beforeAll(async () => {
  setId = await world.commitGenerator(author, { characters: characters.map(answerOf).join(""), items: 3 });
}, 60_000);

test("without their pictures nobody can be asked about drawn characters, and the page says so", async () => {
  expect(await page()).toMatchObject({ askable: "no-pictures", picturesMissing: 3 });
  await expect(ask(nowhere)).rejects.toMatchObject({
    code: "wrong-state",
    detail: { reason: "no-pictures" },
  });
});

test("pictures are the author's side's to hand in, of drawn items alone, and as the original was asked", async () => {
  const [first = "", second = ""] = characters;
  const add = (pictures: Parameters<typeof addPictures>[1]["pictures"], viewer = author) =>
    addPictures(world.as(viewer), { setId, pictures });
  await expect(add([fileOf(first)], stranger)).rejects.toMatchObject({ code: "not-allowed" });
  await expect(add([])).rejects.toMatchObject({ fields: { pictures: "required" } });
  await expect(add([{ ...fileOf(first), name: "U+9999.png" }])).rejects.toMatchObject({
    fields: { pictures: "unknown-item" },
  });
  await expect(add([{ name: `${first}.png`, bytes: Buffer.from("no picture") }])).rejects.toMatchObject({
    fields: { pictures: "bad-image" },
  });
  const { nonce } = await world.db.canarySet.findUniqueOrThrow({ where: { setId } });
  expect(nonce).toMatch(/^[0-9a-f]{64}$/);
  const drawn = (await drawnFromApi()).items;
  await recordAnswers(world.as(author), {
    setId,
    role: "original",
    name: "Bamboo",
    transcript: writtenTranscript({
      setId,
      model: "bamboo",
      weights: null,
      prompt: "Which character is in the picture?",
      repeats: 3,
      items: drawn.map(({ id }) => ({
        id,
        image: { sha256: sha256Hex(picture(id)), type: "image/png", size: picture(id).length },
      })),
      answers: drawn.map(({ answer }) => answer),
      at: new Date(),
    }),
  });
  await expect(add([{ ...fileOf(second), name: `${first}.png` }])).rejects.toMatchObject({
    fields: { pictures: "not-as-asked" },
  });
  expect(await add([fileOf(first), { ...fileOf(second), name: `${answerOf(second)}.PNG` }])).toEqual({
    added: 2,
    missing: 1,
  });
  expect(await add(characters.map(fileOf))).toEqual({ added: 1, missing: 0 });
  expect(await page()).toMatchObject({ askable: "yes", picturesMissing: 0 });
});

test("what was drawn is shown with its pictures, which everybody may fetch", async () => {
  const { items, next } = await drawnFromApi();
  expect(next).toBeNull();
  expect(items.map(({ id }) => id).sort()).toEqual([...characters].sort());
  for (const { index, id, answer, image } of items) {
    expect(answer).toBe(answerOf(id));
    expect(image?.sha256).toBe(sha256Hex(picture(id)));
    expect((await publicCanaryBlob(world.as(anonymous), image?.sha256 ?? ""))?.size).toBe(picture(id).length);
    expect((await shownItemsAt(world.as(anonymous), setId, [index])).get(index)).toEqual({
      prompt: null,
      image: image?.sha256,
    });
  }
});

test("this site asks an endpoint about all drawn items, each as its picture, and registers what it answers", async () => {
  const reads = ({ image }: AskedQuestion) =>
    answerOf(characters.find((id) => image?.bytes.equals(picture(id))) ?? "U+0");
  const endpoint = await startChatEndpoint(reads);
  const { jobId } = await ask(endpoint.url);
  const done = await executeAsk(offering(world.ctx, endpoint.url), jobId, {
    keyOf: () => null,
    maxAttempts: 1,
    signal: new AbortController().signal,
    onNotify: () => () => undefined,
  });
  await endpoint.close();
  expect(done).toBe("done");
  expect(endpoint.questions).toHaveLength(9);
  expect(endpoint.questions[0]?.text).toBe("Which character is in the picture?");
  const job = await askJob(world.ctx, jobId);
  expect(job).toMatchObject({ state: "finished", failure: null });
  const row = await world.db.canaryAnswerSet.findUniqueOrThrow({ where: { id: job?.answerSetId ?? "" } });
  const answers = Buffer.from((await world.ctx.blobs.get(row.answersBlob)) ?? []).toString("utf8");
  const given = answers
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: string; answer: string });
  expect(given).toHaveLength(3);
  for (const { id, answer } of given) expect(answer).toBe(answerOf(id));
  const transcript = (await world.ctx.blobs.get(row.transcriptBlob ?? "")) ?? new Uint8Array();
  expect(readTranscript(transcript, { items: null }).header.items.count).toBe(3);
});

test("anybody may have it confirm the original's answers; without naming them they are the author's to ask for", async () => {
  const original = { role: "original", name: "Bamboo" } as const;
  await expect(ask(nowhere, original)).rejects.toMatchObject({ code: "not-allowed" });
  const { id } = await world.db.canaryAnswerSet.findFirstOrThrow({ where: { role: "original" } });
  await expect(ask(nowhere, { ...original, name: "Other", confirms: id })).rejects.toMatchObject({
    fields: { confirms: "other-model" },
  });
  const endpoint = await startChatEndpoint(() => "丨");
  const { jobId } = await ask(endpoint.url, { ...original, confirms: id });
  await executeAsk(offering(world.ctx, endpoint.url), jobId, {
    keyOf: () => null,
    maxAttempts: 1,
    signal: new AbortController().signal,
    onNotify: () => () => undefined,
  });
  await endpoint.close();
  const second = (await page()).answers.find(({ confirms }) => confirms === id);
  expect(second).toMatchObject({ role: "original", collector: { site: true } });
});

async function drawnFromApi() {
  const endpoint = getCanaryDrawn;
  const reply = await endpoint.handle({
    params: { setId },
    query: { limit: 500 },
    body: undefined,
    ctx: world.as(anonymous),
    request: new Request("http://127.0.0.1/"),
    requestId: "test",
    address: null,
  });
  const { json } = reply as { json: { items: DrawnRow[]; next: number | null } };
  return json;
}
interface DrawnRow {
  readonly index: number;
  readonly id: string;
  readonly answer: string;
  readonly image: { readonly sha256: string } | null;
}
