import { expect, test, vi } from "vitest";
import { askJob, queueAsk } from "@/lib/canaries/server";
import { readTranscript } from "@/lib/engine/canary/transcript";
import { startChatEndpoint } from "../../support/chat-endpoint";
import { startWorkerProcess, stopped } from "../verification/worker-process";
import { judgingWorld } from "./judging-world";

const world = await judgingWorld();
const author = await world.user("Meridian");
const stranger = await world.user("Wren");
const key = "sk-operator-0123456789abcdef";

test("a worker killed with -9 while it asks loses nothing: another goes on, and no call is made twice", async () => {
  const set = await world.commit(author, { items: 8 });
  await world.reveal(author, set);
  await world.seal();
  // The fourth call is not answered before the first worker is dead, however long the second takes to start.
  let killed = 0;
  const endpoint = await startChatEndpoint(async ({ text, count }) => {
    while (count > 3 && killed === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    return set.items[Number(/room (\d+)/.exec(text)?.[1])]?.answer ?? "";
  });
  const env = { SLIPMARK_ASK_ENDPOINTS: `lab ${endpoint.url}`, SLIPMARK_ASK_KEY_LAB: key };
  const first = await startWorkerProcess(world, { data: "first", env });
  const ctx = {
    ...world.as(stranger),
    settings: { ...world.ctx.settings, askEndpoints: [{ name: "lab", url: endpoint.url }] },
  };
  const { jobId } = await queueAsk(ctx, {
    setId: set.setId,
    role: "suspect",
    name: "Willow",
    endpoint: "lab",
    model: "willow-1",
  });
  await vi.waitFor(async () => expect((await askJob(ctx, jobId))?.progress?.done).toBeGreaterThan(1), {
    timeout: 60_000,
  });
  const second = await startWorkerProcess(world, { data: "second", env });
  first.kill("SIGKILL");
  killed = Date.now();
  await vi.waitFor(async () => expect((await askJob(ctx, jobId))?.attempts).toBe(2), { timeout: 120_000 });
  console.info(`taken over after ${((Date.now() - killed) / 1000).toFixed(1)} s`);
  await vi.waitFor(async () => expect((await askJob(ctx, jobId))?.ended).toBe(true), { timeout: 120_000 });
  await stopped(second);
  await endpoint.close();

  expect(await askJob(ctx, jobId)).toMatchObject({ state: "finished", attempts: 2, failure: null });
  // 24 calls, and the one that the killed worker had sent and could not keep.
  expect(endpoint.questions.length).toBeGreaterThanOrEqual(24);
  expect(endpoint.questions.length).toBeLessThanOrEqual(25);
  const rows = await world.db.canaryAnswerSet.findMany();
  expect(rows).toHaveLength(1);
  const transcript = (await world.ctx.blobs.get(rows[0]?.transcriptBlob ?? "")) ?? new Uint8Array();
  const asked = set.items.map(({ id, prompt = "" }) => ({ id, prompt }));
  expect(readTranscript(transcript, { items: asked, root: rows[0]?.transcriptRoot ?? "" }).calls).toBe(24);
  expect(await world.db.logPending.count({ where: { kind: "responses" } })).toBe(1);
}, 300_000);
