import { describe, expect, it } from "vitest";
import { knownChains, termsSchema } from "@/lib/engine/canary";
import type { SetKind } from "./read-items";
import {
  codePoint,
  primaries,
  referencesNeeded,
  roundAfter,
  termsOfForm,
  usualThreshold,
} from "./terms-of-form";

const { kind: _, ...network } = knownChains.quicknet;
const now = Date.parse("2026-11-27T00:00:00Z");

function typed(values: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  const usual = {
    fold: "none",
    prompt: "{prompt}",
    extractor: "first-line",
    references: "Teal\n Wigeon \n\n",
    deadline: "2027-01-31",
    beacon: "drand",
    beaconDelay: "60",
    from: "U+3400",
    to: "䶵",
  };
  for (const [name, value] of Object.entries({ ...usual, ...values })) form.set(name, value);
  return form;
}

describe("termsOfForm", () => {
  for (const kind of ["random-label", "natural", "generator"] as SetKind[])
    for (const primary of primaries[kind])
      it(`${kind} with ${primary}: what the page offers, the schema takes`, () => {
        const form = typed({ primary, threshold: usualThreshold[primary] });
        const options = kind === "random-label" ? 16 : null;
        const terms = termsSchema.parse(
          termsOfForm(form, { kind, items: 24, options, network, logSize: 5, now }),
        );
        expect(terms.references).toEqual(["Teal", "Wigeon"]);
        expect(terms.beacon).toMatchObject({ kind: "drand", chain: network.chain });
      });

  it("takes a list of characters as the alphabet, in the order of code points", () => {
    const form = typed({ primary: "robust", threshold: "0.01", characters: "竹 木\n竹" });
    const facts = { kind: "generator", items: 2, options: null, network, logSize: 5, now } as const;
    expect(termsOfForm(form, facts)).toMatchObject({
      generator: { parameters: { from: 0x6728, to: 0x7af9, characters: "木竹" } },
    });
  });
});

describe("roundAfter", () => {
  it("is the first round that is later than the asked time", () => {
    const { round, time } = roundAfter(network, 60, now);
    const before = (network.genesisTime + (round - 2) * network.period) * 1000;
    expect(time.getTime()).toBeGreaterThan(now + 3_600_000);
    expect(before).toBeLessThanOrEqual(now + 3_600_000);
  });
});

it("a rank needs as many references as its threshold asks for", () => {
  expect(referencesNeeded("rank", "0.05")).toBe(19);
  expect(referencesNeeded("rank", "0.2")).toBe(5);
  expect(referencesNeeded("robust", "0.000001")).toBe(5);
});

it("a character may be written as itself or by its code point", () => {
  expect([codePoint("U+4e00"), codePoint("4E00"), codePoint(" 一 ")]).toEqual([0x4e00, 0x4e00, 0x4e00]);
  expect(codePoint("two words")).toBeNaN();
});
