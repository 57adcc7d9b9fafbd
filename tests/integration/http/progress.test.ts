import { expect, test, vi } from "vitest";
import { createListener } from "@/lib/platform/notify";
import { progressStream, queueRun } from "@/lib/verification/server";
import { testInstance } from "../verification/support";

const site = await testInstance();
const reporter = await site.user("reporter");

test("progress streams the state at once, each change, and ends with the run", async () => {
  const { publicId } = await site.openCase(reporter);
  const { runId } = await queueRun(site.as(reporter), { caseId: publicId });
  // As in another site process: a connection of its own.
  const listener = createListener(site.url);
  const events: { state: string }[] = [];
  const reading = (async () => {
    const decoder = new TextDecoder();
    let text = "";
    const stream = progressStream(site.ctx, runId, { listener, signal: new AbortController().signal });
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true });
      for (;;) {
        const end = text.indexOf("\n\n");
        if (end < 0) break;
        const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
        if (data !== undefined) events.push(JSON.parse(data));
        text = text.slice(end + 2);
      }
    }
  })();
  await vi.waitFor(() => expect(events[0]).toMatchObject({ id: runId, state: "queued" }), { timeout: 5000 });
  await site.execute(runId);
  await reading;
  await listener.close();
  expect(events.map((event) => event.state)).toContain("running");
  expect(events.at(-1)).toMatchObject({ state: "finished", ended: true });
});

test("a reader who goes away leaves nothing behind", async () => {
  const { publicId } = await site.openCase(reporter);
  const { runId } = await queueRun(site.as(reporter), { caseId: publicId });
  const subscribers = new Set<unknown>();
  const listener = {
    subscribe: (_channel: string, callback: unknown) => {
      subscribers.add(callback);
      return () => void subscribers.delete(callback);
    },
    connected: () => true,
    close: async () => undefined,
  };
  const reader = progressStream(site.ctx, runId, {
    listener,
    signal: new AbortController().signal,
  }).getReader();
  await reader.read();
  expect(subscribers.size).toBe(1);
  await reader.cancel();
  expect(subscribers.size).toBe(0);
});
