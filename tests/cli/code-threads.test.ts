import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { parametersFrom } from "../../cli/compare-parameters";
import { sourceIoFrom } from "../../cli/settings";
import { compare } from "../../lib/engine/compare";
import { openRelease } from "../../lib/engine/io/source/open-release";
import { openWorkshop, type Workshop } from "./command-line";

// In this process nothing is parsed in threads: with them and without, the digest is one.
vi.mock(import("node:os"), async (load) => ({ ...(await load()), availableParallelism: () => 1 }));

// Enough that parsing is worth threads (parse-parallel.ts), in files of which each thread takes several batches.
const fileCount = 72;
const filesInBatch = 16;
const threadCount = 2;
const worthThreads = 1_000_000;

let shop: Workshop;
const folders = { original: "", suspect: "" };

beforeAll(async () => {
  shop = await openWorkshop();
  const files = Array.from({ length: fileCount }, (_, at) => ({ path: `part${at}.py`, text: program(at) }));
  for (const side of ["original", "suspect"] as const) {
    const written = files.map(({ path, text }): [string, string] =>
      side === "original" ? [`pkg/${path}`, text] : [`src/deep/m_${path}`, disguised(text)],
    );
    const sizes = written.map(([, text]) => text.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(worthThreads);
    folders[side] = await shop.release(side, Object.fromEntries(written));
  }
});
afterAll(() => shop.close());

test("threads of the bundle parse large programs, far from any package, with the digest that the engine finds without them", async () => {
  const watch = await watchedThreads();
  const { code, stdout, stderr } = await shop.slipmark(
    ["compare", "./original", "./suspect", "--methods", "code", "--json"],
    watch.environment,
  );
  expect([code, stderr]).toEqual([0, ""]);
  const document = JSON.parse(stdout);
  expect(document.methods[0].says).toBe("same-program");
  expect(document.methods[0].statistics.sides).toMatchObject({
    original: { files: fileCount, filesWithSyntaxErrors: 0, skipped: [] },
    suspect: { files: fileCount, filesWithSyntaxErrors: 0, skipped: [] },
  });
  // What a thread does not deliver is parsed without it, with the same result: so the threads are watched.
  const batches = Math.ceil(fileCount / filesInBatch);
  expect(await watch.seen()).toEqual({ started: threadCount, batches: 2 * batches, errors: [] });

  expect(document.digest).toBe(await digestInProcess());
});

async function digestInProcess(): Promise<string> {
  const io = sourceIoFrom({ HOME: shop.folder, SLIPMARK_CACHE: "off" });
  const open = (repository: string) => openRelease({ kind: "folder", repository, revision: null }, io);
  const comparison = await compare(
    {
      original: await open(folders.original),
      suspect: await open(folders.suspect),
      ancestors: [],
      controls: [],
    },
    parametersFrom({ methods: "code" }),
  );
  comparison.blobs.close();
  return comparison.result.digest;
}

/** Counts, from inside the process that runs the bundle, which threads start and what they answer. */
async function watchedThreads() {
  const seen = join(shop.folder, "threads.json");
  const preload = join(shop.folder, "watch-threads.cjs");
  await writeFile(
    preload,
    `const threads = require("node:worker_threads");
const os = require("node:os");
const { syncBuiltinESMExports } = require("node:module");
const { writeFileSync } = require("node:fs");
if (threads.isMainThread) {
  const seen = { started: 0, batches: 0, errors: [] };
  threads.Worker = class extends threads.Worker {
    constructor(...given) {
      super(...given);
      seen.started += 1;
      this.on("message", (message) => (seen.batches += Array.isArray(message) ? 1 : 0));
      this.on("error", (error) => seen.errors.push(String(error)));
    }
  };
  // The same number on every machine: with one processor there would be none.
  os.availableParallelism = () => ${threadCount};
  syncBuiltinESMExports();
  process.on("exit", () => writeFileSync(${JSON.stringify(seen)}, JSON.stringify(seen)));
}
`,
  );
  return {
    environment: { NODE_OPTIONS: `--require "${preload}"` },
    seen: async () => JSON.parse(await readFile(seen, "utf8")),
  };
}

/** Python of one file: functions of many shapes, each chosen by a small generator of numbers. */
function program(seed: number): string {
  const next = numbers(seed + 1);
  const pick = (choices: readonly string[]) => choices[next() % choices.length] as string;
  const names = ["left", "right", "amount", "limit", "values", "result", "offset", "weight"];
  const name = () => pick(names);
  const value = (): string =>
    pick([
      name(),
      `${next() % 90}`,
      `${name()}[${name()}]`,
      `${name()} ${pick(["+", "-", "*", "//", "%"])} ${next() % 90}`,
      `convert(${name()}, ${name()})`,
      `${name()}.${pick(["size", "first", "parent"])}`,
      `[${name()} for ${name()} in ${name()}]`,
      `(${name()} + ${name()}) * ${name()}`,
    ]);
  const test = () => `${name()} ${pick(["<", ">", "==", "!=", "<=", "is"])} ${value()}`;
  const statement = (indent: string, depth: number): string => {
    const inner = () => block(`${indent}    `, depth + 1);
    const simple = [
      () => `${name()} = ${value()}`,
      () => `${name()} += ${value()}`,
      () => `${name()}[${value()}] = ${value()}`,
      () => `${name()}.append(${value()})`,
      () => `report(${value()}, ${value()}, "${pick(["begin", "middle", "end"])}")`,
      () => `assert ${test()}`,
    ];
    const compound = [
      () => `if ${test()}:\n${inner()}`,
      () => `if ${test()}:\n${inner()}\n${indent}else:\n${inner()}`,
      () => `for ${name()} in ${value()}:\n${inner()}`,
      () => `while ${test()} and ${test()}:\n${inner()}`,
      () => `with ${value()} as ${name()}:\n${inner()}`,
      () => `try:\n${inner()}\n${indent}except ValueError:\n${inner()}`,
    ];
    const makers = depth < 3 && next() % 3 === 0 ? compound : simple;
    return `${indent}${(makers[next() % makers.length] as () => string)()}`;
  };
  const block = (indent: string, depth: number): string =>
    Array.from({ length: 2 + (next() % 4) }, () => statement(indent, depth)).join("\n");
  const parts: string[] = ["import math"];
  for (let size = 0, at = 0; size < worthThreads / fileCount + 500; at++) {
    const body = `${block("    ", 0)}\n${block("    ", 0)}\n    return ${value()}`;
    // Long remarks: many characters to parse and few tokens to compare, which is what takes time here.
    const remark = `    """${"Goes on from what the step before left behind.\n    ".repeat(120)}"""\n`;
    const part = `def step_${seed}_${at}(${names.slice(0, 3 + (next() % 4)).join(", ")}):\n${remark}${body}\n`;
    parts.push(part);
    size += part.length;
  }
  return parts.join("\n\n");
}

/** Whole numbers without end: a linear congruential generator (Knuth, The Art of Computer Programming 2, 3.3.4). */
function numbers(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
    return Number(state >> 40n);
  };
}

/** Other names everywhere, functions in the other order, two blanks of indentation, a remark before each. */
function disguised(text: string): string {
  const kept = new Set(
    `import math def return if else for in while with as try except assert is and ValueError append begin middle
    end`.split(/\s+/),
  );
  const [head, ...functions] = text.split("\n\n\n").map((part) => part.trimEnd());
  const parts = functions.reverse().map((part, at) => `# part ${at}\n${part}`);
  return `${[head, ...parts].join("\n")}\n`
    .replace(/^#.*$|[a-z]\w*/gm, (word) => (word.startsWith("#") || kept.has(word) ? word : `n_${word}_x`))
    .replace(/^((?: {4})+)/gm, (indent) => " ".repeat(indent.length / 2));
}
