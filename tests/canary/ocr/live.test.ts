import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatCommitment, generatorRoot, makeGeneratorSet } from "@/lib/engine/canary";
import { type JudgeInput, type Judgement, judge, type ReferenceSet } from "@/lib/engine/canary/judge";
import { type Answer, formatAnswers, parseAnswers } from "@/lib/engine/canary/transcript";
import { readItemsFile } from "@/lib/engine/io/ask";
import { openWorkshop, type Workshop } from "@/tests/cli/command-line";
import type { ChatEndpoint } from "@/tests/support/chat-endpoint";
import { serveReaders } from "./endpoint";
import { modelFile } from "./files";
import { fixtures, recordedAnswers } from "./fixture";
import { installedModels } from "./models";
import { noisyTraineddata } from "./noisy";
import { openReader } from "./readers";
import { drawnItems, round, setId, termsOf } from "./set";
import { type Reader, tesseractReader } from "./tesseract-reader";

/**
 * The whole way of a generator set with real models: committed, drawn by the nonce, asked through an endpoint and a
 * command, judged. "copy" is the original with one weight in twenty moved by a step. The references that no package of
 * this project has come from the recorded answers.
 */
const count = 36;
const recorded = ["hans", "chi_tra-4.0.0", "chi_tra-best_int", "jpn-4.0.0", "jpn-best_int"] as const;
const live = ["original", "copy", "chi_sim-4.0.0", "pp-ocr-v4"] as const;
const terms = termsOf(count, ["chi_sim-4.0.0", "pp-ocr-v4", ...recorded]);

let shop: Workshop;
let endpoint: ChatEndpoint;
const readers: Record<string, Reader> = {};
const answers: Record<string, Answer[]> = {};
const at = (name: string) => join(shop.folder, name);
const program = fileURLToPath(new URL("read.mjs", import.meta.url));

beforeAll(async () => {
  shop = await openWorkshop();
  await mkdir(at("copy"));
  const noisy = noisyTraineddata(modelFile(installedModels["chi_sim-best_int"]).content, 0.05, "copy");
  await writeFile(at("copy/chi_sim.traineddata"), noisy);
  readers.original = await openReader("chi_sim-best_int");
  readers.copy = await tesseractReader(at("copy/chi_sim.traineddata"));
  readers["chi_sim-4.0.0"] = await openReader("chi_sim-4.0.0");
  readers["pp-ocr-v4"] = await openReader("pp-ocr-v4");
  endpoint = await serveReaders(readers);
}, 300_000);

afterAll(async () => {
  await endpoint?.close();
  for (const reader of Object.values(readers)) await reader.close();
  await shop?.close();
});

test("the commitment fixes the program, and the nonce draws the kept characters", async () => {
  const commitment = { ...makeGeneratorSet(terms, "c7".repeat(32)), setId };
  expect(commitment.root).toBe(generatorRoot(terms.generator!));
  await mkdir(at("set"));
  await writeFile(at("set/commitment.json"), formatCommitment(commitment));
  await writeFile(at("round.json"), JSON.stringify(round));
  const { code, stderr } = await shop.slipmark(["canary", "targets", "set", "--round", "round.json"]);
  expect(code, stderr).toBe(0);
  const lines = (await readFile(at("set/targets.jsonl"), "utf8")).trimEnd().split("\n");
  const drawn = lines.map((line) => JSON.parse(line) as { id: string; answer: string });
  expect(drawn).toEqual(drawnItems(count));
  expect(drawn).toEqual(
    recordedAnswers()
      .items.slice(0, count)
      .map(({ id, answer }) => ({ id, answer })),
  );
  for (const { id } of drawn) await copyFile(join(fixtures, `${id}.png`), at(`${id}.png`));
  const withPictures = drawn.map((item) => ({ ...item, image: `${item.id}.png` }));
  await writeFile(at("items.jsonl"), withPictures.map((item) => `${JSON.stringify(item)}\n`).join(""));
  await writeFile(at("terms.json"), JSON.stringify(terms));
});

test.each(live)(
  "%s is asked by the command line, and answers as it did before",
  async (name) => {
    const whom =
      name === "chi_sim-4.0.0"
        ? ["--command", `${process.execPath} ${program} ${name} {image} --at ${endpoint.url}`]
        : ["--endpoint", endpoint.url, "--model", name];
    const out = `${name}.jsonl`;
    const asking = ["canary", "ask", "items.jsonl", ...whom, "--terms", "terms.json", "--out", out];
    const { code, stderr } = await shop.slipmark(asking);
    expect(code, stderr).toBe(0);
    answers[name] = parseAnswers(await readFile(at(out))) as Answer[];
    expect(answers[name]).toHaveLength(count);
    expect(answers[name].filter(({ unstable }) => unstable)).toEqual([]);
    const known = name === "original" ? "chi_sim-best_int" : name;
    const recording = recordedAnswers().models.find((model) => model.name === known);
    if (recording === undefined) return;
    // Another processor may add up in another order (relaxed SIMD), and a doubtful character then falls the other way.
    const same = answers[name].filter(({ answer }, i) => answer === recording.answers[i]).length;
    expect(same).toBeGreaterThanOrEqual(0.9 * count);
  },
  300_000,
);

