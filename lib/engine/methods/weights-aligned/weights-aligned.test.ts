import { beforeAll, describe, expect, it, vi } from "vitest";
import { normals } from "@/tests/support/normals";
import * as family from "@/tests/support/weight-family";
import { countRuns } from "../../weights/counted";
import { sampleReleases } from "../../weights/sampled-runs";
import type { MethodOutcome } from "../method";
import { alignedAbout } from "./about";
import { alignedSentences, explainAligned } from "./explain";
import { alignedOutcome } from "./index";
import type { AlignedStatistics } from "./schema";

vi.setConfig({ testTimeout: 60_000 });

const shape: family.Shape = { layers: 2, rows: 32, cols: 512 };
const { mix } = family;

interface Given {
  readonly ancestors?: readonly family.Model[];
  readonly controls?: readonly family.Model[];
  readonly dtypes?: readonly [string, string];
  readonly first?: "original" | "suspect";
}

type Found = MethodOutcome<"weights/aligned"> & { readonly facts: AlignedStatistics };

async function compare(original: family.Model, suspect: family.Model, given: Given = {}): Promise<Found> {
  const { ancestors = [], controls = [], dtypes = ["BF16", "BF16"], first = "original" } = given;
  const runs = await sampleReleases(
    {
      original: family.release(original, shape, dtypes[0]),
      suspect: family.release(suspect, shape, dtypes[1]),
      ancestors: ancestors.map((model) => family.release(model, shape)),
      controls: controls.map((model) => family.release(model, shape)),
    },
    "5eed",
    first,
  );
  const outcome = await alignedOutcome(countRuns(runs), {
    ancestors: ancestors.length,
    controls: controls.length,
  });
  return { ...outcome, facts: outcome.statistics as unknown as AlignedStatistics };
}

const trained = (seed: string, size = 1e-3) => family.training(shape, seed, size);
const noisy = (model: family.Model, sigma: number) =>
  mix([1, model], [1, family.noise(shape, "z", () => sigma)]);

let base: family.Model;
let original: family.Model;
const sibling = (correlation: number) =>
  mix([1, base], [correlation, trained("o")], [Math.sqrt(1 - correlation * correlation), trained("s")]);

beforeAll(() => {
  base = family.stored(family.base(shape, "B"), "BF16");
  original = family.stored(mix([1, base], [1, trained("o")]), "BF16");
});

