import { afterEach, describe, expect, test } from "vitest";
import { closeEndpoints, endpoint, items, runFor } from "../../../../tests/support/asking";
import { codeOf } from "../../../../tests/support/far-side";
import { type AskedItem, readTranscript } from "../../canary/transcript";
import { sha256Hex } from "../../formats/canonical-json";
import { type AskOptions, ask } from "./ask";

afterEach(closeEndpoints);

describe("asking", () => {
  test("each item three times, one request at a time, all once before any twice; the modal answer counts", async () => {
    const side = await endpoint(({ text, count }) => (text.includes("1") ? `answer ${count}` : "Crane."));
    const run = runFor(side.url, items(3));
    const summary = await ask(run.options);
    expect(side.most()).toBe(1);
    expect(side.questions.map(({ text }) => text)).toEqual(
      [0, 1, 2, 0, 1, 2, 0, 1, 2].map((k) => `What is ${k}?`),
    );
    expect(side.questions[0]?.body).toEqual({
      model: "reed",
      messages: [{ role: "user", content: "What is 0?" }],
      stream: false,
      temperature: 0,
    });
    expect(summary.answers).toEqual([
      { id: "i0", answer: "Crane.", stable: true, agreeing: 3, repeats: 3 },
      { id: "i1", answer: "", stable: false, agreeing: 1, repeats: 3 },
      { id: "i2", answer: "Crane.", stable: true, agreeing: 3, repeats: 3 },
    ]);
    expect(summary.calls).toBe(9);
    expect(run.calls.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(run.calls[0]?.date).toMatch(/ GMT$/);
  });

  test("images go as data URLs; the transcript keeps their hash, and the hash of what was sent", async () => {
    const bytes = Buffer.from("not really a picture");
    const image = { sha256: sha256Hex(bytes), type: "image/png" as const, size: bytes.length };
    const asked: AskedItem[] = [
      { id: "p", prompt: "Read.", image },
      { id: "q", image },
    ];
    const side = await endpoint(({ image }) => image?.bytes.toString() ?? "none");
    const run = runFor(side.url, asked, {}, { image: async () => bytes });
    const summary = await ask(run.options);
    expect(summary.answers.map(({ answer }) => answer)).toEqual([
      "not really a picture",
      "not really a picture",
    ]);
    expect(side.questions.map(({ text, image }) => [text, image?.type])).toEqual(
      [0, 1, 2].flatMap(() => [
        ["Read.", "image/png"],
        ["", "image/png"],
      ]),
    );
    expect(run.calls[0]?.request).toContain(`data:image/png;sha256,${image.sha256}`);
    expect(run.calls[0]?.request).not.toContain(bytes.toString("base64"));
    expect(run.calls[0]?.requestSha256).toBe(sha256Hex(JSON.stringify(side.questions[0]?.body)));
    const other = runFor(side.url, asked, {}, { image: async () => Buffer.from("another") });
    expect(await codeOf(ask(other.options))).toBe("bad-input");
  });

  test("what was done is not asked again; together it is the transcript of one run", async () => {
    const side = await endpoint(({ text }) => `to ${text}`);
    const first = runFor(side.url, items(4));
    const stop = new AbortController();
    const work = ask({
      ...first.options,
      signal: stop.signal,
      onCall: (call, line) => {
        first.options.onCall?.(call, line);
        if (call.n === 5) stop.abort();
      },
    });
    expect(await codeOf(work)).toBe("cancelled");
    expect(side.questions).toHaveLength(5);
    const { header } = first.options;
    const second = runFor(side.url, items(4), {}, { header, done: first.calls });
    const summary = await ask(second.options);
    expect(side.questions).toHaveLength(12);
    expect(second.calls[0]?.n).toBe(6);
    const text = await transcriptText(header, [...first.lines, ...second.lines]);
    expect(readTranscript(text, { items: items(4), root: summary.root }).root).toBe(summary.root);
  });
});

async function transcriptText(header: AskOptions["header"], lines: readonly string[]): Promise<Uint8Array> {
  const { lineOf } = await import("../../canary/transcript");
  return Buffer.from([lineOf(header).text, ...lines].map((line) => `${line}\n`).join(""));
}

describe("limits of the far side", () => {
  test("429 with Retry-After is waited for, 503 and a broken connection are tried again", async () => {
    const side = await endpoint(({ count }) => {
      if (count === 1) return { status: 429, headers: { "retry-after": "1" }, body: { error: "slow down" } };
      if (count === 3) return { status: 503, body: { error: { message: "Loading model", code: 503 } } };
      if (count === 5) return { raw: (response) => void response.destroy() };
      return "yes";
    });
    const waits: number[] = [];
    const run = runFor(
      side.url,
      items(1),
      {},
      { onProgress: ({ waitingMs }) => void (waitingMs && waits.push(waitingMs)) },
    );
    const before = Date.now();
    expect((await ask(run.options)).answers[0]?.answer).toBe("yes");
    expect(Date.now() - before).toBeGreaterThanOrEqual(990);
    expect(run.calls.map(({ attempts }) => attempts)).toEqual([2, 2, 2]);
    expect(side.questions).toHaveLength(6);
  });

  test("a wait that is too long stops at once; what was answered is kept", async () => {
    const side = await endpoint(({ count }) =>
      count === 3 ? { status: 429, headers: { "retry-after": "7200" } } : "yes",
    );
    const run = runFor(side.url, items(5));
    expect(await codeOf(ask(run.options))).toBe("rate-limited");
    expect(run.calls).toHaveLength(2);
    expect(side.questions).toHaveLength(3);
  });

  test("the budget counts every request, those of earlier runs and repeated attempts too", async () => {
    const side = await endpoint(({ count }) => (count === 2 ? { status: 503 } : "yes"));
    const run = runFor(side.url, items(4), {}, { budget: 6 });
    expect(await codeOf(ask(run.options))).toBe("too-large");
    expect(side.questions).toHaveLength(6);
    expect(run.calls).toHaveLength(5);
    const again = runFor(side.url, items(4), {}, { header: run.options.header, done: run.calls, budget: 6 });
    expect(await codeOf(ask(again.options))).toBe("too-large");
    expect(side.questions).toHaveLength(6);
    const more = runFor(side.url, items(4), {}, { header: run.options.header, done: run.calls, budget: 13 });
    await ask(more.options);
    expect(side.questions).toHaveLength(13);
  });

  test.each([401, 403, 404])("%i stops the run and says what the endpoint said", async (status) => {
    const side = await endpoint(() => ({ status, body: { error: { message: "no\nsuch \u001b[31mmodel" } } }));
    const run = runFor(side.url, items(4));
    await expect(ask(run.options)).rejects.toThrow(`answered ${status}: no such [31mmodel`);
    expect(side.questions).toHaveLength(1);
    expect(run.calls).toEqual([]);
  });
});
