/**
 * npm run bench:code-speed [-- FILES]: releases of FILES (1,000) generated Python files of about 10 kB each, in folders.
 * How long one takes to be read, parsed and indexed, and how long a suspect takes against an original and three
 * ancestors; half of the suspect's files are the original's under other names. Another process writes the files
 * before: making them is neither timed nor counted.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { ReleaseReader } from "@/lib/engine/io/source/release";
import { code } from "@/lib/engine/methods/code";
import { loadCode } from "@/lib/engine/methods/code/load-code";
import { SeededStream } from "@/lib/engine/weights/sample-seed";

const files = Number(process.argv[2] ?? 1_000);
const target = process.argv[3];
const words =
  "alpha beta gamma delta kappa sigma node edge layer token batch index shape scale offset cache".split(" ");

const renames = new Map(words.map((word, at) => [word, `name${at}`]));
const listed = Array.from({ length: files }, (_, at) => `f${String(at).padStart(5, "0")}.py`);
const contents: Readonly<Record<string, (at: number) => string>> = {
  original: (at) => file("original", at),
  suspect: (at) =>
    at % 2 === 0
      ? file("original", at + 1).replace(/[a-z]+/g, (word) => renames.get(word) ?? word)
      : file("suspect", at),
  first: (at) => file("first", at),
  second: (at) => file("second", at),
  third: (at) => file("third", at),
};

if (target === undefined) {
  const folder = mkdtempSync(join(tmpdir(), "slipmark-code-speed-"));
  try {
    const own = [...process.execArgv, process.argv[1] as string, String(files), folder];
    if (spawnSync(process.execPath, own, { stdio: "inherit" }).status !== 0) throw new Error("No files");
    await measure(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
} else {
  for (const [name, text] of Object.entries(contents)) {
    mkdirSync(join(target, name));
    for (const [at, path] of listed.entries()) writeFileSync(join(target, name, path), text(at));
  }
}

async function measure(folder: string): Promise<void> {
  const [original, suspect, ...ancestors] = Object.keys(contents).map((name) => release(join(folder, name)));
  if (original === undefined || suspect === undefined) return;
  console.log(`${files} files of 10 kB, ${availableParallelism()} cores, ${peak()} MB before`);
  const indexing = await timed(() => loadCode(original));
  console.log(
    `indexed              ${indexing.seconds} s, ${indexing.cpu} s of processor time, peak ${peak()} MB`,
  );
  const comparing = await timed(() =>
    code.run({
      original,
      suspect,
      ancestors,
      controls: [],
      parameters: { nonce: "", screened: 1, level: 1 },
      shared: (_, make) => make(),
    }),
  );
  console.log(
    `with three ancestors ${comparing.seconds} s, ${comparing.cpu} s of processor time, peak ${peak()} MB`,
  );
  console.log(`says                 ${comparing.value.says}`);
}

/** One program text; what it is follows from the seed and its number. */
function file(seed: string, at: number): string {
  const stream = new SeededStream(`slipmark/bench/code-speed/${seed}`, String(at));
  const word = () => words[stream.below(words.length)] as string;
  const value = (depth: number): string => {
    const choice = stream.below(depth > 2 ? 3 : 7);
    if (choice === 0) return String(stream.below(100));
    if (choice < 3) return word();
    if (choice === 3)
      return `${value(depth + 1)} ${["+", "-", "*", "//", "<"][stream.below(5)]} ${value(depth + 1)}`;
    if (choice === 4) return `${word()}(${value(depth + 1)}, ${value(depth + 1)})`;
    if (choice === 5) return `${word()}.${word()}[${value(depth + 1)}]`;
    return `[${word()} for ${word()} in ${value(depth + 1)}]`;
  };
  const block = (indent: string, depth: number): string => {
    let text = "";
    for (let n = 2 + stream.below(4); n > 0; n--) {
      const choice = stream.below(depth > 2 ? 3 : 6);
      if (choice < 2) text += `${indent}${word()} = ${value(0)}\n`;
      else if (choice === 2) text += `${indent}${word()}.${word()}(${value(0)})\n`;
      else if (choice === 3) text += `${indent}if ${value(0)}:\n${block(`${indent}    `, depth + 1)}`;
      else if (choice === 4)
        text += `${indent}for ${word()} in ${value(0)}:\n${block(`${indent}    `, depth + 1)}`;
      else text += `${indent}# ${word()} ${word()}\n${indent}${word()} += ${value(0)}\n`;
    }
    return text;
  };
  let text = "import os\n";
  while (text.length < 10_000) {
    text += `\n\ndef ${word()}_${word()}(${word()}, other):\n${block("    ", 0)}    return ${value(0)}\n`;
  }
  return text;
}

/** The files of a folder, by the names they were written under. */
function release(folder: string): ReleaseReader {
  return {
    release: {
      kind: "folder",
      repository: null,
      commit: null,
      files: listed.map((path) => ({ path, size: null, gitOid: null, lfsSha256: null })),
    },
    read: async (path, start, end) => (await readFile(join(folder, path))).subarray(start, end),
    readWhole: async (path) => readFile(join(folder, path)),
  };
}

async function timed<T>(work: () => Promise<T>) {
  const [wall, before] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  const tenths = (ms: number) => Math.round(ms / 100) / 10;
  return { value, seconds: tenths(performance.now() - wall), cpu: tenths((user + system) / 1_000) };
}

function peak(): number {
  return Math.round(process.resourceUsage().maxRSS / 1_024);
}
