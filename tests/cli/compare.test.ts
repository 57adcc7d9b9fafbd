import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resultDigest } from "../../lib/engine/result/digest";
import { resultDocumentSchema } from "../../lib/engine/result/document";
import { buildBundle, openWorkshop, originalFiles, suspectFiles, type Workshop } from "./command-line";

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
  await shop.release("original", originalFiles);
  await shop.release("suspect", suspectFiles);
  await shop.release("base", { "config.json": { hidden_size: 64 } });
});
afterAll(() => shop.close());

const both = ["compare", "./original", "./suspect"];

describe("slipmark compare", () => {
  test("--json: one document on standard output, nothing else anywhere", async () => {
    const { code, stdout, stderr } = await shop.slipmark([...both, "--ancestor", "./base", "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.endsWith("}\n")).toBe(true);
    const document = resultDocumentSchema.parse(JSON.parse(stdout));
    expect(document.digest).toBe(resultDigest(document));
    expect(document.summary).toMatchObject({
      relation: "inconclusive",
      notIndependent: null,
      renameMap: { vision: "eye" },
    });
    expect(document.methods.map((method) => method.method)).toEqual([
      "identity",
      "architecture",
      "tokenizer",
      "weights/aligned",
      "weights/independence",
      "weights/invariant",
      "code",
      "lineage",
    ]);
    expect(document.inputs.ancestors).toHaveLength(1);
    expect(document.inputs.original.folder).toBe("./original");
  });

  test("names the very bundle that ran", async () => {
    const { stdout } = await shop.slipmark([...both, "--json"]);
    const sha256 = createHash("sha256")
      .update(await readFile(shop.bundle))
      .digest("hex");
    expect(JSON.parse(stdout).build).toBe(sha256);
  });

  test("the same sources give the same bundle", async () => {
    const again = join(shop.folder, "again.mjs");
    await buildBundle(again);
    expect((await readFile(again)).equals(await readFile(shop.bundle))).toBe(true);
    expect((await readFile(again, "utf8")).includes(import.meta.dirname)).toBe(false);
  });

  test("without --json: words for people, on standard error", async () => {
    const { code, stdout, stderr } = await shop.slipmark(both);
    expect([code, stdout]).toEqual([0, ""]);
    for (const part of ["relation  inconclusive", "vision → eye", "architecture@", "sha256:"]) {
      expect(stderr).toContain(part);
    }
    expect(stderr).not.toContain("\u001b");
  });

  test("what strangers wrote cannot steer the terminal", async () => {
    const names = ["e\u001b[2Jvil.weight", "b\u202etxt.weight", "c\u009b31m.weight"];
    const index = { weight_map: Object.fromEntries(names.map((name) => [name, "model-1.safetensors"])) };
    await shop.release("hostile", {
      "config.json": { model_type: "\u001b]0;owned\u0007", "k\u001b[1m": 1 },
      "model.safetensors.index.json": index,
    });
    const { code, stderr } = await shop.slipmark(["compare", "./original", "./hostile"]);
    // Compared or refused: either way the words come from a stranger.
    expect([0, 2]).toContain(code);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  test("two folders with equal files are two copies, and that is said", async () => {
    await shop.release("copy", originalFiles);
    const { code, stdout } = await shop.slipmark(["compare", "./original", "./copy", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).methods[0].says).toBe("same-files");
  });

  test("same input, same digest: other folder names, another order of methods, a choice of methods", async () => {
    await shop.release("elsewhere/renamed", originalFiles);
    const digest = async (args: string[]) =>
      JSON.parse((await shop.slipmark([...args, "--json"])).stdout).digest;
    const first = await digest(both);
    expect(await digest(["compare", "./elsewhere/renamed", "./suspect"])).toBe(first);
    expect(await digest([...both, "--methods", "lineage,code,weights,tokenizer,identity,architecture"])).toBe(
      first,
    );
    expect(await digest([...both, "--methods", "identity"])).not.toBe(first);
    expect(await digest([...both, "--nonce", "00ff"])).not.toBe(first);
  });

  test("--out and --capsule write files; the capsule is the same each time", async () => {
    const files = ["one", "two"].map((name) => ({ out: `${name}.json`, capsule: `${name}.tar` }));
    for (const { out, capsule } of files) {
      const { code } = await shop.slipmark([...both, "--out", out, "--capsule", capsule]);
      expect(code).toBe(0);
    }
    const read = (name: string) => readFile(join(shop.folder, name));
    expect((await read("one.tar")).equals(await read("two.tar"))).toBe(true);
    expect((await read("one.json")).equals(await read("two.json"))).toBe(true);
  });
});

describe("wrong usage ends with 2 and one clear line", () => {
  test.each<[string[], RegExp]>([
    [[], /compare, fingerprint or reproduce/],
    [["frobnicate"], /no command "frobnicate"/],
    [["register", "./original"], /not in this version/],
    [["compare", "./original"], /two sources/],
    [["compare", "./original", "./suspect", "./base"], /two sources/],
    [["compare", "original", "./suspect"], /Not a source/],
    [["compare", "./none", "./suspect"], /no folder/],
    [[...both, "--methods", "canary"], /"canary" is not in this version/],
    [[...both, "--methods", "identity,astrology"], /no method "astrology"/],
    [[...both, "--methods", ","], /no method/],
    [[...both, "--level", "4"], /--level must be 1, 2 or 3/],
    [[...both, "--level", "x"], /--level/],
    [[...both, "--nonce", "abc"], /--nonce/],
    [[...both, "--screened", "0"], /--screened/],
    [[...both, "--bogus"], /--bogus/],
    [[...both, "--out", "./no/such/folder/x.json"], /ENOENT/],
    [["reproduce"], /RESULT/],
    [["reproduce", "none.json"], /no file/],
    [["reproduce", "original/config.json"], /not a slipmark.result/],
    [["reproduce", "slipmark.mjs"], /not JSON/],
    [["run-job"], /started by a worker/],
  ])("%j", async (args, line) => {
    const { code, stdout, stderr } = await shop.slipmark(args);
    expect(stderr).toMatch(line);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([code, stdout]).toEqual([2, ""]);
  });

  test.each(["HF_ENDPOINT", "HF_TOKEN"])("a wrong %s is named and not printed", async (name) => {
    const { code, stderr } = await shop.slipmark(both, { [name]: "wrong value\u00e9" });
    expect(code).toBe(2);
    expect(stderr).toContain(name);
    expect(stderr).not.toContain("wrong value");
  });
});

test("help and version are answers", async () => {
  for (const args of [["--help"], ["compare", "--help"], ["-h"], ["help"]]) {
    const { code, stdout, stderr } = await shop.slipmark(args);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("slipmark reproduce RESULT.json|URL");
  }
  expect((await shop.slipmark(["--version"])).stdout).toMatch(/^slipmark \d+\.\d+\.\d+\n$/);
});

test("an unreachable source ends with 3", async () => {
  const { code, stderr } = await shop.slipmark(["compare", "hf:a/b", "./suspect"], {
    HF_ENDPOINT: "http://127.0.0.1:1",
  });
  expect(code).toBe(3);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});
