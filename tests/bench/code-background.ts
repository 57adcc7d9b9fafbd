/**
 * npm run code:background -- FOLDER...: makes lib/engine/methods/code/background.bin, the hashed counts of what is
 * common in code. Each folder directly under a FOLDER is one package; a run or a name counts once a package.
 *
 * The committed file was made from: the npm packages of this repository (node_modules and node_modules/@scope), the
 * standard library and the site-packages of CPython 3.11 and 3.12, and the packages of the OpenJDK 17 class library
 * (Debian's openjdk-17-source, src.zip, one package a module folder). Nothing of them is in it but 32-bit hashes of
 * what at least `atLeast` packages have in common, with a count rounded down to a power of two: facts about code in
 * general, not an excerpt of anybody's. Made anew from other folders it only weighs differently.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { encodeBackground } from "@/lib/engine/methods/code/background";
import { IndexBuilder } from "@/lib/engine/methods/code/code-index";
import { grammarOf, languageOf } from "@/lib/engine/methods/code/languages";
import { parseSources } from "@/lib/engine/methods/code/parse-sources";
import { hashText, kind } from "@/lib/engine/methods/code/tokens";

const limits = { bytesPerFile: 200_000, bytesPerPackage: 600_000 } as const;
const keep = { runs: 380_000, names: 120_000, atLeast: { runs: 2, names: 4 } } as const;

/** Counts by 32-bit hash, open-addressed: a Map ends at 2^24 entries. */
class Counts {
  readonly #keys: Uint32Array;
  readonly #counts: Uint16Array;
  constructor(readonly bits: number) {
    this.#keys = new Uint32Array(2 ** bits);
    this.#counts = new Uint16Array(2 ** bits);
  }
  add(hash: number): void {
    const mask = this.#keys.length - 1;
    let slot = hash & mask;
    while (this.#counts[slot] !== 0 && this.#keys[slot] !== hash) slot = (slot + 1) & mask;
    this.#keys[slot] = hash;
    if ((this.#counts[slot] as number) < 0xffff) this.#counts[slot]! += 1;
  }
  /** The most frequent, down to `atLeast`, at most `most`. */
  frequent(most: number, atLeast: number): Map<number, number> {
    const found: [number, number][] = [];
    for (const [slot, n] of this.#counts.entries())
      if (n >= atLeast) found.push([this.#keys[slot] as number, n]);
    found.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return new Map(found.slice(0, most));
  }
}

const runs = new Counts(26);
const names = new Counts(22);
let packages = 0;
for (const folder of process.argv.slice(2)) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.name.startsWith(".") && !entry.name.startsWith("@"))
      await count(join(folder, entry.name), entry.isDirectory());
  }
}
await writeFile(
  new URL("../../lib/engine/methods/code/background.bin", import.meta.url),
  encodeBackground(
    runs.frequent(keep.runs, keep.atLeast.runs),
    names.frequent(keep.names, keep.atLeast.names),
  ),
);
console.error(`${packages} packages`);

async function count(folder: string, isFolder: boolean): Promise<void> {
  const sources = [];
  let bytes = 0;
  for await (const path of isFolder ? files(folder) : [folder]) {
    const grammar = grammarOf(path);
    if (grammar === null || bytes > limits.bytesPerPackage) continue;
    const text = await readFile(path, "utf8");
    if (text.length > limits.bytesPerFile || text.length > 250 * text.split("\n").length) continue;
    bytes += text.length;
    sources.push({ path, grammar, text });
  }
  if (sources.length === 0) return;
  packages += 1;
  const [ownRuns, ownNames] = [new Set<number>(), new Set<number>()];
  for (const [at, { file, texts }] of (await parseSources(sources)).entries()) {
    if (typeof file === "string") continue;
    const source = sources[at] as (typeof sources)[number];
    const builder = new IndexBuilder();
    builder.add(source.path, languageOf(source.grammar), file, [...texts.keys()]);
    const index = builder.finish(texts);
    for (const hash of index.hashes) ownRuns.add(hash);
    for (let token = 0; token < index.symbols.length; token++) {
      if (index.kinds[token] === kind.identifier)
        ownNames.add(hashText(texts[index.textOf[token] as number] ?? ""));
    }
  }
  for (const hash of ownRuns) runs.add(hash);
  for (const hash of ownNames) names.add(hash);
  if (packages % 50 === 0) console.error(`${packages} packages`);
}

async function* files(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!["node_modules", "test", "tests", "__pycache__"].includes(entry.name)) yield* files(path);
    } else if (extname(path) !== "" && !path.endsWith(".min.js")) yield path;
  }
}
