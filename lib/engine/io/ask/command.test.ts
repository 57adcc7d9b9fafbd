import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { codeOf } from "../../../../tests/support/far-side";
import type { AskedItem, Call } from "../../canary/transcript";
import { sha256Hex } from "../../formats/canonical-json";
import { ask } from "./ask";
import { type CommandOptions, commandAdapter } from "./command";
import { transcriptHeader } from "./header";
import { splitCommand } from "./split-command";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-command-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A program in a file of its own, started by this very Node. */
async function program(name: string, source: string): Promise<string> {
  const path = join(folder, `${name}.mjs`);
  await writeFile(path, source);
  return `'${process.execPath}' '${path}'`;
}

function runOf(command: string, items: readonly AskedItem[], more: Partial<CommandOptions> = {}) {
  const adapter = commandAdapter({ command, environment: process.env, ...more });
  const calls: Call[] = [];
  const header = transcriptHeader(adapter, items, { repeats: 3, startedAt: new Date(0) });
  return { calls, options: { header, items, adapter, onCall: (call: Call) => void calls.push(call) } };
}

const picture = Buffer.from("a picture of a crane");
const image = { sha256: sha256Hex(picture), type: "image/png" as const, size: picture.length };

describe("splitting a command line", () => {
  test.each<[string, string[]]>([
    ["prog {image}", ["prog", "{image}"]],
    ["  a\tb  ", ["a", "b"]],
    [`prog 'a b' "c d" e\\ f`, ["prog", "a b", "c d", "e f"]],
    [`prog '' ""`, ["prog", "", ""]],
    [`prog --x='$HOME; rm -rf /' "a\\"b\\\\c\\n"`, ["prog", "--x=$HOME; rm -rf /", 'a"b\\c\\n']],
    [`pre'fix 'post`, ["prefix post"]],
  ])("%s", (text, words) => {
    expect(splitCommand(text)).toEqual(words);
  });

  test.each([
    "",
    "  ",
    "''",
    "a | b",
    "a; b",
    "a && b",
    "$(a)",
    "`a`",
    "a > f",
    "a *",
    "a\nb",
    "'open",
    '"open',
    "a\\",
    "a\0b",
  ])("%j is refused", (text) => {
    expect(() => splitCommand(text)).toThrow("The command cannot be used");
  });

  test("quoted words come back as they were, whatever is in them", () => {
    const word = fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.replaceAll("\0", ""));
    const single = (text: string) => `'${text.replaceAll("'", `'"'"'`)}'`;
    const double = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;
    fc.assert(
      fc.property(fc.array(word), fc.boolean(), (words, singly) => {
        const line = ["prog", ...words.map(singly ? single : double)].join(" ");
        expect(splitCommand(line)).toEqual(["prog", ...words]);
      }),
    );
  });
});

