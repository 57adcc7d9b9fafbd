import { expect, it } from "vitest";
import type { PinnedRelease } from "../io/source/release";
import { assertOlder } from "./assert-older";

const at = (createdAt?: string): PinnedRelease => ({
  kind: "hf",
  repository: "lab/name",
  commit: null,
  files: [],
  ...(createdAt === undefined ? {} : { createdAt }),
});
const [older, old, young, younger] = ["2023", "2024", "2025", "2026"].map((year) =>
  at(`${year}-01-01T00:00:00.000Z`),
);

it("refuses an ancestor that is younger than the earlier side, in either order", () => {
  for (const sides of [
    [old, young],
    [young, old],
  ] as [PinnedRelease, PinnedRelease][]) {
    expect(() => assertOlder(sides, [older as PinnedRelease, younger as PinnedRelease])).toThrow(
      /explains nothing/,
    );
    expect(() => assertOlder(sides, [older as PinnedRelease, old as PinnedRelease])).not.toThrow();
  }
});

it("judges nobody by a date that is not known", () => {
  expect(() => assertOlder([at(), old as PinnedRelease], [younger as PinnedRelease])).not.toThrow();
  expect(() => assertOlder([old as PinnedRelease, young as PinnedRelease], [at()])).not.toThrow();
});
