import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parseItems } from "@/lib/engine/canary";
import { canaryResultSchema } from "@/lib/engine/canary/judge";
import { ocr } from "../support/ocr-answers";
import { openWorkshop, type Workshop } from "./command-line";

// Not a deadline: each command of a busy machine takes seconds.
vi.setConfig({ testTimeout: 300_000 });

let shop: Workshop;
const lines = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");
const file = (name: string, text: string | Uint8Array) => writeFile(join(shop.folder, name), text);
const score = (...args: string[]) => shop.slipmark(["canary", "score", ...args]);
const real = ["--items", "ocr.jsonl", "--original", "best_int.jsonl"];
const panel = ["hans", "v400", "tra", "ppocr"].flatMap((name) => ["--reference", `${name}.jsonl`]);
const oneLine = (text: string) => expect(text.trimEnd().split("\n")).toHaveLength(1);

beforeAll(async () => {
  shop = await openWorkshop();
  const items = ocr.key.map((answer, at) => ({ id: `字${at}`, image: `${at}.png`, answer }));
  await file("ocr.jsonl", lines(items));
  for (const [name, answers] of Object.entries(ocr.models)) {
    await file(`${name}.jsonl`, lines(answers.map((answer, at) => ({ id: `字${at}`, answer }))));
  }
}, 120_000);
afterAll(() => shop.close());

describe("slipmark canary score", () => {
  test("real answers: counts, p and what may be said, as JSON that holds what the interface promises", async () => {
    const ran = await score(
      ...real,
      "--suspect",
      "fast.jsonl",
      ...panel,
      "--threshold",
      ".01",
      "--given",
      "--json",
    );
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    const result = canaryResultSchema.parse(JSON.parse(ran.stdout));
    expect(result).toMatchObject({
      nBothWrong: 250,
      sameWrong: 217,
      authenticity: "claimed",
      says: "inconclusive",
    });
    expect(result.p.robust?.value).toBeCloseTo(0.00145, 5);
    expect(result.p.panel?.log10).toBeCloseTo(-92.137, 3);
    expect(result.primary).toMatchObject({ threshold: "0.01", reached: true });
    expect(result.references.map(({ name, bothWrong, sameWrong }) => [name, bothWrong, sameWrong])).toEqual([
      ["hans", 226, 43],
      ["v400", 181, 13],
      ["tra", 209, 12],
      ["ppocr", 110, 11],
    ]);
    const again = await score(
      ...real,
      "--suspect",
      "fast.jsonl",
      ...panel,
      "--threshold",
      "0.0100",
      "--given",
      "--json",
    );
    expect(again.stdout).toBe(ran.stdout);
  });

  test("without --json everything is on standard error, and the document goes where --out says", async () => {
    const ran = await score(
      ...real,
      "--suspect",
      "hans.jsonl",
      ...panel.slice(4),
      "--reference",
      "v400.jsonl,family=T",
      "--out",
      "r.json",
    );
    expect([ran.code, ran.stdout]).toEqual([0, ""]);
    expect(ran.stderr).toContain("No threshold was registered");
    const result = canaryResultSchema.parse(JSON.parse(await readFile(join(shop.folder, "r.json"), "utf8")));
    expect(result.references[2]).toMatchObject({ name: "v400", family: "T" });
    expect(ran.stderr).toContain(result.digest);
  });

  test("a shared base without matched references gives no p_robust", async () => {
    const ran = await score(
      ...real,
      "--suspect",
      "hans.jsonl",
      ...panel.slice(2),
      "--shared",
      "vendor=tesseract",
      "--json",
    );
    const result = canaryResultSchema.parse(JSON.parse(ran.stdout));
    expect(result.p).not.toHaveProperty("robust");
    expect(result.reasons[0]?.code).toBe("no-matched-references");
  });

  test("a committed random-label set: labels are drawn again from openings and nonce", async () => {
    const secretly = { SLIPMARK_CANARY_PASSPHRASE: "correct horse battery" };
    const options = Array.from({ length: 16 }, (_, at) => `colour ${at}`);
    await file(
      "labels.jsonl",
      lines(Array.from({ length: 12 }, (_, at) => ({ id: `t${at}`, prompt: `T${at}?`, options }))),
    );
    const terms = {
      primary: "secret",
      threshold: "0.000001",
      normaliser: "n1",
      fold: "none",
      prompt: "{prompt}",
      extractor: { kind: "whole" },
      repeats: 3,
      references: [],
      needsReferences: 5,
      deadline: "2090-01-31",
      beacon: { kind: "log-checkpoint", size: 9, grindBits: 4 },
    };
    await file("terms.json", JSON.stringify(terms));
    const made = await shop.slipmark(
      ["canary", "new", "labels.jsonl", "--out", "set", "--terms", "terms.json", "--author", "ab".repeat(32)],
      secretly,
    );
    expect(made.code).toBe(0);
    const nonce = "5c".repeat(32);
    await shop.slipmark(["canary", "targets", "set", "--nonce", nonce], secretly);
    await shop.slipmark(["canary", "reveal", "set"], secretly);
    const drawn = parseItems(await readFile(join(shop.folder, "set", "targets.jsonl")));
    await mkdir(join(shop.folder, "answers"), { recursive: true });
    const answers = (from: number) =>
      lines(drawn.map(({ id, answer }, at) => ({ id, answer: at >= from ? answer : "no idea" })));
    await file("answers/O.jsonl", answers(0));
    await file("answers/S.jsonl", answers(2));
    const references = Array.from({ length: 5 }, (_, k) => `answers/R${k}.jsonl`);
    for (const name of references) await file(name, answers(12));
    const ran = await score(
      ...["--commitment", "set", "--openings", "set/openings.jsonl", "--nonce", nonce],
      ...["--original", "answers/O.jsonl", "--suspect", "answers/S.jsonl"],
      ...references.flatMap((name) => ["--reference", name]),
      "--json",
    );
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    const result = canaryResultSchema.parse(JSON.parse(ran.stdout));
    expect(result).toMatchObject({
      hits: { original: 12, suspect: 10 },
      // Files that anybody may have written, in an order that nobody checked.
      says: "inconclusive",
      movesFinding: false,
      primary: { grindBits: 4, reached: true },
      // Nobody verified here that the number is the one which the terms name.
      p: { secret: { kind: "conditional", assumption: "secret-given", claimed: true } },
    });
    expect(result.explanation.en).toContain("Conditional on the nonce given");
    expect(result.explanation.zh).toContain("以所给的随机数为条件");

    const mixed = await score(
      "--commitment",
      "set",
      "--threshold",
      ".01",
      "--original",
      "a",
      "--suspect",
      "b",
    );
    expect([mixed.code, mixed.stderr]).toEqual([
      2,
      "slipmark: The commitment fixes what --threshold would say\n",
    ]);
    const other = await score(
      "--commitment",
      "set",
      "--openings",
      "set/openings.jsonl",
      "--original",
      "a",
      "--suspect",
      "b",
    );
    expect([other.code, other.stderr]).toEqual([
      2,
      "slipmark: A random-label set is judged with the --nonce that drew it\n",
    ]);
  });
});

