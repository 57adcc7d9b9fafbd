import { describe, expect, it } from "vitest";
import { memoryRelease } from "@/tests/support/memory-release";
import { methodInput } from "@/tests/support/method-input";
import { tilerPython } from "./code-fixtures";
import { code } from "./index";
import { loadCode } from "./load-code";
import type { CodeStatistics } from "./schema";

const plain = memoryRelease([{ path: "tiler.py", content: tilerPython }]);

/** What is left out of a release, as "path reason". */
async function leftOut(files: Parameters<typeof memoryRelease>[0]): Promise<string[]> {
  const { skipped } = await loadCode(memoryRelease(files));
  return skipped.map(({ path, reason }) => `${path} ${reason}`);
}

describe("code from strangers", { timeout: 60_000 }, () => {
  it("leaves out what it does not read, each with a code", async () => {
    const zeros = new Uint8Array(10);
    const notUtf8 = new Uint8Array([0x78, 0x20, 0x3d, 0x20, 0xff, 0xfe, 0x0a]);
    const skipped = await leftOut([
      { path: "binary.py", content: zeros },
      { path: "gone.py", content: "x = 1\n", listedOnly: true },
      { path: "huge.py", content: "x = 1\n".repeat(100_000) },
      { path: "latin.py", content: notUtf8 },
      { path: "bundle.js", content: `var a=${"b(1);".repeat(3_000)}\n` },
      { path: "node_modules/left-pad/index.js", content: "module.exports = 1\n" },
      { path: "unlisted-size.py", content: "y = 1\n".repeat(100_000), listed: { size: null } },
    ]);
    expect(skipped.sort()).toEqual([
      "binary.py not-text",
      "bundle.js minified",
      "gone.py unavailable",
      "huge.py too-large",
      "latin.py not-text",
      "node_modules/left-pad/index.js vendored",
      "unlisted-size.py too-large",
    ]);
  });

  it("survives nesting without end", async () => {
    const nested = (open: string, close: string) => `${open.repeat(40_000)}${close.repeat(40_000)}`;
    const lines = (text: string) => text.replace(/.{100}/g, "$&\n");
    const skipped = await leftOut([
      { path: "deep.py", content: lines(`x = ${nested("(", ")")}`) },
      { path: "deep.js", content: lines(nested("{", "}")) },
      {
        path: "Deep.java",
        content: lines(`class A { int x = ${"(".repeat(40_000)}1${")".repeat(40_000)}; }`),
      },
    ]);
    expect(skipped.sort()).toEqual(["Deep.java too-deep", "deep.js too-deep", "deep.py too-deep"]);
  });

  it("reads on after syntax errors, and counts the files that have them", async () => {
    const broken = memoryRelease([
      { path: "a.py", content: `${tilerPython}\ndef broken(:\n    return ((\n` },
      { path: "b.py", content: "def ) ( ] x = = \n  if else: : return\n".repeat(200) },
      { path: "c.ts", content: "class { <<< >>> function ( => \n".repeat(200) },
    ]);
    const outcome = await code.run(methodInput({ original: plain, suspect: broken }));
    const statistics = outcome.statistics as unknown as CodeStatistics;
    expect(statistics.sides.suspect.filesWithSyntaxErrors).toBe(3);
    expect(statistics.covered.original).toBeGreaterThan(0.9);
  });

  it("bounds the work on endless repetition, and still answers alike both ways", async () => {
    const same = memoryRelease([
      { path: "a.py", content: "def f(a, b):\n    a = a + b * a\n    b = b + a * b\n".repeat(3_000) },
    ]);
    const other = memoryRelease([
      { path: "b.py", content: "c = d + e * f\nif c: g(c)\n".repeat(3_000) },
      { path: "c.py", content: "def f(a, b):\n    a = a + b * a\n    b = b + a * b\n".repeat(2_500) },
    ]);
    const there = await code.run(methodInput({ original: same, suspect: other }));
    const back = await code.run(methodInput({ original: other, suspect: same }));
    expect(back.says).toBe(there.says);
    expect(back.statistics.score).toBe(there.statistics.score);
  });

  it("refuses files with more tokens than anybody writes", async () => {
    expect(await leftOut([{ path: "a.py", content: "a+b\n".repeat(60_000) }])).toEqual([
      "a.py too-many-tokens",
    ]);
  });

  it("takes names that are names of properties for what they are", async () => {
    const odd =
      "def __proto__(constructor, toString):\n    hasOwnProperty = constructor + toString\n    return hasOwnProperty\n";
    const release = memoryRelease([{ path: "a.py", content: odd.repeat(30) }]);
    const again = memoryRelease([{ path: "b.py", content: `${odd.repeat(30)}\nz = 1\n` }]);
    const outcome = await code.run(methodInput({ original: release, suspect: again }));
    expect(code.explain(outcome).en).not.toContain("undefined");
  });
});
