import { expect, test } from "vitest";
import { askJob, askJobsOfSet, cancelAsk, executeAsk, queueAsk } from "@/lib/canaries/server";
import { readTranscript } from "@/lib/engine/canary/transcript";
import type { Context } from "@/lib/platform/context";
import { startChatEndpoint } from "../../support/chat-endpoint";
import { judgingWorld } from "./judging-world";

const world = await judgingWorld();
const author = await world.user("Meridian");
const stranger = await world.user("Wren");
const moderator = await world.user("Alder", "moderator");
const key = "sk-operator-0123456789abcdef";
const set = await world.commit(author, { items: 4 });

const offering = (ctx: Context, url: string): Context => ({
  ...ctx,
  settings: { ...ctx.settings, askEndpoints: [{ name: "lab", url }] },
});
const options = {
  keyOf: (name: string) => (name === "lab" ? key : null),
  maxAttempts: 2,
  signal: new AbortController().signal,
  onNotify: () => () => undefined,
  patience: { retryBaseMs: 1, maxRetries: 1 },
};
const question = (more: object = {}) => ({
  setId: set.setId,
  role: "suspect" as const,
  name: "Willow",
  endpoint: "lab",
  model: "willow-1",
  ...more,
});

/** Everything that the database holds, as text. */
async function everything(): Promise<string> {
  const tables = await world.db.$queryRaw<{ name: string }[]>`
    SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
    WHERE table_schema IN ('public', 'slipmark_jobs') AND table_type = 'BASE TABLE'`;
  const rows = await Promise.all(
    tables.map(({ name }) => world.db.$queryRawUnsafe<object[]>(`SELECT t::text FROM ${name} t`)),
  );
  return JSON.stringify(rows);
}

test("nothing can be asked before an item is open", async () => {
  const ctx = offering(world.as(stranger), "http://127.0.0.1:1/v1");
  await expect(queueAsk(ctx, question())).rejects.toMatchObject({
    code: "wrong-state",
    detail: { reason: "nothing-open" },
  });
});

test.each([
  ["http://127.0.0.1:8000/v1", "address-refused"],
  ["https://10.0.0.7/v1", "address-refused"],
  ["https://[::1]/v1", "address-refused"],
  ["https://vllm/v1", "address-refused"],
  ["http://router.example/v1", "address-refused"],
  ["https://router.example/v1?key=abc", "address-refused"],
  ["https://user:word@router.example/v1", "invalid-input"],
  ["other-lab", "invalid-input"],
])("the endpoint %s is refused: %s", async (endpoint, code) => {
  const ctx = offering(world.as(stranger), "http://127.0.0.1:1/v1");
  await expect(queueAsk(ctx, question({ endpoint }))).rejects.toMatchObject({ code });
});

test("weights are stated by whoever runs them, and the original's answers are the author's to ask", async () => {
  const ctx = (viewer: typeof stranger) => offering(world.as(viewer), "http://127.0.0.1:1/v1");
  const weights = "ab".repeat(32);
  await expect(queueAsk(ctx(stranger), question({ weights }))).rejects.toMatchObject({ code: "not-allowed" });
  await expect(
    queueAsk(ctx(moderator), question({ weights, endpoint: "https://router.example/v1" })),
  ).rejects.toMatchObject({ code: "not-allowed" });
  await expect(queueAsk(ctx(stranger), question({ role: "original" }))).rejects.toMatchObject({
    code: "not-allowed",
  });
});

test.each([
  ["a grammar", { guided_regex: "label-a0" }],
  ["a template", { chat_template: "Say label-a0." }],
  ["a list of choices", { guided_choice: "label-a0" }],
])("%s would answer in the model's place, and is no setting of a question", async (_, parameters) => {
  await expect(
    queueAsk(offering(world.as(stranger), "http://127.0.0.1:1/v1"), question({ parameters })),
  ).rejects.toMatchObject({ code: "invalid-input" });
});

test("an endpoint is asked one call at a time, and the answers are registered with the transcript's root", async () => {
  await world.reveal(author, set);
  await world.seal();
  const endpoint = await startChatEndpoint(({ text, count }) => {
    const at = Number(/room (\d+)/.exec(text)?.[1]);
    if (at === 3) return `label-x${count}`;
    return `${set.items[at]?.answer}\nas I was told`;
  });
  const ctx = offering(world.as(stranger), endpoint.url);
  const { jobId } = await queueAsk(ctx, question({ idempotencyKey: "ask-willow-1" }));
  expect(await queueAsk(ctx, question({ idempotencyKey: "ask-willow-1" }))).toEqual({ jobId });
  expect(await askJob(ctx, jobId)).toMatchObject({ state: "queued", may: { cancel: true } });
  expect(await executeAsk(offering(world.ctx, endpoint.url), jobId, options)).toBe("done");
  await endpoint.close();

  expect(endpoint.questions).toHaveLength(12);
  expect(endpoint.most()).toBe(1);
  expect(endpoint.questions.every(({ headers }) => headers.authorization === `Bearer ${key}`)).toBe(true);
  expect(endpoint.questions[0]?.text).toBe("Answer with one label. Which label has the lamp of room 0?");

  const done = await askJob(world.ctx, jobId);
  expect(done).toMatchObject({ state: "finished", failure: null, endpoint: "lab", may: { cancel: false } });
  const row = await world.db.canaryAnswerSet.findUniqueOrThrow({ where: { id: done?.answerSetId ?? "" } });
  expect(row).toMatchObject({
    role: "suspect",
    name: "Willow",
    collectorId: null,
    calls: 12,
    adapter: "openai-chat",
    authenticity: "claimed",
  });
  const answers = Buffer.from((await world.ctx.blobs.get(row.answersBlob)) ?? []).toString();
  expect(
    answers
      .split("\n")
      .slice(0, 4)
      .map((line) => JSON.parse(line)),
  ).toEqual([
    ...set.items.slice(0, 3).map(({ id, answer }) => ({ answer, id })),
    { answer: "", id: "item-3", unstable: true },
  ]);
  const transcript = (await world.ctx.blobs.get(row.transcriptBlob ?? "")) ?? new Uint8Array();
  const summary = readTranscript(transcript, {
    items: set.items.map(({ id, prompt = "" }) => ({ id, prompt })),
  });
  expect(summary.root).toBe(row.transcriptRoot);
  // Where the operator's endpoint lies is nobody's business.
  expect(summary.header.endpoint).toBe("operator:lab");
  expect(Buffer.from(transcript).toString()).not.toContain("127.0.0.1");
  const act = await world.db.logPending.findUniqueOrThrow({ where: { dedupKey: `responses:${row.id}` } });
  expect(JSON.parse(act.statement).predicate).toMatchObject({ transcript: summary.root, calls: 12 });
  expect(await world.db.canaryAskLine.count()).toBe(0);
  expect(await everything()).not.toContain(key);
});

