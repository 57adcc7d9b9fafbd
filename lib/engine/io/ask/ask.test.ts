import { afterEach, describe, expect, test } from "vitest";
import {
  type AskedQuestion,
  type ChatAnswer,
  type ChatEndpoint,
  completion,
  startChatEndpoint,
} from "../../../../tests/support/chat-endpoint";
import { codeOf } from "../../../../tests/support/far-side";
import { type AskedItem, type Call, readTranscript } from "../../canary/transcript";
import { sha256Hex } from "../../formats/canonical-json";
import type { Patience } from "./adapter";
import { type AskOptions, ask, resumable } from "./ask";
import { type ChatEndpointOptions, chatEndpoint } from "./chat-endpoint";
import { transcriptHeader } from "./header";

const open: ChatEndpoint[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function endpoint(answer: (question: AskedQuestion) => ChatAnswer | Promise<ChatAnswer>) {
  const made = await startChatEndpoint(answer);
  open.push(made);
  return made;
}

const quick: Patience = { maxRetries: 2, retryBaseMs: 2, maxWaitMs: 3_000 };
const items = (count: number): AskedItem[] =>
  Array.from({ length: count }, (_, k) => ({ id: `i${k}`, prompt: `What is ${k}?` }));

interface Run {
  readonly calls: Call[];
  readonly lines: string[];
  readonly options: AskOptions;
}

function runFor(
  url: string,
  asked: readonly AskedItem[],
  changes: Partial<ChatEndpointOptions> = {},
  more: Partial<AskOptions> = {},
): Run {
  const adapter = chatEndpoint({
    url,
    model: "reed",
    key: null,
    parameters: { temperature: 0 },
    trusted: true,
    patience: quick,
    callMs: 3_000,
    ...changes,
  });
  const startedAt = new Date("2026-01-01T00:00:00Z");
  const header = more.header ?? transcriptHeader(adapter, asked, { repeats: 3, startedAt });
  const run = { calls: [] as Call[], lines: [] as string[] };
  const options: AskOptions = {
    header,
    items: asked,
    adapter,
    onCall: (call, line) => {
      run.calls.push(call);
      run.lines.push(line);
    },
    ...more,
  };
  return { ...run, options };
}

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

describe("addresses and keys", () => {
  test("a redirect is not followed, and where it leads is not printed", async () => {
    const other = await endpoint(() => "secret");
    const side = await endpoint(() => ({
      status: 307,
      headers: { location: `${other.url}/chat/completions?k=v` },
    }));
    const run = runFor(side.url, items(2));
    await expect(ask(run.options)).rejects.toThrow(
      /redirects \(HTTP 307\); give the address that it leads to$/,
    );
    expect(other.questions).toEqual([]);
  });

  test("the address may be written with its path, with a slash, and by name", async () => {
    const side = await endpoint(() => "yes");
    for (const url of [
      `${side.url}/`,
      `${side.url}/chat/completions`,
      side.url.replace("127.0.0.1", "localhost"),
    ]) {
      const { options } = runFor(url, items(1));
      expect((await ask(options)).answers[0]?.answer).toBe("yes");
      expect(options.header.endpoint).toMatch(/^http:\/\/[a-z0-9.]+:\d+\/v1$/);
    }
  });

  test("an endpoint that is not trusted must be public, whatever its name says", async () => {
    const side = await endpoint(() => "yes");
    expect(await codeOf(ask(runFor(side.url, items(1), { trusted: false }).options))).toBe("address-refused");
    const { port } = new URL(side.url);
    const named = { trusted: false, lookup: async () => ["127.0.0.1"] };
    const url = `http://model.example:${port}/v1`;
    expect(await codeOf(ask(runFor(url, items(1), named).options))).toBe("address-refused");
    expect(side.questions).toEqual([]);
  });

  test.each([
    "https://user:sk-secret-123456@host.example/v1",
    "https://host.example/v1?api-key=sk-secret-123456",
    "https://host.example/v1#sk-secret-123456",
    "sk-secret-123456",
    "ftp://host.example/sk-secret-123456",
  ])("%s is refused without being repeated", (url) => {
    expect(() => runFor(url, items(1))).toThrow(/^(?!.*sk-secret).*(address|endpoint)/i);
  });

  const key = "sk-secret-0123456789abcdef";

  test("a key is sent as a bearer token, and is nowhere else", async () => {
    const side = await endpoint(() => "yes");
    const run = runFor(side.url, items(2), { key });
    const summary = await ask(run.options);
    expect(side.questions[0]?.headers.authorization).toBe(`Bearer ${key}`);
    const everything = JSON.stringify([
      summary,
      run.calls,
      run.lines,
      run.options.header,
      run.options.adapter,
    ]);
    expect(everything).not.toContain("sk-secret");
    expect(JSON.stringify(side.questions[0]?.body)).not.toContain("sk-secret");
    expect(() => runFor("http://host.example/v1", items(1), { key, trusted: false })).toThrow("https only");
    expect(() => runFor(side.url, items(1), { key: "sk secret\n" })).toThrow(
      /^The key of the endpoint is not a token$/,
    );
  });

  const escaped = [...key].map((char) => `\\u00${char.charCodeAt(0).toString(16)}`).join("");
  const echoes: [string, ChatAnswer][] = [
    ["as it is", `your key is ${key}`],
    ["in an error", { status: 401, body: { error: { message: `bad key ${key}` } } }],
    ["escaped", { body: `{"choices":[{"message":{"content":"${escaped}"}}]}` }],
    ["in base64", Buffer.from(`Bearer ${key}`).toString("base64")],
  ];
  test.each(echoes)(
    "an endpoint that sends the key back, %s, is stopped and nothing is kept",
    async (_, answer) => {
      const side = await endpoint(() => answer);
      const run = runFor(side.url, items(2), { key });
      const error = await ask(run.options).then(
        () => null,
        (thrown: unknown) => thrown as Error,
      );
      expect(error?.message).toContain("sent the key back");
      expect(`${error?.message}${error?.stack}${JSON.stringify(run.calls)}`).not.toContain(key);
      expect(run.calls).toEqual([]);
    },
  );

  test("repeats below three are refused, and parameters that would replace the question or carry a key", () => {
    const at = { startedAt: new Date() };
    const adapter = (parameters: Record<string, unknown>) =>
      chatEndpoint({ url: "http://127.0.0.1:1/v1", model: "m", key: null, parameters, trusted: true });
    expect(() => transcriptHeader(adapter({}), items(1), { ...at, repeats: 2 })).toThrow(
      "asked 3 to 25 times",
    );
    for (const name of ["messages", "model", "stream", "n", "api_key", "Authorization", "x-token", "a b"])
      expect(() => transcriptHeader(adapter({ [name]: "v" }), items(1), { ...at, repeats: 3 })).toThrow(
        "cannot be",
      );
    expect(transcriptHeader(adapter({ max_tokens: 5 }), items(1), { ...at, repeats: 3 }).parameters).toEqual({
      max_tokens: 5,
    });
  });
});
