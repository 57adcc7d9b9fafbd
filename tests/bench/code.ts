/**
 * npm run bench:code -- DIR [--half even|odd] [--with-others] [--json]: how well the code method ranks labelled pairs.
 *
 * DIR holds `pairs.csv`, UTF-8, with the header `original,suspect,label` or `original,suspect,label,group`. The first
 * two are paths inside DIR, each a file or a folder (no commas); label is 1 for a pair of which one comes from the
 * other and 0 for an independent pair; group names what must not be split between tuning and testing, such as the
 * task that a program solves. `--half` takes every other group in the order of their names, so that what was tuned on
 * one half is measured on the other. `--with-others` lets every other program of DIR count as an unrelated control of
 * the pair: runs that many of them have weigh less.
 *
 * Printed: area under the ROC curve (ties count half), average precision, and recall at no and at 5 % false positives.
 * The ranked number is `statistics.score` of the method (methods/code/compare-code.ts, rankOf).
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import type { ListedFile, ReleaseReader } from "@/lib/engine/io/source/release";
import { loadBackground } from "@/lib/engine/methods/code/background";
import type { CodeIndex } from "@/lib/engine/methods/code/code-index";
import { compareCode } from "@/lib/engine/methods/code/compare-code";
import { loadCode } from "@/lib/engine/methods/code/load-code";
import { tokenWeights } from "@/lib/engine/methods/code/rarity";
import { contains, runSet } from "@/lib/engine/methods/code/subtract";
import { ranking } from "./code-ranking";

interface LabelledPair {
  readonly original: string;
  readonly suspect: string;
  readonly derived: boolean;
  readonly group: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    half: { type: "string" },
    "with-others": { type: "boolean" },
    json: { type: "boolean" },
  },
});
const folder = positionals[0];
if (folder === undefined)
  throw new Error("usage: npm run bench:code -- DIR [--half even|odd] [--with-others] [--json]");

const started = performance.now();
const pairs = await readPairs(folder);
const programs = new Map<string, CodeIndex>();
for (const path of pairs.flatMap(({ original, suspect }) => [original, suspect])) {
  if (!programs.has(path)) programs.set(path, (await loadCode(await fileReader(join(folder, path)))).index);
}
const background = await loadBackground();
const sets = new Map([...programs].map(([path, index]) => [path, runSet(index)]));
const owners = values["with-others"] ? countOwners(sets.values()) : null;

const chosen = pairs.filter(({ group }) => inHalf(group));
const scored = chosen.map(({ original, suspect, derived }) => {
  const [a, b] = [programs.get(original) as CodeIndex, programs.get(suspect) as CodeIndex];
  const [own, other] = [sets.get(original) as Uint32Array, sets.get(suspect) as Uint32Array];
  const commonness = (hash: number) => {
    const others = (owners?.get(hash) ?? 0) - Number(contains(own, hash)) - Number(contains(other, hash));
    return background.runs(hash) + Math.max(0, others);
  };
  const [weightA, weightB] = [tokenWeights(a, commonness), tokenWeights(b, commonness)];
  return { score: compareCode(a, b, weightA, weightB).score, derived };
});
const result = {
  pairs: scored.length,
  derived: scored.filter(({ derived }) => derived).length,
  ...ranking(scored),
  seconds: Math.round((performance.now() - started) / 100) / 10,
};
if (values.json) console.log(JSON.stringify(result, null, 2));
else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(18)} ${value}`);

async function readPairs(root: string): Promise<LabelledPair[]> {
  const [header, ...lines] = (await readFile(join(root, "pairs.csv"), "utf8")).trim().split(/\r?\n/);
  if (header !== "original,suspect,label" && header !== "original,suspect,label,group") {
    throw new Error("pairs.csv must begin with original,suspect,label[,group]");
  }
  return lines.map((line) => {
    const [original = "", suspect = "", label, group = ""] = line.split(",");
    if (label !== "0" && label !== "1") throw new Error(`pairs.csv: label 0 or 1 expected: ${line}`);
    return { original, suspect, derived: label === "1", group };
  });
}

function inHalf(group: string): boolean {
  if (values.half === undefined) return true;
  const groups = [...new Set(pairs.map((pair) => pair.group))];
  groups.sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
  return groups.indexOf(group) % 2 === (values.half === "odd" ? 1 : 0);
}

function countOwners(all: Iterable<Uint32Array>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const set of all) for (const hash of set) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  return counts;
}

/** A file or a folder as a release. */
async function fileReader(root: string): Promise<ReleaseReader> {
  const isFolder = (await stat(root)).isDirectory();
  const base = isFolder ? root : join(root, "..");
  const paths = isFolder ? await filesUnder(root) : [root];
  const files: ListedFile[] = [];
  for (const path of paths.sort()) {
    files.push({ path: relative(base, path), size: (await stat(path)).size, gitOid: null, lfsSha256: null });
  }
  return {
    release: { kind: "folder", repository: null, commit: null, files },
    read: async (path, start, end) => new Uint8Array((await readFile(join(base, path))).subarray(start, end)),
    readWhole: async (path) => new Uint8Array(await readFile(join(base, path))),
  };
}

async function filesUnder(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
