import { expect, test } from "vitest";
import { normals } from "@/tests/support/normals";
import * as family from "@/tests/support/weight-family";
import { countRuns } from "../../weights/counted";
import { sampleReleases } from "../../weights/sampled-runs";
import { tensorFacts } from "./tensor-facts";

const shape: family.Shape = { layers: 1, rows: 32, cols: 512 };

/** Independent weights whose rows all lean the way that their common inputs lean, more or less. */
function onSharedInputs(seed: string, sign: number): family.Model {
  const { rows, cols } = shape;
  return family.model(shape, (name, n) => {
    const [lean, own] = [normals("inputs", name, cols), normals(seed, name, n)];
    const much = normals(seed, `${name} rows`, rows);
    return own.map(
      (x, i) => x + sign * (0.7 + 0.3 * (much[Math.floor(i / cols)] as number)) * (lean[i % cols] as number),
    );
  });
}

async function changes(original: family.Model, suspect: family.Model) {
  const [a, b] = [family.release(original, shape, "F32"), family.release(suspect, shape, "F32")];
  const sampled = await sampleReleases(
    { original: a, suspect: b, ancestors: [], controls: [] },
    "5eed",
    "original",
  );
  return countRuns(sampled).pairs.map(tensorFacts);
}

test.each([1, -1])("two layers on the same inputs do not resemble each other (sign %i)", async (sign) => {
  for (const { cosine, change } of await changes(onSharedInputs("a", 1), onSharedInputs("b", sign))) {
    expect(Math.abs(cosine)).toBeGreaterThan(0.1);
    expect(change).toBe("none");
  }
});

test("what little of a common start is left still resembles it", async () => {
  const start = family.base(shape, "start");
  const away = (seed: string) => family.mix([1, start], [2, family.base(shape, seed)]);
  for (const { cosine, change } of await changes(away("a"), away("b"))) {
    expect(cosine).toBeLessThan(0.3);
    expect(change).toBe("trained");
  }
});

test("rows that were all turned round are found as rescaled", async () => {
  const one = family.base(shape, "start");
  for (const { change } of await changes(one, family.mix([-0.5, one]))) expect(change).toBe("rescaled");
});
