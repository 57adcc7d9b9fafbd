import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseAnswers, readTranscript } from "../../lib/engine/canary/transcript";
import { readItemsFile } from "../../lib/engine/io/ask";
import {
  type AskedQuestion,
  type ChatAnswer,
  type ChatEndpoint,
  startChatEndpoint,
} from "../support/chat-endpoint";
import { tinyPng } from "../support/tiny-images";
import { openWorkshop, type Workshop } from "./command-line";

const picture = tinyPng(3, 2);

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
  await mkdir(join(shop.folder, "set", "images"), { recursive: true });
  await writeFile(join(shop.folder, "set", "images", "a.png"), picture);
}, 120_000);
afterAll(() => shop.close());

const open: ChatEndpoint[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function endpoint(answer: (question: AskedQuestion) => ChatAnswer | Promise<ChatAnswer>) {
  const made = await startChatEndpoint(answer);
  open.push(made);
  return made;
}

async function itemsFile(name: string, items: readonly object[]): Promise<string> {
  const path = join(shop.folder, "set", name);
  await writeFile(path, items.map((item) => `${JSON.stringify(item)}\n`).join(""));
  return path;
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, k) => ({ id: `i${k}`, prompt: `${k}?` }));
const read = (name: string) => readFile(join(shop.folder, name), "utf8");

