/**
 * npm run bench:code-speed [-- FILES [TREE]]: releases of FILES (1,000) Python files of about 10 kB each, in folders.
 * How long one takes to be read, parsed and indexed, and how long a suspect takes against an original and three
 * ancestors; half of the suspect's files are the original's under other names. Another process writes the files
 * before: making them is neither timed nor counted. Generated (code-programs.ts says how, and how near to real code
 * that is); with TREE, a folder of installed Python packages, the files of 3 to 60 kB in it instead, in the order of
 * their paths, a thousand after a thousand: different packages in each release.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { ReleaseReader } from "@/lib/engine/io/source/release";
import { code } from "@/lib/engine/methods/code";
import { loadCode } from "@/lib/engine/methods/code/load-code";
import { programText } from "./code-programs";

const files = Number(process.argv[2] ?? 1_000);
const tree = process.argv[3] ?? "";
const target = process.argv[4];
const real = tree === "" || target === undefined ? [] : filesOfTree(tree);
const releases = ["original", "suspect", "first", "second", "third"];
if (real.length > 0 && real.length < releases.length * files)
  throw new Error(`${real.length} files are too few`);

/** Words of the language stay; all others get another name, those in strings and remarks too. */
const kept = new Set(
  (
    "and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return self try while with yield None True False"
  ).split(" "),
);
const renamed = (text: string) =>
  text.replace(/\b[A-Za-z_]\w*\b(?!["'])/g, (word) => (kept.has(word) ? word : `${word}_${word.length}`));
const listed = Array.from({ length: files }, (_, at) => `f${String(at).padStart(5, "0")}.py`);
const contents: Readonly<Record<string, (at: number) => string>> = {
  original: (at) => file("original", at),
  suspect: (at) => (at % 2 === 0 ? renamed(file("original", at + 1)) : file("suspect", at)),
  first: (at) => file("first", at),
  second: (at) => file("second", at),
  third: (at) => file("third", at),
};

if (target === undefined) {
  const folder = mkdtempSync(join(tmpdir(), "slipmark-code-speed-"));
  try {
    const own = [...process.execArgv, process.argv[1] as string, String(files), tree, folder];
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
  const [original, suspect, ...ancestors] = releases.map((name) => release(join(folder, name)));
  if (original === undefined || suspect === undefined) return;
  console.log(
    `${files} files ${tree === "" ? "of 10 kB" : `from ${tree}`}, ${availableParallelism()} cores, ${peak()} MB before`,
  );
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

/** The text of one file of a release. */
function file(release: string, at: number): string {
  const path = real[releases.indexOf(release) * files + at];
  return path === undefined ? programText(release, at) : readFileSync(path, "utf8");
}

function filesOfTree(root: string): string[] {
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".py"),
  );
  const sized = paths.sort().map((path) => join(root, path));
  return sized.filter((path) => {
    const { size } = statSync(path);
    return size >= 3_000 && size < 60_000;
  });
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
