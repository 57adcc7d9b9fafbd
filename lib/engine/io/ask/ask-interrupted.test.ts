import fc from "fast-check";
import { expect, test } from "vitest";
import { type AskedItem, type Call, lineOf, readTranscript, requestText } from "../../canary/transcript";
import { EngineError } from "../../errors";
import { sha256Hex } from "../../formats/canonical-json";
import type { AskAdapter, Attempt } from "./adapter";
import { ask, resumable } from "./ask";
import { transcriptHeader } from "./header";

type Event = "answer" | "refuse" | "fail" | "later" | "gone" | "kill" | "crash";

/**
 * A far side that plays a list of events and then answers everything; a crash comes after the answer was given and
 * before it was kept, a kill after.
 */
function play(events: readonly Event[]) {
  const answered: string[] = [];
  let requests = 0;
  let at = 0;
  let crashing: "kill" | "crash" | null = null;
  const adapter: AskAdapter = {
    adapter: "openai-chat",
    endpoint: "http://127.0.0.1:1/v1",
    model: "m",
    parameters: {},
    patience: { maxRetries: 1, retryBaseMs: 0, maxWaitMs: 1_000 },
    async send(terms, item): Promise<Attempt> {
      requests += 1;
      const event = events[at++] ?? "answer";
      const requestSha256 = sha256Hex(requestText(terms, item));
      const base = { requestSha256, date: null, message: null };
      const later = new EngineError("source-unreachable", "later");
      if (event === "later") return { later, waitMs: 0 };
      if (event === "gone") return { later, waitMs: 5_000 };
      if (event === "refuse")
        return { outcome: { ...base, status: 400, response: Buffer.from("{}"), problem: "refused" } };
      if (event === "fail")
        return { later, waitMs: 0, otherwise: { ...base, status: 500, response: null, problem: "failed" } };
      crashing = event === "kill" || event === "crash" ? event : null;
      answered.push(item.id);
      const text = JSON.stringify({ choices: [{ message: { content: `${item.id} ${requests}` } }] });
      return { outcome: { ...base, status: 200, response: Buffer.from(text), problem: null } };
    },
  };
  return {
    adapter,
    answered,
    requests: () => requests,
    /** Throws in the place where a process would have died. */
    die(when: "kill" | "crash") {
      if (crashing !== when) return;
      crashing = null;
      throw new Error("died");
    },
  };
}

const event = fc.constantFrom<Event>(
  "answer",
  "answer",
  "answer",
  "refuse",
  "fail",
  "later",
  "gone",
  "kill",
  "crash",
);

test("whatever happens on the way, it ends with each repeat of each item once, and nothing kept is asked again", async () => {
  const run = fc.record({
    count: fc.integer({ min: 1, max: 5 }),
    repeats: fc.integer({ min: 3, max: 5 }),
    events: fc.array(event, { maxLength: 60 }),
  });
  await fc.assert(
    fc.asyncProperty(run, async ({ count, repeats, events }) => {
      const items: AskedItem[] = Array.from({ length: count }, (_, k) => ({ id: `i${k}`, prompt: `${k}` }));
      const far = play(events);
      const header = transcriptHeader(far.adapter, items, { repeats, startedAt: new Date(0) });
      let kept: Call[] = [];
      let lost = 0;
      let summary = null;
      for (let runs = 0; summary === null; runs += 1) {
        // Every stop has used up an event, so this ends.
        expect(runs).toBeLessThan(100);
        kept = [...resumable(header, kept)];
        const onCall = (call: Call) => {
          try {
            far.die("crash");
          } catch (error) {
            lost += 1;
            throw error;
          }
          kept.push(call);
          far.die("kill");
        };
        summary = await ask({ header, items, adapter: far.adapter, done: [...kept], onCall }).catch(
          (error: unknown) => {
            if (!(error instanceof Error)) throw error;
            expect(["died", "later"].includes(error.message) || error.message.includes("in a row")).toBe(
              true,
            );
            return null;
          },
        );
      }
      const places = kept.map(({ id, repeat }) => `${id} ${repeat}`);
      expect(new Set(places).size).toBe(count * repeats);
      expect(kept).toHaveLength(count * repeats);
      // Asked twice: only what died between its answer and the disk.
      const good = kept.filter(({ problem }) => problem === null).length;
      expect(far.answered).toHaveLength(good + lost);
      const text = [header, ...kept].map((record) => `${lineOf(record).text}\n`).join("");
      expect(readTranscript(Buffer.from(text), { items, root: summary.root }).answers).toEqual(
        summary.answers,
      );
    }),
    { numRuns: 80 },
  );
});

test("no budget is ever exceeded, however it is divided among runs", async () => {
  const run = fc.record({
    budgets: fc.array(fc.integer({ min: 0, max: 25 }), { maxLength: 6 }),
    events: fc.array(event),
  });
  await fc.assert(
    fc.asyncProperty(run, async ({ budgets, events }) => {
      const items: AskedItem[] = [0, 1, 2].map((k) => ({ id: `i${k}`, prompt: `${k}` }));
      const quiet = events.filter((one) => one === "answer" || one === "later");
      const far = play(quiet);
      const header = transcriptHeader(far.adapter, items, { repeats: 3, startedAt: new Date(0) });
      const kept: Call[] = [];
      let most = 0;
      for (const budget of budgets) {
        most = Math.max(most, budget);
        const options = { header, items, adapter: far.adapter, done: [...kept], budget };
        await ask({ ...options, onCall: (call) => void kept.push(call) }).catch((error: unknown) => {
          expect(["too-large", "source-unreachable"]).toContain((error as EngineError).code);
        });
        const counted = kept.reduce((sum, { attempts }) => sum + attempts, 0);
        expect(counted).toBeLessThanOrEqual(most);
      }
    }),
    { numRuns: 60 },
  );
});
