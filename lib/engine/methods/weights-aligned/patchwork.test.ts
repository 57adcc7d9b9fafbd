import { expect, test } from "vitest";
import * as family from "@/tests/support/weight-family";
import { countRuns } from "../../weights/counted";
import { sampleReleases } from "../../weights/sampled-runs";
import { alignedOutcome } from "./index";
import { isPatchwork } from "./patchwork";
import type { AlignedStatistics } from "./schema";

const shape: family.Shape = { layers: 2, rows: 48, cols: 240 };
const original = family.base(shape, "B");
const trained = (seed: string, size = 1e-3) => family.training(shape, seed, size);

/** Six heads of rows (or columns) in another order; the first two stay where they were. */
function headsMoved(model: family.Model, roles: RegExp, axis: "rows" | "columns"): family.Model {
  const { rows, cols } = shape;
  const each = (axis === "rows" ? rows : cols) / 6;
  const heads = [0, 1, 3, 4, 5, 2];
  const from = (line: number) => (heads[Math.floor(line / each)] as number) * each + (line % each);
  return new Map(
    [...model].map(([name, values]) => {
      if (!roles.test(name)) return [name, values];
      const at = (i: number) => {
        const [row, col] = [Math.floor(i / cols), i % cols];
        return axis === "rows" ? from(row) * cols + col : row * cols + from(col);
      };
      return [name, Float32Array.from({ length: rows * cols }, (_, i) => values[at(i)] as number)];
    }),
  );
}

async function compare(a: family.Model, b: family.Model) {
  const [one, other] = [family.release(a, shape), family.release(b, shape)];
  const runs = countRuns(
    await sampleReleases({ original: one, suspect: other, ancestors: [], controls: [] }, "5eed", "original"),
  );
  const { says, statistics } = await alignedOutcome(runs, { ancestors: 0, controls: 0 });
  const { transformations } = statistics as unknown as AlignedStatistics;
  return { says, transformations, patchwork: runs.pairs.filter(isPatchwork).length };
}

const attention = /query|key|value/;

test("heads in another order, two of them at home, are no fine-tuning, seen from either side", async () => {
  const moved = headsMoved(headsMoved(original, attention, "rows"), /attention-out/, "columns");
  for (const [a, b] of [
    [original, moved],
    [moved, original],
  ] as const) {
    expect(await compare(a, b)).toEqual({ says: "trained-difference", transformations: [], patchwork: 8 });
  }
});

test("trained on and then moved is still fine-tuned", async () => {
  const moved = headsMoved(family.mix([1, original], [1, trained("t")]), attention, "rows");
  const found = await compare(original, moved);
  expect(found).toMatchObject({ says: "trained-difference", transformations: ["fine-tuned"], patchwork: 0 });
});

test("rows that training left alone, beside rows that it moved far, are no patchwork", async () => {
  const far = family.mix([1, original], [1, trained("t", 0.03)]);
  const half = new Map(
    [...original].map(([name, values]) => {
      const moved = far.get(name) as Float32Array;
      return [name, values.map((value, i) => (i < 24 * shape.cols ? value : (moved[i] as number)))];
    }),
  );
  expect(await compare(original, half)).toMatchObject({ transformations: ["fine-tuned"], patchwork: 0 });
});
