import { beforeAll, describe, expect, it } from "vitest";
import { compare } from "@/lib/engine/compare";
import type { ReleaseReader } from "@/lib/engine/io/source/release";
import {
  reformatted,
  renamed,
  splitAndReordered,
  tilerPython,
} from "@/lib/engine/methods/code/code-fixtures";
import type { ResultDocument } from "@/lib/engine/result/document";
import { memoryRelease } from "@/tests/support/memory-release";
import { zooRelease } from "@/tests/zoo/zoo";
import { summaryText } from "./summary-text";
import { widthOf } from "./view/text";

async function resultOf(
  [original, suspect]: readonly [ReleaseReader, ReleaseReader],
  methods: readonly string[],
  more: { ancestors?: readonly ReleaseReader[]; controls?: readonly ReleaseReader[] } = {},
): Promise<ResultDocument> {
  const made = await compare(
    { original, suspect, ancestors: more.ancestors ?? [], controls: more.controls ?? [] },
    { methods: [...methods], nonce: "", screened: 1, level: 2 },
  );
  made.blobs.close();
  return made.result;
}

const widest = (text: string) => Math.max(...text.split("\n").map(widthOf));

describe("a result about weights on a terminal", () => {
  let text = "";
  let document: ResultDocument;

  beforeAll(async () => {
    document = await resultOf(
      [await zooRelease("sibling-1"), await zooRelease("noise-1e-3")],
      ["weights/aligned", "weights/independence"],
      { ancestors: [await zooRelease("base-a")], controls: [await zooRelease("base-b")] },
    );
    text = summaryText(document);
  }, 240_000);

  it("fits into 100 columns and says who, what and how sure", () => {
    expect(widest(text)).toBeLessThanOrEqual(100);
    expect(text).toMatch(/^relation {2}derived \(not independent\)$/m);
    expect(text).toMatch(/^noise {5}σ 0\.(00099|001)/m);
    expect(text).toMatch(/p ≤ 10\^-589\.2 \(threshold 10\^-6\); /);
    expect(text).toContain(document.digest);
  });

  it("draws every layer with α and cosine, and the windows beside the control's", () => {
    expect(text.match(/^ {2}\d {8}█{16} 1\.000\d|^ {2}\d {8}█{16} 0\.999\d/gm)).toHaveLength(4);
    // The pair is full in all 32 windows, the control is not.
    expect(text.match(/^ {2}\d {9}█{32} 256\/256 {4}[·▁-█]{32} \d\d\/256$/gm)).toHaveLength(4);
    expect(text).toContain("1024 of 1024 rows; 128 expected by chance, 186 for p = 10^-6");
  });

  it("draws the residual against the noise and maps the tensors", () => {
    expect(text).toMatch(/seen {9}[·▁-█]{17,33}\n {4}white noise {2}[·▁-█]{17,33}/);
    expect(text).toMatch(/mlp\.up_proj {16}▓▓▓▓/);
    expect(text).toContain("▓ equal but for encoding or noise");
  });

  it("keeps to sentences where the statistics are not understood", () => {
    const methods = document.methods.map((method) => ({ ...method, statistics: { later: true } }));
    const plain = summaryText({ ...document, methods });
    expect(plain).not.toContain("█");
    expect(plain).toContain("weights/aligned@");
  });
});

describe("a result about code on a terminal", () => {
  it("names the renames and sets the best match side by side", { timeout: 60_000 }, async () => {
    const [images, text] = splitAndReordered(renamed(reformatted(tilerPython)));
    const release = (repository: string, files: readonly (readonly [string, string])[]) =>
      memoryRelease(
        files.map(([path, content]) => ({ path, content })),
        { repository },
      );
    const shown = summaryText(
      await resultOf(
        [
          release("a/one", [["tiler.py", tilerPython]]),
          release("b/two", [
            ["slicing/images.py", images],
            ["slicing/text.py", text],
          ]),
        ],
        ["code"],
      ),
    );
    expect(widest(shown)).toBeLessThanOrEqual(100);
    expect(shown).toMatch(/tile_side +→ scale_res +\d+/);
    expect(shown).toMatch(/^ +\d+ .+ [=~] +\d+ .+$/m);
  });
});
