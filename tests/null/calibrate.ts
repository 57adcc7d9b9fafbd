import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { microModels } from "../zoo/micro";
import { kolmogorovSmirnov, type NullPair, type NullTest, nullPair, tailsOf } from "./null-pairs";
import { uniform } from "./synthetic-models";

/**
 * `npm run calibrate [-- PAIRS [JOURNAL]]`: trains PAIRS × 2 micro models from their own initialisations, runs the exact
 * tests on the disjoint pairs and writes what it saw to lib/engine/statistics/calibration.ts. Every second pair was
 * trained on one data set. With a journal an interrupted run goes on where it stopped.
 */
const target = fileURLToPath(new URL("../../lib/engine/statistics/calibration.ts", import.meta.url));
const firstSeed = 20_000;
const flaggedAt = -6;

interface Line {
  readonly seed: number;
  readonly pair: NullPair;
}

async function main(): Promise<void> {
  const [wanted = "200", journal] = process.argv.slice(2);
  const lines: Line[] = [];
  if (journal !== undefined && existsSync(journal)) {
    const text = readFileSync(journal, "utf8").trim();
    if (text !== "") lines.push(...text.split("\n").map((line) => JSON.parse(line) as Line));
  }
  while (lines.length < Number(wanted)) {
    const seed = firstSeed + 2 * lines.length;
    const models = await microModels(4, seed);
    for (const at of [0, 2]) {
      const [a, b] = [models[at], models[at + 1]];
      if (!a || !b) throw new Error("a pair has two models");
      const line = { seed: seed + at, pair: await nullPair(a, b, `calibration ${seed + at}`) };
      lines.push(line);
      if (journal !== undefined) appendFileSync(journal, `${JSON.stringify(line)}\n`);
    }
    process.stderr.write(`${lines.length} of ${wanted} pairs\n`);
  }
  writeFileSync(target, text(lines));
}

function text(lines: readonly Line[]): string {
  const of = (name: "independence" | "invariant") => lines.map(({ pair }) => pair[name]);
  const sameData = lines.filter((_, index) => index % 2 === 0).map(({ pair }) => pair.invariant);
  const most = lines.reduce((largest, { pair }) => Math.max(largest, pair.search?.agree ?? 0), 0);
  const references = lines.reduce((largest, { pair }) => Math.max(largest, pair.search?.of ?? 0), 0);
  return `/**
 * False flags among pairs known to be unrelated: disjoint pairs of micro models (tests/zoo), each trained from its own
 * initialisation, judged at p ≤ 1e-6. Zero of n bounds the rate by 3/n with 95 % confidence. Under the null one row per
 * window meets its own index; distance is Kolmogorov and Smirnov's from uniform p, times √n (1.36 is passed by 95 %).
 * Written by \`npm run calibrate\`; not to be edited.
 */
export const calibration = {
  independence: ${tested(of("independence"))},
  invariant: ${tested(of("invariant"))},
  /** Of the invariant test, the pairs trained on one data set. */
  invariantSameData: ${tested(sameData)},
  /** Most references that 2C found again between independent models, and of how many. */
  search: { most: ${most}, of: ${references} },
} as const;
`;
}

function tested(tests: readonly NullTest[]): string {
  const judged = tests.filter(({ log10P }) => log10P !== null);
  const observed = judged.filter(({ log10P }) => (log10P ?? 0) <= flaggedAt).length;
  const windows = judged.reduce((sum, test) => sum + test.windows, 0);
  const matched = judged.reduce((sum, test) => sum + test.matched, 0);
  const u = uniform(3);
  const randomised = judged.map((test) => tailsOf(test.sizes, test.matched, u()).randomised);
  const distance = kolmogorovSmirnov(randomised).toFixed(2);
  return `{ observed: ${observed}, of: ${judged.length}, windows: ${windows}, matched: ${matched}, distance: ${distance} }`;
}

await main();