describe("slipmark canary ask", () => {
  test("asks an endpoint for texts and images; answers, transcript and root go together", async () => {
    const side = await endpoint(({ text, image }) =>
      image ? `${image.type} ${image.bytes.length}` : `re ${text}`,
    );
    const path = await itemsFile("mixed.jsonl", [
      { id: "text", prompt: "Which bird?", answer: "crane" },
      { id: "image", image: "images/a.png" },
    ]);
    const args = [
      "canary",
      "ask",
      path,
      "--endpoint",
      side.url,
      "--model",
      "reed",
      "--out",
      "mixed-answers.jsonl",
    ];
    const { code, stdout, stderr } = await shop.slipmark([...args, "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      items: 2,
      answered: 2,
      blank: 0,
      unstable: 0,
      calls: 6,
      served: ["reed"],
    });
    expect(parseAnswers(await read("mixed-answers.jsonl"))).toEqual([
      { id: "text", answer: "re Which bird?" },
      { id: "image", answer: `image/png ${picture.length}` },
    ]);
    const { items } = await readItemsFile(path);
    const transcript = Buffer.from(await read("mixed-answers.transcript.jsonl"));
    expect(readTranscript(transcript, { items }).root).toBe(report.transcript.root);
    // The truth is nobody's business who only asks.
    expect(transcript.toString()).not.toContain("crane");

    const again = [
      "canary",
      "ask",
      path,
      "--transcript",
      "mixed-answers.transcript.jsonl",
      "--out",
      "again.jsonl",
    ];
    const good = await shop.slipmark([...again, "--root", report.transcript.root, "--json"]);
    expect(good.code).toBe(0);
    expect(await read("again.jsonl")).toBe(await read("mixed-answers.jsonl"));
    await writeFile(join(shop.folder, "edited.jsonl"), transcript.toString().replace("re Which", "re which"));
    const edited = await shop.slipmark([
      "canary",
      "ask",
      path,
      "--transcript",
      "edited.jsonl",
      "--out",
      "no.jsonl",
    ]);
    expect(edited.code).toBe(2);
    expect(edited.stderr).toMatch(/^slipmark: edited\.jsonl: line 2 of the transcript was changed[^\n]*\n$/);
    const other = await shop.slipmark([...again, "--root", "00".repeat(32)]);
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringContaining("not the one that was registered"),
    ]);
  });

  test("killed again and again in the middle, it loses no answer and makes no call twice", async () => {
    let waiting = 0;
    const side = await endpoint(async ({ text }) => {
      await delay(8);
      waiting = 0;
      return `to ${text}`;
    });
    const path = await itemsFile("many.jsonl", numbered(20));
    const args = [
      "canary",
      "ask",
      path,
      "--endpoint",
      side.url,
      "--model",
      "reed",
      "--out",
      "many-answers.jsonl",
    ];
    let kills = 0;
    for (const after of [9, 14, 23, 31, 44]) {
      const child = start([...args, ...(kills === 0 ? [] : ["--resume"])]);
      while (side.questions.length < after && child.exitCode === null) await delay(1);
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("exit", resolve));
      kills += 1;
    }
    const done = await shop.slipmark([...args, "--resume", "--json"]);
    expect(done.code, done.stderr).toBe(0);
    const { items } = await readItemsFile(path);
    const transcript = Buffer.from(await read("many-answers.transcript.jsonl"));
    const { root } = JSON.parse(done.stdout).transcript;
    expect(readTranscript(transcript, { items, root }).calls).toBe(60);
    // Only what was under way at a kill, and was never answered, can have been asked twice.
    expect(side.questions.length).toBeGreaterThanOrEqual(60);
    expect(side.questions.length).toBeLessThanOrEqual(60 + kills);
    expect(parseAnswers(await read("many-answers.jsonl"))).toHaveLength(20);
    expect(side.most()).toBe(1);
    expect(waiting).toBe(0);
  });

  test("a budget stops it, the message says how to go on, and it goes on", async () => {
    const side = await endpoint(() => "yes");
    const path = await itemsFile("budget.jsonl", numbered(4));
    const args = [
      "canary",
      "ask",
      path,
      "--endpoint",
      side.url,
      "--model",
      "reed",
      "--out",
      "budget-answers.jsonl",
    ];
    const first = await shop.slipmark([...args, "--budget", "5"]);
    expect(first.code).toBe(2);
    expect(first.stderr).toBe(
      "slipmark: The budget of 5 requests is used up. budget-answers.transcript.jsonl has all calls until here; --resume goes on\n",
    );
    await expect(read("budget-answers.jsonl")).rejects.toThrow("ENOENT");
    const twice = await shop.slipmark(args);
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining("is there already")]);
    const rest = await shop.slipmark([...args, "--resume"]);
    expect(rest.code, rest.stderr).toBe(0);
    expect(rest.stderr).toContain("4 answered, 0 blank, 0 unstable");
    expect(side.questions).toHaveLength(12);
  });

  test("a key comes from the environment and goes to the endpoint alone", async () => {
    const key = "sk-secret-0123456789abcdef";
    const side = await endpoint(() => "yes");
    const path = await itemsFile("key.jsonl", numbered(1));
    const args = [
      "canary",
      "ask",
      path,
      "--endpoint",
      side.url,
      "--model",
      "reed",
      "--out",
      "key-answers.jsonl",
    ];
    const { code, stdout, stderr } = await shop.slipmark([...args, "--json"], { SLIPMARK_ASK_KEY: key });
    expect(code, stderr).toBe(0);
    expect(side.questions[0]?.headers.authorization).toBe(`Bearer ${key}`);
    const files = (await read("key-answers.transcript.jsonl")) + (await read("key-answers.jsonl"));
    expect(`${stdout}${stderr}${files}`).not.toContain("sk-secret");
    const echo = await endpoint(({ count }) => (count < 3 ? "yes" : `key ${key}`));
    const mirrored = [
      "canary",
      "ask",
      path,
      "--endpoint",
      echo.url,
      "--model",
      "reed",
      "--out",
      "echo.jsonl",
    ];
    const refused = await shop.slipmark(mirrored, { SLIPMARK_ASK_KEY: key });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("sent the key back")]);
    expect(`${refused.stderr}${await read("echo.transcript.jsonl")}`).not.toContain("sk-secret");
    for (const wrong of [
      ["--key", key],
      ["--parameter", `api_key=${key}`],
      ["--key-env", key.replaceAll("-", "_")],
      ["--endpoint", `https://user:${key}@host.example/v1`],
    ]) {
      const said = await shop.slipmark([
        ...args.filter((one) => one !== "--endpoint" && one !== side.url),
        ...wrong,
        ...(wrong[0] === "--endpoint" ? [] : ["--endpoint", side.url]),
        "--record",
        "x.jsonl",
      ]);
      expect(said.code).toBe(2);
      expect(said.stderr).not.toMatch(/sk.secret/);
      expect(said.stderr.trim().split("\n")).toHaveLength(1);
    }
    const missing = await shop.slipmark([...args, "--key-env", "MY_KEY", "--record", "x.jsonl"]);
    expect([missing.code, missing.stderr]).toEqual([
      2,
      "slipmark: The variable that --key-env names is not set\n",
    ]);
  });

  test("runs a command for each call", async () => {
    await writeFile(
      join(shop.folder, "size.mjs"),
      "import {statSync} from 'node:fs'; console.log(statSync(process.argv[2]).size);",
    );
    const path = await itemsFile("images.jsonl", [{ id: "a", image: "images/a.png" }]);
    const command = `'${process.execPath}' size.mjs {image}`;
    const args = [
      "canary",
      "ask",
      path,
      "--command",
      command,
      "--model",
      "sizes",
      "--out",
      "command-answers.jsonl",
    ];
    const { code, stdout, stderr } = await shop.slipmark([...args, "--json"]);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ model: "sizes", answered: 1, calls: 3 });
    expect(await read("command-answers.jsonl")).toBe(`{"answer":"${picture.length}","id":"a"}\n`);
  });

  test("answers take their terms from the pre-registration", async () => {
    const side = await endpoint(({ text }) => `${text}\nsecond line`);
    const path = await itemsFile("terms.jsonl", numbered(1));
    const args = [
      "canary",
      "ask",
      path,
      "--endpoint",
      side.url,
      "--model",
      "reed",
      "--out",
      "own-answers.jsonl",
    ];
    const own = await shop.slipmark([
      ...args,
      "--prompt",
      "Q: {prompt}",
      "--extract",
      "first-line",
      "--repeats",
      "5",
      "--parameter",
      "seed=7",
      "--max-tokens",
      "32",
    ]);
    expect(own.code, own.stderr).toBe(0);
    expect(side.questions).toHaveLength(5);
    expect(side.questions[0]?.body).toMatchObject({ temperature: 0, seed: 7, max_tokens: 32 });
    expect(await read("own-answers.jsonl")).toBe('{"answer":"Q: 0?","id":"i0"}\n');
    const terms = {
      schema: "slipmark.canary-terms/v1",
      kind: "natural",
      items: 1,
      options: null,
      primary: "robust",
      threshold: "0.01",
      normaliser: "n1",
      fold: "none",
      prompt: "Name it: {prompt}",
      extractor: { kind: "regex", pattern: "it: (.*)" },
      repeats: 4,
      references: [],
      needsReferences: 5,
      deadline: "2027-01-31",
      beacon: { kind: "none" },
    };
    await writeFile(join(shop.folder, "terms.json"), JSON.stringify(terms));
    const fixed = ["canary", "ask", path, "--endpoint", side.url, "--model", "reed", "--out", "fixed.jsonl"];
    const asked = await shop.slipmark([...fixed, "--terms", "terms.json"]);
    expect(asked.code, asked.stderr).toBe(0);
    expect(side.questions).toHaveLength(9);
    expect(await read("fixed.jsonl")).toBe('{"answer":"0?","id":"i0"}\n');
    const both = await shop.slipmark([...fixed, "--terms", "terms.json", "--repeats", "3"]);
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("--terms fix")]);
  });

  test("wrong usage and unusable input: one line, and no request", async () => {
    const side = await endpoint(() => "yes");
    const good = await itemsFile("good.jsonl", numbered(2));
    const twice = await itemsFile("twice.jsonl", [...numbered(2), { id: "i0", prompt: "again" }]);
    const outside = await itemsFile("outside.jsonl", [{ id: "a", image: "../../../etc/hostname" }]);
    const at = ["--endpoint", side.url, "--model", "m"];
    for (const [args, said] of [
      [[good], "--out"],
      [[good, "--out", "o.jsonl", "--endpoint", side.url], "--model"],
      [[good, "--out", "o.jsonl", ...at, "--command", "x"], "whom to ask"],
      [[good, "--out", "o.jsonl", ...at, "--repeats", "2"], "asked 3 to 25 times"],
      [[good, "--out", "o.jsonl", ...at, "--extract", "regex:(a+)+b"], "extractor"],
      [[good, "--out", "o.jsonl", "--command", "cat {image} | wc"], "for a shell"],
      [[twice, "--out", "o.jsonl", ...at], "line 3"],
      [[outside, "--out", "o.jsonl", ...at], "below the folder"],
      [["none.jsonl", "--out", "o.jsonl", ...at], "none.jsonl"],
    ] as [string[], string][]) {
      const { code, stderr } = await shop.slipmark(["canary", "ask", ...args]);
      expect(code, stderr).toBe(2);
      expect(stderr).toContain(said);
      expect(stderr.trim().split("\n")).toHaveLength(1);
    }
    expect(side.questions).toEqual([]);
    await rm(join(shop.folder, "o.transcript.jsonl"), { force: true });
    const { url } = side;
    await side.close();
    const gone = await shop.slipmark([
      "canary",
      "ask",
      good,
      "--out",
      "o.jsonl",
      "--endpoint",
      url,
      "--model",
      "m",
      "--retries",
      "0",
    ]);
    expect([gone.code, gone.stderr]).toEqual([3, expect.stringContaining("connection refused")]);
  });
});

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [shop.bundle, ...args], {
    cwd: shop.folder,
    env: { HOME: shop.folder } as unknown as NodeJS.ProcessEnv,
    stdio: "ignore",
  });
}