describe("weights/aligned on METHODS' reference cases", () => {
  it.each([
    [1e-4, 0.99999, 0.327, 1, 0.984],
    [1e-3, 0.9989, 0.037, 1, 0.487],
    [1e-2, 0.905, 0.004, 1, 0.012],
  ])("a copy with noise of %d", async (sigma, cosine, equal, alpha, r2) => {
    const { says, facts } = await compare(original, noisy(original, sigma), { ancestors: [base] });
    expect(says).toBe("noise-copy");
    expect(facts.transformations).toEqual(["noise"]);
    expect(Math.abs((facts.cosine as number) - cosine)).toBeLessThan(0.012);
    expect(facts.equal).toBeCloseTo(equal, 1);
    expect(Math.abs((facts.noiseSigma as number) / sigma - 1)).toBeLessThan(0.02);
    expect(facts.noise?.law).toBe("constant");
    expect(Math.abs((facts.alpha?.value as number) - alpha)).toBeLessThan(sigma > 5e-3 ? 0.1 : 0.02);
    // The size of the differences varies from tensor to tensor here, so that R² is a little off the table's.
    expect(Math.abs((facts.ancestry?.symmetric.partialR2?.value as number) - r2)).toBeLessThan(0.08);
    expect(facts.closest?.to).toBe("original");
  });

  it("a heavy fine-tune of the original", async () => {
    const { says, facts } = await compare(original, mix([1, original], [2, trained("f")]), {
      ancestors: [base],
    });
    expect(says).toBe("trained-difference");
    expect(facts.transformations).toEqual(["fine-tuned"]);
    expect(facts.cosine).toBeGreaterThan(0.99);
    expect(facts.ancestry?.originalToSuspect.alpha?.value).toBeCloseTo(1, 1);
    expect(facts.ancestry?.symmetric.partialR2?.value).toBeCloseTo(0.2, 1);
    expect(facts.changes).toMatchObject({ noise: 0, trained: 14 });
  });

  it("a merge with an undeclared sibling, and with a declared one", async () => {
    const merged = mix([0.5, original], [0.5, sibling(0)]);
    const alone = await compare(original, merged, { ancestors: [base] });
    expect(alone.facts.ancestry?.originalToSuspect.alpha?.value).toBeCloseTo(0.5, 2);
    expect(alone.facts.ancestry?.symmetric.partialR2?.value).toBeCloseTo(0.5, 1);
    // The same geometry as an original trained on from the merge: nothing tells the two apart.
    expect(alone.facts.transformations).toEqual(["fine-tuned"]);
    const known = await compare(original, merged, { ancestors: [base, sibling(0)] });
    expect(known.facts.ancestry?.donors[1]).toBeCloseTo(0.5, 1);
    expect(known.facts.ancestry?.explained).toBeGreaterThan(0.95);
    expect(known.facts.transformations).toEqual(["merged"]);
  });

  it.each([
    [0, 0],
    [0.2, 0.04],
    [0.5, 0.25],
  ])("a sibling whose training correlates by %d is not under the rule", async (correlation, r2) => {
    const { facts, says } = await compare(original, sibling(correlation), { ancestors: [base] });
    expect(facts.cosine).toBeGreaterThan(0.99);
    expect(Math.abs((facts.ancestry?.originalToSuspect.alpha?.value as number) - correlation)).toBeLessThan(
      0.03,
    );
    expect(facts.ancestry?.symmetric.partialR2?.value).toBeCloseTo(r2, 1);
    expect(facts.ancestry?.symmetric.ruleShare).toBeLessThan(0.9);
    if (correlation === 0) expect(says).toBe("ancestor-explains");
    expect(says).not.toBe("noise-copy");
  });

  it("the base itself, and an independent model", async () => {
    const same = await compare(original, base, { ancestors: [base] });
    expect(same.says).toBe("ancestor-explains");
    expect(same.facts.ancestry?.originalToSuspect.alpha?.value).toBe(0);
    const other = await compare(original, family.base(shape, "other"), { ancestors: [base] });
    expect(other.says).toBe("unrelated");
    expect(other.facts.ancestry?.symmetric.ruleShare).toBe(0);
    expect(other.facts.transformations).toEqual([]);
  });
});

