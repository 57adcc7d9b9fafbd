import { afterEach, describe, expect, test } from "vitest";
import { closeEndpoints, endpoint, items, quick, runFor } from "../../../../tests/support/asking";
import { type ChatAnswer, completion } from "../../../../tests/support/chat-endpoint";
import { ask, resumable } from "./ask";

afterEach(closeEndpoints);

describe("items that have no answer", () => {
  test("a refused item is a blank, the others are asked", async () => {
    const side = await endpoint(({ text }) =>
      text.includes("1") ? { status: 400, body: { error: { message: "content filter" } } } : "yes",
    );
    const run = runFor(side.url, items(3));
    const summary = await ask(run.options);
    expect(summary.answers.map(({ answer }) => answer)).toEqual(["yes", "", "yes"]);
    expect(summary.problems).toEqual({ refused: 3 });
    expect(run.calls[1]).toMatchObject({ status: 400, problem: "refused", answer: "" });
  });

  test("three in a row stop the run; a resumed one asks them again", async () => {
    let broken = true;
    const side = await endpoint(({ count }) => (count > 4 && broken ? { status: 500 } : "yes"));
    const run = runFor(side.url, items(10), { patience: { ...quick, maxRetries: 0 } });
    await expect(ask(run.options)).rejects.toThrow("3 calls in a row had no answer");
    expect(run.calls.map(({ problem }) => problem)).toEqual([
      ...[null, null, null, null],
      ...["failed", "failed", "failed"],
    ]);
    broken = false;
    const { header } = run.options;
    const again = runFor(side.url, items(10), {}, { header, done: resumable(header, run.calls) });
    expect((await ask(again.options)).problems).toEqual({});
    expect(again.calls[0]?.n).toBe(5);
  });

  test("an endpoint that refuses everything is not asked for ever", async () => {
    const side = await endpoint(() => ({ status: 400, body: { error: "temperature is not supported" } }));
    const run = runFor(side.url, items(50));
    await expect(ask(run.options)).rejects.toThrow("temperature is not supported");
    expect(side.questions).toHaveLength(3);
  });

  const hostile: [string, ChatAnswer, string][] = [
    ["a page of HTML", { headers: { "content-type": "text/html" }, body: "<p>hello" }, "wrong-content-type"],
    [
      "a stream of events",
      { headers: { "content-type": "text/event-stream" }, body: "data: {}\n\n" },
      "wrong-content-type",
    ],
    ["no JSON", { body: '{"choices":[' }, "not-json"],
    ["JSON of another kind", { body: { choices: [] } }, "no-completion"],
    ["a bare number", { body: "17" }, "no-completion"],
    ["deep nesting", { body: "[".repeat(200_000) }, "not-json"],
    ["an error in a 200", { body: { error: { message: "context too long" } } }, "refused"],
    ["bytes that are not UTF-8", { body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) }, "not-utf8"],
    ["a huge body", { body: Buffer.alloc(1024 * 1024 + 1, 0x20) }, "too-large"],
    [
      "a stated huge body",
      { raw: (response) => void response.writeHead(200, { "content-length": "99999999999" }).write("{") },
      "too-large",
    ],
    ["compression", { headers: { "content-encoding": "gzip" }, body: "{}" }, "wrong-content-type"],
    ["the wrong status", { status: 206, body: completion("m", "yes") }, "no-completion"],
  ];
  test.each(hostile)("%s is recorded as a blank", async (_, answer, problem) => {
    const side = await endpoint(({ text }) => (text.includes("1") ? answer : "yes"));
    const run = runFor(side.url, items(2));
    const summary = await ask(run.options);
    expect(summary.problems).toEqual({ [problem]: 3 });
    expect(summary.answers.map(({ answer }) => answer)).toEqual(["yes", ""]);
  });

  test("an endless stream ends at the limit, a silent or dripping one at the time", async () => {
    const side = await endpoint(({ text }) => {
      if (text.includes("0")) return "yes";
      return {
        raw: (response) => {
          response.writeHead(200, { "content-type": "application/json" });
          if (text.includes("2")) return void response.write("{");
          const more = () => {
            while (!response.destroyed && response.write(Buffer.alloc(65_536, 0x20)));
          };
          response.on("drain", more);
          more();
        },
      };
    });
    const run = runFor(side.url, items(3), { callMs: 1_500, patience: { ...quick, maxRetries: 0 } });
    expect((await ask(run.options)).problems).toEqual({ timeout: 3, "too-large": 3 });
  }, 30_000);

  test("control characters and halves of characters in an answer harm nothing", async () => {
    const nasty = "a\u0000\u001b[2J\u202e\u0085\u2028b\ufeff\u{1f468}\u200d\u{1f469}";
    const side = await endpoint(({ text }) =>
      text.includes("0") ? nasty : { body: '{"choices":[{"message":{"content":"\\ud83d"}}]}' },
    );
    const run = runFor(side.url, items(2));
    const summary = await ask(run.options);
    expect(summary.answers[0]).toMatchObject({ answer: nasty, stable: true });
    expect(summary.problems).toEqual({ "not-json": 3 });
    for (const line of run.lines) expect(line).not.toMatch(/\n|\r/);
  });
});
