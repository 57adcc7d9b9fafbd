import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  generatorRoot,
  openSecrets,
  parseCommitment,
  parseItems,
  parseOpenings,
  targetOf,
  timeOfRound,
  verifyOpening,
} from "@/lib/engine/canary";
import { type LoopbackBeacon, startDrand } from "../support/drand";
import { tinyPng } from "../support/tiny-images";
import { openWorkshop, type Workshop } from "./command-line";

// Not a deadline: each command of a busy machine takes seconds.
vi.setConfig({ testTimeout: 300_000 });

let shop: Workshop;
let beacon: LoopbackBeacon;
let number = 0;

const passphrase = "correct horse battery";
const secretly = { SLIPMARK_CANARY_PASSPHRASE: passphrase };
const options = Array.from({ length: 16 }, (_, at) => `colour ${at + 1}`);
const labels = Array.from({ length: 20 }, (_, at) => ({
  id: `token-${at}`,
  prompt: `What colour is T${at}?`,
  options,
}));
const oneLine = (text: string) => expect(text.trimEnd().split("\n")).toHaveLength(1);
const fresh = () => `set-${++number}`;
const at = (...path: string[]) => join(shop.folder, ...path);
const author = "ab".repeat(32);

async function file(name: string, lines: readonly object[]): Promise<string> {
  await writeFile(at(name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return name;
}

const terms = (changes: object = {}) => ({
  primary: "secret",
  threshold: "0.000001",
  normaliser: "n1",
  fold: "none",
  prompt: "{prompt}",
  extractor: { kind: "whole" },
  repeats: 3,
  references: [],
  needsReferences: 5,
  deadline: "2030-01-31",
  ...changes,
});

beforeAll(async () => {
  shop = await openWorkshop();
  // Ten seconds a round, of which hundreds have passed.
  beacon = await startDrand({ period: 10 });
  await file("labels.jsonl", labels);
  await writeFile(at("terms.json"), JSON.stringify(terms()));
});
afterAll(async () => {
  await beacon.close();
  await shop.close();
});

describe("slipmark canary", () => {
  test("new, targets after the beacon's round, and reveal: everything fits together", async () => {
    const set = fresh();
    const past = { ...beacon.beacon(7) };
    await writeFile(at("past.json"), JSON.stringify(terms({ beacon: past })));
    const made = await shop.slipmark(
      ["canary", "new", "labels.jsonl", "--out", set, "--terms", "past.json", "--author", author, "--json"],
      secretly,
    );
    expect([made.code, made.stderr]).toEqual([0, ""]);
    const commitment = parseCommitment(Buffer.from(made.stdout));
    expect(commitment).toMatchObject({ items: 20, kind: "random-label", authorKeyId: author });
    expect(commitment.terms).toMatchObject({ items: 20, options: 16, beacon: past });
    expect(await readFile(at(set, "commitment.json"), "utf8")).toBe(made.stdout);
    expect((await readdir(at(set))).sort()).toEqual(["commitment.json", "secrets.json"]);
    expect((await stat(at(set, "secrets.json"))).mode & 0o777).toBe(0o600);
    const secrets = await openSecrets(await readFile(at(set, "secrets.json")), passphrase);

    const targets = await shop.slipmark(
      ["canary", "targets", set, "--beacon", beacon.url, "--json"],
      secretly,
    );
    expect([targets.code, targets.stderr]).toEqual([0, ""]);
    const { nonce, verified } = JSON.parse(targets.stdout);
    expect([nonce, verified]).toEqual([beacon.sign(7).randomness, true]);
    const drawn = parseItems(await readFile(at(set, "targets.jsonl")));
    expect((await stat(at(set, "targets.jsonl"))).mode & 0o777).toBe(0o600);
    expect(drawn.map(({ answer: _, ...item }) => item)).toEqual(labels);

    const revealed = await shop.slipmark(["canary", "reveal", set, "--items", "0,4,7-9", "--json"], secretly);
    expect([revealed.code, revealed.stderr]).toEqual([0, ""]);
    expect(JSON.parse(revealed.stdout)).toMatchObject({ openings: 5, complete: false });
    const openings = parseOpenings(await readFile(at(set, "openings.jsonl")));
    expect(openings.map(({ index }) => index)).toEqual([0, 4, 7, 8, 9]);
    for (const opening of openings) {
      const item = verifyOpening(opening, { ...commitment, size: commitment.items });
      const place = { nonce, setId: commitment.setId, index: opening.index, options: 16 };
      expect(drawn[opening.index]?.answer).toBe(item.options?.[targetOf(opening.targetKey, place)]);
    }

    // The same nonce given by hand writes the same bytes over nothing; another one is not written over them.
    const again = await shop.slipmark(["canary", "targets", set, "--nonce", nonce], secretly);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain("not checked");
    const other = await shop.slipmark(["canary", "targets", set, "--nonce", "00".repeat(32)], secretly);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("stays as it is");
    // From a round that somebody saved, and from a copy of the secrets elsewhere.
    await writeFile(at("round.json"), JSON.stringify(beacon.sign(7)));
    await writeFile(at("copy.json"), await readFile(at(set, "secrets.json")));
    const saved = [
      "canary",
      "targets",
      set,
      "--round",
      "round.json",
      "--secrets",
      "copy.json",
      "--out",
      "t.jsonl",
    ];
    expect((await shop.slipmark(saved, secretly)).code).toBe(0);
    expect(await readFile(at("t.jsonl"), "utf8")).toBe(await readFile(at(set, "targets.jsonl"), "utf8"));
    await writeFile(at("false.json"), JSON.stringify({ ...beacon.sign(8), round: 7 }));
    const forged = await shop.slipmark(["canary", "targets", set, "--round", "false.json"], secretly);
    expect(forged.code).toBe(2);
    expect(forged.stderr).toContain("signature of round 7");
    expect(secrets.items).toHaveLength(20);
  });

  test("a round ahead: named in the terms, not to be had before its time", async () => {
    const set = fresh();
    const before = Date.now();
    const made = await shop.slipmark(
      [
        "canary",
        "new",
        "labels.jsonl",
        "--out",
        set,
        "--terms",
        "terms.json",
        "--beacon",
        beacon.url,
        "--after",
        "600",
      ],
      secretly,
    );
    expect(made.code).toBe(0);
    const { terms: fixed } = parseCommitment(await readFile(at(set, "commitment.json")));
    if (fixed?.beacon.kind !== "drand") throw new Error("no drand beacon");
    const { round: _, ...chain } = fixed.beacon;
    expect(chain).toEqual(beacon.chain);
    expect(timeOfRound(fixed.beacon) - before).toBeGreaterThanOrEqual(600_000);
    const early = await shop.slipmark(["canary", "targets", set, "--beacon", beacon.url], secretly);
    expect(early.code).toBe(3);
    oneLine(early.stderr);
    expect(early.stderr).toContain("is published at");
    // A new key, readable by its owner alone.
    expect((await stat(at(set, "author-key.pem"))).mode & 0o777).toBe(0o600);
    expect(made.stderr).toContain("second copy");
  });

  test("drand's own chains are known by name, without a network", async () => {
    const set = fresh();
    const args = [
      "canary",
      "new",
      "labels.jsonl",
      "--out",
      set,
      "--terms",
      "terms.json",
      "--beacon",
      "quicknet",
      "--json",
    ];
    const { stdout, code } = await shop.slipmark(args, secretly);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).terms.beacon.chain).toMatch(/^52db9ba7/);
  });

  test("images go into the secrets, beside the targets and into the openings", async () => {
    const set = fresh();
    await writeFile(at("one.png"), tinyPng(4, 4));
    await writeFile(at("two.png"), tinyPng(4, 4, 7));
    await file("images.jsonl", [
      { id: "one", image: "one.png", answer: "竹" },
      { id: "two", image: "./two.png", answer: "簡" },
      { id: "three", image: "one.png", answer: "書" },
    ]);
    const made = await shop.slipmark(
      ["canary", "new", "images.jsonl", "--out", set, "--author", author],
      secretly,
    );
    expect(made.code).toBe(0);
    const commitment = parseCommitment(await readFile(at(set, "commitment.json")));
    expect(commitment).toMatchObject({ kind: "natural", items: 3, terms: null });
    expect((await shop.slipmark(["canary", "targets", set, "--nonce", nonce()], secretly)).code).toBe(2);
    expect((await shop.slipmark(["canary", "reveal", set], secretly)).code).toBe(0);
    const openings = parseOpenings(await readFile(at(set, "openings.jsonl")));
    expect(openings).toHaveLength(3);
    expect(openings.map(({ image }) => image)).toEqual(
      [tinyPng(4, 4), tinyPng(4, 4, 7), tinyPng(4, 4)].map((png) => Buffer.from(png).toString("base64")),
    );
    for (const opening of openings) verifyOpening(opening, { ...commitment, size: 3 });

    const drawn = fresh();
    await file("image-labels.jsonl", [{ id: "one", image: "one.png", options }]);
    await shop.slipmark(["canary", "new", "image-labels.jsonl", "--out", drawn], secretly);
    expect((await shop.slipmark(["canary", "targets", drawn, "--nonce", nonce()], secretly)).code).toBe(0);
    const [item] = parseItems(await readFile(at(drawn, "targets.jsonl")));
    expect(await readFile(at(drawn, item?.image ?? ""))).toEqual(Buffer.from(tinyPng(4, 4)));
  });

  test("a generator set commits to its program and draws in public", async () => {
    const set = fresh();
    const generator = { program: "rare-han/v1", parameters: { from: 0x4e00, to: 0x9fa5 } };
    const beaconOfTerms = beacon.beacon(3);
    await writeFile(
      at("generator.json"),
      JSON.stringify(
        terms({
          kind: "generator",
          items: 30,
          primary: "robust",
          threshold: "0.01",
          prompt: "Read this.",
          beacon: beaconOfTerms,
          generator,
        }),
      ),
    );
    // No passphrase: nothing is secret.
    const made = await shop.slipmark([
      "canary",
      "new",
      "--terms",
      "generator.json",
      "--out",
      set,
      "--author",
      author,
    ]);
    expect(made).toMatchObject({ code: 0 });
    const commitment = parseCommitment(await readFile(at(set, "commitment.json")));
    expect(commitment.root).toBe(generatorRoot({ program: "rare-han/v1", parameters: generator.parameters }));
    expect(await readdir(at(set))).toEqual(["commitment.json"]);
    expect((await shop.slipmark(["canary", "targets", set, "--beacon", beacon.url])).code).toBe(0);
    const lines = (await readFile(at(set, "targets.jsonl"), "utf8")).trimEnd().split("\n");
    expect(new Set(lines.map((line) => JSON.parse(line).answer)).size).toBe(30);
    expect((await shop.slipmark(["canary", "reveal", set])).code).toBe(2);
  });

  test("nothing is written over, nothing is left half-written, and no passphrase is no set", async () => {
    const set = fresh();
    const args = ["canary", "new", "labels.jsonl", "--out", set];
    const before = await readdir(shop.folder);
    const silent = await shop.slipmark(args);
    expect(silent.code).toBe(2);
    oneLine(silent.stderr);
    expect(silent.stderr).toContain("SLIPMARK_CANARY_PASSPHRASE");
    expect((await shop.slipmark(args, { SLIPMARK_CANARY_PASSPHRASE: "short" })).code).toBe(2);
    expect(await readdir(shop.folder)).toEqual(before);
    expect((await shop.slipmark(args, secretly)).code).toBe(0);
    const kept = await readFile(at(set, "commitment.json"), "utf8");
    const second = await shop.slipmark(args, secretly);
    expect(second.code).toBe(2);
    expect(second.stderr).toContain("stays as it is");
    expect(await readFile(at(set, "commitment.json"), "utf8")).toBe(kept);
    const wrong = await shop.slipmark(["canary", "reveal", set], {
      SLIPMARK_CANARY_PASSPHRASE: "another one of mine",
    });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("does not open the secrets file");
    await writeFile(at(set, "secrets.json"), (await readFile(at(set, "secrets.json"), "utf8")).slice(0, -50));
    const damaged = await shop.slipmark(["canary", "reveal", set], secretly);
    expect(damaged.code).toBe(2);
    expect(damaged.stderr).toContain("damaged");
    expect((await readdir(at(set))).sort()).toEqual(["author-key.pem", "commitment.json", "secrets.json"]);
  });

  test("secrets of another set are refused", async () => {
    const [one, two] = [fresh(), fresh()];
    for (const set of [one, two])
      await shop.slipmark(["canary", "new", "labels.jsonl", "--out", set, "--author", author], secretly);
    const mixed = await shop.slipmark(
      ["canary", "reveal", one, "--secrets", `${two}/secrets.json`],
      secretly,
    );
    expect(mixed.code).toBe(2);
    expect(mixed.stderr).toContain("another set");
  });

  test.each<[string, readonly object[] | string | Uint8Array, string]>([
    ["the same id twice", [...labels, { ...labels[0], prompt: "again" }], "is also that of"],
    ["ids that differ in nothing visible", [...labels, { ...labels[0], id: "token\u200b-0" }], "invisible"],
    ["GBK", Buffer.from([0x7b, 0x22, 0x69, 0x64, 0x22, 0x3a, 0x22, 0xd6, 0xf1, 0x22, 0x7d]), "not UTF-8"],
    ["UTF-16", Buffer.from('{"id":"a","prompt":"b","answer":"c"}\n', "utf16le"), "UTF-16"],
    ["an unknown field", [{ ...labels[0], hint: "no" }], "line 1"],
    ["a cut line", '{"id":"a","prompt":"b"\n', "line 1"],
    ["too few options", [{ ...labels[0], options: options.slice(1) }], "fewer than 16"],
    ["options that are one answer", [{ ...labels[0], options: [...options, "Colour  1."] }], "one answer"],
    [
      "some answers and some not",
      [labels[0] as object, { id: "b", prompt: "b", answer: "c" }],
      "others have one",
    ],
    ["an image that is none", [{ id: "a", image: "labels.jsonl", answer: "c" }], "not a whole PNG"],
    ["no items", "\n\n", "no items"],
  ])("%s: one clear line and nothing written", async (_, content, said) => {
    const name = `bad-${++number}.jsonl`;
    if (Array.isArray(content)) await file(name, content);
    else await writeFile(at(name), content as string | Uint8Array);
    const { code, stderr } = await shop.slipmark(["canary", "new", name, "--out", `${name}.d`], secretly);
    expect(code).toBe(2);
    oneLine(stderr);
    expect(stderr).toContain(said);
    expect(await readdir(shop.folder)).not.toContain(`${name}.d`);
  });

  test.each([
    [["canary"], "takes one of"],
    [["canary", "burn"], "takes one of"],
    [["canary", "new", "labels.jsonl"], "--out"],
    [["canary", "new", "labels.jsonl", "--out", "x", "--beacon", "quicknet"], "belong to --terms"],
    [["canary", "new", "labels.jsonl", "--out", "x", "--author", "AB"], "64 lower-case hex"],
    [["canary", "new", "labels.jsonl", "--out", "x", "--author", author, "--account", "a"], "one of"],
    [["canary", "targets", "none"], "no file"],
    [["canary", "reveal", "none", "more"], "one DIR"],
  ])("%j is told in one line", async (args, said) => {
    const { code, stderr } = await shop.slipmark(args, secretly);
    expect(code).toBe(2);
    oneLine(stderr);
    expect(stderr).toContain(said);
  });
});

const nonce = () => "5a".repeat(32);