describe("a command", () => {
  test("reads the image it is given and prints the answer; nothing is left behind", async () => {
    const reader = await program(
      "reader",
      "import {readFileSync} from 'node:fs'; console.log(readFileSync(process.argv[2], 'utf8'));",
    );
    const { options, calls } = runOf(`${reader} {image}`, [{ id: "a", image }]);
    const scratch = await mkdtemp(join(folder, "tmp-"));
    vi.stubEnv("TMPDIR", scratch);
    const summary = await ask({ ...options, image: async () => picture });
    expect(summary.answers).toMatchObject([{ id: "a", answer: "a picture of a crane", agreeing: 3 }]);
    expect(JSON.parse(calls[0]?.request ?? "").arguments[1]).toBe(`sha256:${image.sha256}`);
    expect(options.header.endpoint).not.toContain("/");
    expect(await readdir(scratch)).toEqual([]);
  });

  test("gets the text on its input, and as one argument whatever is in it; no shell sees it", async () => {
    const echo = await program(
      "echo",
      "let text = ''; for await (const part of process.stdin) text += part; console.log(JSON.stringify([process.argv.slice(2), text]));",
    );
    const nasty = `$(touch ${join(folder, "shell")}) '; touch ${join(folder, "shell")} "`;
    const { options } = runOf(`${echo} --text={prompt} -- {prompt}`, [
      { id: "a", prompt: nasty },
      { id: "b", prompt: "-rf" },
    ]);
    const { answers } = await ask(options);
    expect(JSON.parse(answers[0]?.answer ?? "")).toEqual([[`--text=${nasty}`, "--", nasty], nasty]);
    expect(JSON.parse(answers[1]?.answer ?? "")).toEqual([["--text=-rf", "--", "-rf"], "-rf"]);
    expect(await readdir(folder)).not.toContain("shell");
  });

  test("a prompt cannot become an option, an image item needs {image}", async () => {
    const echo = await program("none", "console.log('x');");
    const asked = [{ id: "a", prompt: "--output=/etc/passwd" }];
    await expect(ask(runOf(`${echo} {prompt}`, asked).options)).rejects.toThrow("would be read as an option");
    await expect(ask(runOf(`${echo} {image}`, asked).options)).rejects.toThrow("takes an {image}");
    const withImage = { ...runOf(echo, [{ id: "a", image }]).options, image: async () => picture };
    await expect(ask(withImage)).rejects.toThrow("takes no {image}");
    await expect(ask(runOf(`${echo} {prompt}`, [{ id: "a", prompt: "a\0b" }]).options)).rejects.toThrow(
      "zero byte",
    );
    expect(await codeOf(ask(runOf("/no/such/program-of-ours", asked).options))).toBe("bad-input");
  });

  test("failing, hanging, endless and unreadable runs are blanks, and their children are ended", async () => {
    const source = `
      import { spawn } from "node:child_process";
      let text = ""; for await (const part of process.stdin) text += part;
      if (text === "fails") { console.error("no\\u001b[31m memory"); console.log("half"); process.exit(3); }
      if (text === "hangs") { const child = spawn("sleep", ["60"], { stdio: "inherit" }); console.log(child.pid); setInterval(() => {}, 1000); }
      if (text === "endless") for (;;) if (!process.stdout.write("x".repeat(65536))) await new Promise((go) => process.stdout.once("drain", go));
      if (text === "gbk") process.stdout.write(Buffer.from([0xb1, 0xbf]));
      if (text === "fine") console.log("fine");
    `;
    const all = await program("trouble", source);
    const items = ["fails", "fine", "endless", "gbk", "fine2"].map((prompt, k) => ({
      id: `${k}`,
      prompt: prompt.replace("fine2", "fine"),
    }));
    const { options, calls } = runOf(all, items, { outputBytes: 200_000 });
    const summary = await ask(options);
    expect(summary.problems).toEqual({ failed: 3, "not-utf8": 3, "too-large": 3 });
    expect(calls[0]).toMatchObject({ status: 3, problem: "failed", response: "half\n", answer: "" });
    expect(calls[3]).toMatchObject({ encoding: "base64", response: "sb8=" });
    const hanging = runOf(all, [{ id: "a", prompt: "hangs" }], { timeoutMs: 1_000 });
    expect((await ask(hanging.options)).problems).toEqual({ timeout: 3 });
  }, 120_000);

  test("the group of a stopped command ends with it", async () => {
    const pidFile = join(folder, "pid");
    const source = `
      import { spawn } from "node:child_process"; import { writeFileSync } from "node:fs";
      const child = spawn("sleep", ["300"], { stdio: "ignore" });
      writeFileSync(${JSON.stringify(pidFile)}, String(child.pid)); setInterval(() => {}, 1000);`;
    const stop = new AbortController();
    const { options } = runOf(await program("hangs", source), [{ id: "a", prompt: "x" }]);
    const work = codeOf(ask({ ...options, signal: stop.signal }));
    let pid = 0;
    while (pid === 0) {
      await delay(20);
      pid = Number(await readFile(pidFile, "utf8").catch(() => "0"));
    }
    stop.abort();
    expect(await work).toBe("cancelled");
    // Dead, or a zombie that nobody in this container collects.
    for (let tries = 0; tries < 100 && (await isAlive(pid)); tries += 1) await delay(20);
    expect(await isAlive(pid)).toBe(false);
  }, 60_000);

  test("keys are kept out of its arguments and of its environment", async () => {
    const env = {
      ...process.env,
      SLIPMARK_ASK_KEY: "sk-0123456789abcdef",
      OTHER_TOKEN: "tok-0123456789abcdef",
    };
    const asked = [{ id: "a", prompt: "x" }];
    for (const command of [
      "prog --api-key abc",
      "prog --token=abc",
      "prog -k sk-0123456789abcdef",
      "prog x=tok-0123456789abcdef",
    ])
      expect(() => runOf(command, asked, { environment: env })).toThrow(
        /^An argument of the command looks like a key/,
      );
    const shows = await program(
      "env",
      "console.log(JSON.stringify([process.env.SLIPMARK_ASK_KEY ?? null, process.env.OTHER_TOKEN]));",
    );
    const { answers } = await ask(runOf(shows, asked, { environment: env }).options);
    expect(JSON.parse(answers[0]?.answer ?? "")).toEqual([null, "tok-0123456789abcdef"]);
  });
});

async function isAlive(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return state !== "" && !/\) Z /.test(state);
}