describe("α alone convicts the innocent", () => {
  const same = () => mix([1, base], [1.15, trained("o")], [2.9, trained("s")]);

  it("the same data: α 1.15 at ρ .37 does not satisfy the rule without a panel of siblings", async () => {
    const { facts, reasons } = await compare(original, same(), { ancestors: [base] });
    expect(facts.ancestry?.originalToSuspect.alpha?.value).toBeCloseTo(1.15, 1);
    expect(facts.ancestry?.originalToSuspect.rho?.value).toBeCloseTo(0.37, 1);
    expect(facts.ancestry?.originalToSuspect.lengthShare).toBe(1);
    expect(facts.ancestry?.symmetric.ruleShare).toBeLessThan(0.5);
    expect(reasons.map(({ code }) => code)).not.toContain("closest-original");
  });

  it("nor with a panel that reaches as far; a copy trained further stands above one that does not", async () => {
    const alike = mix([1, base], [1.15, trained("o")], [2.9, trained("t")]);
    const innocent = await compare(original, same(), { ancestors: [base], controls: [alike] });
    expect(innocent.facts.ancestry?.panelR2).toBeGreaterThan(0.1);
    expect(innocent.facts.ancestry?.symmetric.ruleShare).toBeLessThan(0.9);
    const further = mix([1, original], [2, trained("f")]);
    const copy = await compare(original, further, { ancestors: [base], controls: [sibling(0)] });
    expect(copy.facts.ancestry?.panelR2).toBeLessThan(0.02);
    expect(copy.facts.ancestry?.symmetric.ruleShare).toBe(1);
  });

  it("differences of the size of shared rounding are not eligible", async () => {
    const [a, b] = [mix([1, base], [1, trained("o", 4e-5)]), mix([1, base], [1, trained("s", 4e-5)])];
    const { says, facts } = await compare(a, b, { ancestors: [base] });
    expect(facts.ancestry?.symmetric).toMatchObject({ decidable: false, eligible: 0, ruleShare: null });
    expect(says).toBe("not-decidable");
    expect(facts.alpha).toBeNull();
  });

  it("an undeclared common start shows as far as .8; declared, it explains all", async () => {
    const instruct = mix([1, base], [2, trained("i")]);
    const [a, b] = [mix([1, instruct], [1, trained("o")]), mix([1, instruct], [1, trained("s")])];
    const open = await compare(a, b, { ancestors: [base] });
    expect(open.facts.alpha?.value).toBeCloseTo(0.8, 1);
    expect(open.says).toBe("trained-difference");
    expect((await compare(a, b, { ancestors: [base, instruct] })).says).toBe("ancestor-explains");
  });

  it("two fine-tunes that leave nearly all of an undeclared base alone are no copies of each other", async () => {
    const only = (change: family.Model) =>
      new Map(
        [...base].map(([name, values]) => [
          name,
          name.endsWith(".0.query") ? (change.get(name) ?? values) : values,
        ]),
      );
    const [a, b] = ["o", "s"].map((seed) => only(mix([1, base], [1, trained(seed)])));
    const { says, facts } = await compare(a as family.Model, b as family.Model);
    expect(facts.changes).toMatchObject({ equal: 13, trained: 1 });
    expect(says).toBe("trained-difference");
  });

  it("a shared frozen part beside an unrelated one decides nothing", async () => {
    const other = family.base(shape, "other");
    const mixed = new Map(
      [...base].map(([name, values]) => [
        name,
        name.includes(".0.") ? values : (other.get(name) as Float32Array),
      ]),
    );
    expect((await compare(base, mixed)).says).toBe("not-decidable");
  });

  it("two copies of one base with noise of their own are no noise copies of each other", async () => {
    const [a, b] = ["q", "r"].map((seed) => mix([1, base], [1, family.noise(shape, seed, () => 1e-3)]));
    const { says, facts } = await compare(a as family.Model, b as family.Model, { ancestors: [base] });
    expect(says).toBe("ancestor-explains");
    expect(facts.transformations).toEqual([]);
  });
});

describe("kinds of change", () => {
  it("equal values, also in another number format", async () => {
    expect((await compare(original, original)).says).toBe("equal-values");
    const raw = mix([1, base], [1, trained("o")]);
    const recast = await compare(raw, raw, { dtypes: ["F32", "BF16"] });
    expect(recast.says).toBe("equal-values");
    expect(recast.facts.transformations).toEqual(["recast"]);
    const halves = await compare(raw, raw, { dtypes: ["F16", "BF16"] });
    expect(halves.says).toBe("equal-values");
    expect(halves.facts.noise).toBeNull();
  });

  it.each([1e-3, 0.05, 0.5])("noise of %d of each tensor's own spread", async (share) => {
    const uneven = family.scaled(original, (index) => 1 + 0.6 * Math.sin(index));
    const sds = family.spreads(uneven);
    const suspect = mix(
      [1, uneven],
      [1, family.noise(shape, "z", (index) => share * (sds[index] as number))],
    );
    const { says, facts } = await compare(uneven, suspect, { dtypes: ["F32", "F32"] });
    expect(says).toBe("noise-copy");
    expect(facts.noise?.law).toBe("relative");
    expect(Math.abs((facts.noise?.value.value as number) / share - 1)).toBeLessThan(0.03);
  });

  it("quantised, pruned, rescaled, low rank", async () => {
    const int4 = await compare(original, family.quantised(original, 7, 32));
    expect([int4.says, int4.facts.transformations]).toEqual(["re-encoded", ["quantised"]]);
    expect(int4.facts.quantised?.bits).toEqual([{ bits: 4, tensors: 14 }]);
    const int8 = await compare(original, family.quantised(original, 127, shape.cols));
    expect([int8.says, int8.facts.transformations]).toEqual(["re-encoded", ["quantised"]]);
    const pruned = await compare(original, family.pruned(original, 0.5));
    expect([pruned.says, pruned.facts.transformations]).toEqual(["re-encoded", ["pruned"]]);
    expect(pruned.facts.pruned?.zeroed.suspect).toBeCloseTo(0.5, 2);
    const rescaled = await compare(original, family.rowsScaled(original, shape));
    expect([rescaled.says, rescaled.facts.transformations]).toEqual(["re-encoded", ["rescaled"]]);
    const adapted = await compare(original, mix([1, original], [1, family.lowRank(shape, "l", 4, 1e-3)]));
    expect([adapted.says, adapted.facts.transformations]).toEqual(["trained-difference", ["low-rank"]]);
    expect(adapted.facts.lowRank?.rank).toBe(4);
  });

  it("takes the even steps of light training for no quantisation", async () => {
    const even = family.model(shape, (name, n) =>
      normals("even", name, n).map((x) => 2e-4 * Math.sign(x) * (0.8 + 0.4 * (Math.abs(x) % 1))),
    );
    const { facts } = await compare(original, mix([1, original], [1, even]), { dtypes: ["F32", "F32"] });
    expect(facts.changes).toMatchObject({ quantised: 0, noise: 0 });
  });

  it("layers dropped and repeated, under the map", async () => {
    const four: family.Shape = { ...shape, layers: 4 };
    const all = family.base(four, "four");
    const dropped = await compare(all, family.relayered(all, [0, 2, 3]));
    expect([dropped.says, dropped.facts.transformations]).toEqual(["equal-values", ["layers-dropped"]]);
    expect(dropped.facts.layerMaps[0]).toMatchObject({ without: { original: [1], suspect: [] } });
    const repeated = await compare(all, family.relayered(all, [0, 1, 1, 2, 3]));
    expect([repeated.says, repeated.facts.transformations]).toEqual(["equal-values", ["layers-repeated"]]);
    expect(repeated.facts.layerMaps[0]).toMatchObject({ repeated: { original: [1], suspect: [] } });
  });
});

