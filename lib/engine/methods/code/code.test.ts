import { describe, expect, it } from "vitest";
import type { ReleaseReader } from "@/lib/engine/io/source/release";
import { type MemoryFile, memoryRelease } from "@/tests/support/memory-release";
import { methodInput } from "@/tests/support/method-input";
import {
  exporterPython,
  otherTilerPython,
  reformatted,
  renamed,
  splitAndReordered,
  tilerPython,
  trainerPython,
  upstreamPython,
} from "./code-fixtures";
import { code } from "./index";
import type { CodeStatistics } from "./schema";

const python = (path: string, content: string): MemoryFile => ({ path, content });
const disguised = renamed(reformatted(tilerPython));
const [firstHalf, secondHalf] = splitAndReordered(disguised);
const disguisedRelease = memoryRelease([
  python("slicing/images.py", firstHalf),
  python("slicing/text.py", `# once planned by the TilePlanner, with choose_grid\n${secondHalf}`),
]);
const original = memoryRelease([python("tiler.py", tilerPython)]);

async function compared(
  a: ReleaseReader,
  b: ReleaseReader,
  more: { ancestors?: ReleaseReader[]; controls?: ReleaseReader[] } = {},
) {
  const outcome = await code.run(methodInput({ original: a, suspect: b, ...more }));
  return { outcome, statistics: outcome.statistics as unknown as CodeStatistics };
}

describe("code", { timeout: 30_000 }, () => {
  it("finds the same program under other names, reformatted, reordered and split over files", async () => {
    const { outcome, statistics } = await compared(original, disguisedRelease);
    expect(outcome.says).toBe("same-program");
    expect(Math.min(statistics.covered.original, statistics.covered.suspect)).toBeGreaterThan(0.9);
    expect(statistics.identifierConsistency).toBeGreaterThan(0.95);
    expect(statistics.operators.equal).toBe(1);
    expect(statistics.literals.equal).toBeLessThan(1);
    const names = new Map(statistics.identifierMap.map((entry) => [entry.original, entry.suspect]));
    expect(names.get("tile_side")).toBe("scale_res");
    expect(names.get("columns")).toBe("gx");
    expect(statistics.views.length).toBeGreaterThan(0);
  });

  it("names what was left over of the other side's words", async () => {
    const { statistics } = await compared(original, disguisedRelease);
    expect(statistics.leftovers.suspect).toContainEqual(
      expect.objectContaining({ name: "choose_grid", where: "remark", path: "slicing/text.py", line: 1 }),
    );
    expect(statistics.leftovers.original).toEqual([]);
  });

  it("does not flag an independent program for the same task", async () => {
    const { outcome, statistics } = await compared(
      original,
      memoryRelease([python("tiling.py", otherTilerPython)]),
    );
    expect(outcome.says).toBe("nothing-shared");
    expect(statistics.score).toBeLessThan(0.2);
  });

  it("does not count what both took from a common upstream that is given", async () => {
    const mine = memoryRelease([
      python("model.py", upstreamPython),
      python("train.py", trainerPython),
      python("cut.py", otherTilerPython),
    ]);
    const theirs = memoryRelease([
      python("net.py", renamed(upstreamPython)),
      python("export.py", exporterPython),
      python("tiler.py", tilerPython),
    ]);
    const upstream = memoryRelease([python("layers/cross.py", upstreamPython)]);
    const without = await compared(mine, theirs);
    expect(without.outcome.says).toBe("parts-shared");
    expect(without.statistics.ancestors).toBeNull();
    const subtracted = await compared(mine, theirs, { ancestors: [upstream] });
    expect(subtracted.outcome.says).toBe("nothing-shared");
    expect(subtracted.statistics.ancestors?.ofMatched).toBeGreaterThan(0.9);
  });

  it("still finds what the original added to a common upstream", async () => {
    const mine = memoryRelease([python("model.py", upstreamPython), python("tiler.py", tilerPython)]);
    const theirs = memoryRelease([python("net.py", upstreamPython), python("cut.py", disguised)]);
    const upstream = memoryRelease([python("layers/cross.py", upstreamPython)]);
    const { outcome, statistics } = await compared(mine, theirs, { ancestors: [upstream] });
    expect(outcome.says).toBe("same-program");
    expect(statistics.matches.every(({ original: { path } }) => path === "tiler.py")).toBe(true);
  });

  it("cannot tell from tiny functions", async () => {
    const tiny =
      "class A:\n    def reset(self):\n        self.x = 0\n\n    def twice(self):\n        return self.x * 2\n";
    const { outcome } = await compared(
      memoryRelease([python("a.py", tiny)]),
      memoryRelease([python("b.py", `${tiny}\n\ny = 1\n`)]),
    );
    expect(outcome.says).toBe("cannot-tell");
  });

  it("is not testable without source code on both sides", async () => {
    const none = memoryRelease([{ path: "config.json", content: {} }]);
    expect((await compared(original, none)).outcome.says).toBe("not-testable");
    expect((await compared(none, original)).outcome.says).toBe("not-testable");
  });

  it("finds the same when the sides are swapped", async () => {
    const upstream = memoryRelease([python("layers/cross.py", upstreamPython)]);
    const there = await compared(original, disguisedRelease, { ancestors: [upstream], controls: [upstream] });
    const back = await compared(disguisedRelease, original, { ancestors: [upstream], controls: [upstream] });
    expect(back.outcome.says).toBe(there.outcome.says);
    expect(back.outcome.falseFlags).toEqual(there.outcome.falseFlags);
    expect(swapped(back.statistics)).toEqual(there.statistics);
  });

  it("gives the same facts twice", async () => {
    const once = await compared(original, disguisedRelease);
    const again = await compared(original, disguisedRelease);
    expect(again.outcome).toEqual(once.outcome);
  });

  it("shows the scores of unrelated controls beside its own", async () => {
    const control = memoryRelease([python("train.py", trainerPython), python("export.py", exporterPython)]);
    const { outcome, statistics } = await compared(original, disguisedRelease, { controls: [control] });
    expect(outcome.kind).toBe("calibrated");
    expect(outcome.falseFlags).toEqual({ observed: 0, of: 2 });
    expect(statistics.controls).toHaveLength(1);
  });
});

/** Exchanges everything that is named by side. */
function swapped<T>(value: T): T {
  if (Array.isArray(value)) return value.map(swapped) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    const other = key === "original" ? "suspect" : key === "suspect" ? "original" : key;
    return [other, swapped(item)];
  });
  return Object.fromEntries(entries) as T;
}
