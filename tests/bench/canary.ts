import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type JudgeInput, judge, type ReferenceSet } from "@/lib/engine/canary/judge";
import { drawingOf } from "@/tests/canary/ocr/drawings";
import { modelFile } from "@/tests/canary/ocr/files";
import { installedModels, ocrNames } from "@/tests/canary/ocr/models";
import { noisyTraineddata } from "@/tests/canary/ocr/noisy";
import { openReader } from "@/tests/canary/ocr/readers";
import { render } from "@/tests/canary/ocr/render";
import { drawnItems, round, termsOf } from "@/tests/canary/ocr/set";
import { type Reader, tesseractReader } from "@/tests/canary/ocr/tesseract-reader";

/**
 * npm run bench:canary [-- --items 400]: real readers on characters drawn by a nonce. Renders them in Chromium, lets
 * every model that can be had read them (those that are no package of this project are fetched), and judges each one
 * against the original. Prints times and a table.
 */
const { values } = parseArgs({ options: { items: { type: "string", default: "400" } } });
const original = "chi_sim-best_int";
/** They have its weights, re-quantised by a distribution and moved by us. */
const copies = ["chi_sim-fast", "noisy copy"];

const items = drawnItems(Number(values.items));
const pictures = await timed("drawn in Chromium", () =>
  render(items.map((item) => drawingOf(item, round.randomness))),
);
const answers = new Map<string, readonly string[]>();
for (const name of ocrNames) {
  try {
    answers.set(name, await readAll(name, await openReader(name)));
  } catch (error) {
    console.log(`${name}: not to be had (${(error as Error).message.split("\n")[0]})`);
  }
}
answers.set("noisy copy", await readAll("noisy copy", await noisyReader()));

console.log(
  `\n| suspect | right | same of both wrong | log10 p_robust | panel tail | says |\n|---|---|---|---|---|---|`,
);
for (const name of answers.keys()) {
  if (name === original) continue;
  const before = performance.now();
  const { nBothWrong, sameWrong, p, says, suspect } = judge(inputFor(name));
  const ms = (performance.now() - before).toFixed(0);
  const of = (value: { readonly log10: number } | undefined) => value?.log10.toFixed(2) ?? "–";
  console.log(
    `| ${name} | ${suspect.right} | ${sameWrong}/${nBothWrong} | ${of(p.robust)} | ${of(p.panel)} | ${says} (${ms} ms) |`,
  );
}
process.exit(0);

function inputFor(suspect: string): JudgeInput {
  const set = (name: string) => ({
    name,
    weights: null,
    authenticity: "re-run" as const,
    transcript: null,
    answers: answers.get(name)!.map((answer, i) => ({ id: items[i]!.id, answer })),
  });
  const others = [...answers.keys()].filter((name) => ![original, suspect, ...copies].includes(name));
  return {
    terms: termsOf(items.length, others),
    nonce: round.randomness,
    items: items.map((item, index) => ({ index, item })),
    size: items.length,
    original: { ...set(original), role: "original" },
    suspect: { ...set(suspect), role: "suspect" },
    references: others.map(
      (name): ReferenceSet => ({ ...set(name), role: "reference", family: name, beforeReveal: true }),
    ),
    declaredShared: null,
    order: { ok: true, withheld: [] },
    setsOfNamespace: 1,
    pairsTried: [],
  };
}

async function readAll(name: string, reader: Reader): Promise<string[]> {
  const read: string[] = [];
  await timed(`read by ${name}`, async () => {
    for (const png of pictures) read.push(await reader.read(png));
  });
  await reader.close();
  return read;
}

async function noisyReader(): Promise<Reader> {
  const folder = mkdtempSync(join(tmpdir(), "slipmark-noisy-"));
  const file = join(folder, "chi_sim.traineddata");
  writeFileSync(file, noisyTraineddata(modelFile(installedModels[original]).content, 0.05, "copy"));
  const reader = await tesseractReader(file);
  rmSync(folder, { recursive: true });
  return reader;
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const before = performance.now();
  const done = await work();
  const each = (performance.now() - before) / items.length;
  console.log(`${items.length} pictures ${what}: ${each.toFixed(1)} ms each`);
  return done;
}