describe("the outcome", () => {
  it("is the same when the sides are swapped, but for what is named by side", async () => {
    const cases: [family.Model, family.Model][] = [
      [original, noisy(original, 1e-3)],
      [original, mix([1, original], [2, trained("f")])],
      [original, mix([0.5, original], [0.5, sibling(0)])],
      [original, family.quantised(original, 7, 32)],
      [original, sibling(0)],
    ];
    for (const [a, b] of cases) {
      const forth = await compare(a, b, { ancestors: [base], first: "original" });
      const back = await compare(b, a, { ancestors: [base], first: "suspect" });
      expect(back.says).toBe(forth.says);
      for (const key of [
        "transformations",
        "noiseSigma",
        "alpha",
        "equal",
        "cosine",
        "changes",
        "merge",
      ] as const)
        expect(back.facts[key], key).toEqual(forth.facts[key]);
      expect(back.facts.closest?.to).toBe(forth.facts.closest?.to);
      expect(back.facts.ancestry?.symmetric).toEqual(forth.facts.ancestry?.symmetric);
      expect(back.facts.ancestry?.originalToSuspect).toEqual(forth.facts.ancestry?.suspectToOriginal);
    }
  }, 60_000);

  it("is the same twice", async () => {
    const suspect = noisy(original, 1e-3);
    const twice = [await compare(original, suspect), await compare(original, suspect)];
    expect(JSON.stringify(twice[0])).toBe(JSON.stringify(twice[1]));
  });

  it("explains every code in both languages, and what it must never be used to say", async () => {
    const found = await compare(original, noisy(original, 1e-3), {
      ancestors: [base],
      controls: [sibling(0)],
    });
    for (const { code } of found.reasons) expect(alignedSentences, code).toHaveProperty(code);
    const { en, zh } = explainAligned(found);
    expect(en).toContain("The raw cosine cannot tell a sibling from a copy");
    expect(zh).toContain("原始余弦无法区分兄弟模型与副本");
    expect(`${en}${zh}`).not.toMatch(/\?|undefined|null|NaN/);
    expect(Object.keys(alignedAbout.says)).toContain(found.says);
  });

  it("says that nothing could be read rather than failing", async () => {
    const outcome = await alignedOutcome(null, { ancestors: 0, controls: 0 });
    expect(outcome.says).toBe("not-testable");
    expect(outcome.reasons).toEqual([{ code: "no-weights-read", facts: {} }]);
  });
});