describe("judged with the references", () => {
  const judged = async (
    suspect: string,
    threshold = terms.threshold,
    generator = terms.generator,
  ): Promise<Judgement> => {
    const { items } = await readItemsFile(at("items.jsonl"));
    const set = (name: string) => ({
      name,
      weights: null,
      authenticity: "re-run" as const,
      transcript: null,
      answers: answers[name]!,
    });
    const references = ["chi_sim-4.0.0", "pp-ocr-v4", ...recorded].filter((name) => name !== suspect);
    const input: JudgeInput = {
      // A suspect is no reference of its own; of the others all that the terms name are asked.
      terms: {
        ...terms,
        threshold,
        references: terms.references.filter((name) => name !== suspect),
        ...(generator && { generator }),
      },
      nonce: round.randomness,
      items: items.map((item, index) => ({ index, item })),
      size: count,
      original: { ...set("original"), role: "original" },
      suspect: { ...set(suspect), role: "suspect" },
      references: references.map(
        (name): ReferenceSet => ({ ...set(name), role: "reference", family: name, beforeReveal: true }),
      ),
      declaredShared: null,
      order: { ok: true, withheld: [] },
      setsOfNamespace: 1,
      pairsTried: [],
    };
    return judge(input);
  };

  beforeAll(() => {
    for (const name of recorded) {
      const { items, models } = recordedAnswers();
      const given = models.find((model) => model.name === name)!.answers;
      answers[name] = items.slice(0, count).map(({ id }, i) => ({ id, answer: given[i]! }));
    }
  });

  test("the copy is wrong where the original is wrong, and is found at the registered 1 in 100", async () => {
    const { nBothWrong, sameWrong, p, primary, says, reasons } = await judged("copy");
    expect(nBothWrong).toBeGreaterThanOrEqual(20);
    expect(sameWrong / nBothWrong).toBeGreaterThan(0.6);
    expect(p.robust!.value).toBeLessThanOrEqual(0.01);
    expect(primary!.reached).toBe(true);
    // Seven independent families support no claim rarer than 1 in 49, and the page has to say so.
    expect(primary!.floor).toBeCloseTo(1 / 49, 6);
    expect(says).toBe("inconclusive");
    expect(reasons.map(({ code }) => code)).toContain("floor-above-threshold");
  });

  test("had 1 in 20 been registered, only that the author put the list together would keep it from being a finding", async () => {
    const { says, reasons, primary } = await judged("copy", "0.05");
    expect({ says, reached: primary?.reached }).toEqual({ says: "inconclusive", reached: true });
    expect(reasons.slice(0, 2).map(({ code }) => code)).toEqual(["threshold-reached", "alphabet-listed"]);
    const whole = { program: "rare-han/v1", parameters: { from: 0x4e00, to: 0x9fff } } as const;
    expect(await judged("copy", "0.05", whole)).toMatchObject({
      says: "not-independent",
      movesFinding: true,
    });
  });

  test("the command line comes to the same from the files", async () => {
    for (const name of recorded) await writeFile(at(`${name}.jsonl`), formatAnswers(answers[name]!));
    const references = terms.references.flatMap((name) => ["--reference", `${name}.jsonl`]);
    const { code, stdout, stderr } = await shop.slipmark([
      ...["canary", "score", "--commitment", "set", "--nonce", round.randomness, "--json"],
      ...["--original", "original.jsonl", "--suspect", "copy.jsonl", ...references],
    ]);
    expect(code, stderr).toBe(0);
    const result = JSON.parse(stdout) as Judgement;
    const { p, table, nBothWrong, sameWrong } = await judged("copy");
    expect(result).toMatchObject({ table, nBothWrong, sameWrong });
    expect(result.p.robust).toEqual({ ...p.robust, claimed: true });
    // Files that anybody may have written, in an order that nobody checked.
    expect(result).toMatchObject({ authenticity: "claimed", says: "inconclusive", movesFinding: false });
  });

  test("there is nothing to reveal: everybody draws the items from the nonce", async () => {
    const { code, stderr } = await shop.slipmark(["canary", "reveal", "set"]);
    expect(code).toBe(2);
    expect(stderr).toContain("nothing to reveal");
  });

  test.each(["chi_sim-4.0.0", "pp-ocr-v4", "hans"])("%s is not", async (name) => {
    const { nBothWrong, sameWrong, p, says } = await judged(name, "0.05");
    expect(sameWrong / nBothWrong).toBeLessThan(0.25);
    expect(p.robust!.value).toBeGreaterThan(0.05);
    expect(says).toBe("nothing-found");
  });
});