test("an endpoint that sends its key back ends the questioning; nothing of it is kept", async () => {
  const endpoint = await startChatEndpoint(({ headers }) => `your header was ${headers.authorization}`);
  const { jobId } = await queueAsk(offering(world.as(stranger), endpoint.url), question({ name: "Echo" }));
  await executeAsk(offering(world.ctx, endpoint.url), jobId, options);
  await endpoint.close();
  expect(await askJob(world.ctx, jobId)).toMatchObject({
    state: "failed",
    failure: { code: "endpoint-unusable" },
    answerSetId: null,
  });
  expect(await everything()).not.toContain(key);
});

test("an endpoint in trouble is asked again later, and goes on where it stopped", async () => {
  let down = false;
  const endpoint = await startChatEndpoint(({ count }) => {
    if (count === 5) down = true;
    return down ? { status: 503, body: { error: { message: "out of memory" } } } : "label-a0";
  });
  const ctx = offering(world.ctx, endpoint.url);
  const { jobId } = await queueAsk({ ...ctx, viewer: stranger }, question({ name: "Elm" }));
  expect(await executeAsk(ctx, jobId, options)).toBe("again");
  expect(await askJob(ctx, jobId)).toMatchObject({
    state: "queued",
    failure: { code: "source-unreachable" },
  });
  expect(await world.db.canaryAskLine.count({ where: { jobId } })).toBe(5);
  down = false;
  const before = endpoint.questions.length;
  expect(await executeAsk(ctx, jobId, options)).toBe("done");
  await endpoint.close();
  expect(await askJob(ctx, jobId)).toMatchObject({ state: "finished", attempts: 2 });
  expect(endpoint.questions.length - before).toBe(8);
});

test("a budget that is used up ends it, and an endpoint that stays away fails after its attempts", async () => {
  const endpoint = await startChatEndpoint(() => "label-a0");
  const ctx = offering(world.ctx, endpoint.url);
  const first = await queueAsk({ ...ctx, viewer: stranger }, question({ name: "Oak", budget: 6 }));
  await executeAsk(ctx, first.jobId, options);
  expect(await askJob(ctx, first.jobId)).toMatchObject({
    state: "failed",
    failure: { code: "budget-spent", detail: { limit: 6 } },
  });
  expect(endpoint.questions).toHaveLength(6);
  await endpoint.close();
  const second = await queueAsk({ ...ctx, viewer: stranger }, question({ name: "Ash" }));
  expect(await executeAsk(ctx, second.jobId, options)).toBe("again");
  expect(await executeAsk(ctx, second.jobId, options)).toBe("done");
  expect(await askJob(ctx, second.jobId)).toMatchObject({
    state: "failed",
    failure: { code: "source-unreachable" },
  });
});

test("whoever asked for it, or a moderator, stops a questioning, waiting or under way", async () => {
  const endpoint = await startChatEndpoint(async () => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    return "label-a0";
  });
  const ctx = offering(world.ctx, endpoint.url);
  const waiting = await queueAsk({ ...ctx, viewer: stranger }, question({ name: "Fir" }));
  await expect(cancelAsk(world.as(author), waiting)).rejects.toMatchObject({ code: "not-allowed" });
  await cancelAsk(world.as(stranger), waiting);
  await expect(cancelAsk(world.as(stranger), waiting)).rejects.toMatchObject({ code: "already-done" });
  expect(await executeAsk(ctx, waiting.jobId, options)).toBe("done");
  expect(endpoint.questions).toHaveLength(0);

  const running = await queueAsk({ ...ctx, viewer: stranger }, question({ name: "Yew" }));
  const under = executeAsk(ctx, running.jobId, options);
  await expect.poll(() => endpoint.questions.length, { timeout: 5_000 }).toBeGreaterThan(0);
  await cancelAsk(world.as(moderator), running);
  expect(await under).toBe("done");
  await endpoint.close();
  expect(endpoint.questions.length).toBeLessThan(12);
  expect(await askJob(ctx, running.jobId)).toMatchObject({ state: "cancelled", answerSetId: null });
  expect(await world.db.canaryAskLine.count({ where: { jobId: running.jobId } })).toBe(0);
  expect((await askJobsOfSet(ctx, set.setId)).map(({ name }) => name)).toContain("Yew");
});