describe("what cannot be judged is said in one line", () => {
  const natural = (...more: string[]) => [...real, "--suspect", "s.jsonl", ...more];
  const given = (count: number) => ocr.key.slice(0, count).map((_, at) => ({ id: `字${at}`, answer: "x" }));
  test.each<[string, string | Uint8Array, readonly string[], RegExp]>([
    ["a missing answer", lines(given(399)), [], /no answer for item "字399"/],
    ["an unknown item", lines([...given(400), { id: "who", answer: "x" }]), [], /there is no item "who"/],
    [
      "an id twice",
      lines([...given(400), { id: "字7", answer: "x" }]),
      [],
      /"字7" is answered in line 8 too/,
    ],
    ["UTF-16", Buffer.from(lines(given(400)), "utf16le"), [], /UTF-16/],
    ["not JSON", "{", [], /line 1/],
    [
      "a binomial null on natural items",
      lines(given(400)),
      ["--primary", "secret"],
      /p_secret needs labels that were drawn/,
    ],
    ["a threshold that decides nothing", lines(given(400)), ["--threshold", "0.2"], /at most 0\.05/],
    ["another fold", lines(given(400)), ["--fold", "pinyin"], /none, simplified/],
    ["a nonce without a commitment", lines(given(400)), ["--nonce", "00"], /belong to a --commitment/],
  ])("%s", async (_, answers, more, message) => {
    await file("s.jsonl", answers);
    const ran = await score(...natural(...more));
    expect([ran.code, ran.stdout]).toEqual([2, ""]);
    expect(ran.stderr).toMatch(message);
    oneLine(ran.stderr);
  });

  test("a bundle stands alone, and is one", async () => {
    await file("no.json", "{}");
    expect((await score("--bundle", "no.json")).stderr).toMatch(/The bundle cannot be read/);
    expect((await score("--bundle", "no.json", "--suspect", "s.jsonl")).stderr).toMatch(
      /--suspect cannot stand beside it/,
    );
  });
});
