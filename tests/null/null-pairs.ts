import { measureIndependence } from "@/lib/engine/methods/weights-independence/measure";
import { adoptedPlaces } from "@/lib/engine/methods/weights-independence/neuron-groups";
import { measureInvariant } from "@/lib/engine/methods/weights-invariant/measure";
import { fixedPointTail, type Ratio } from "@/lib/engine/statistics/rencontres";
import type { ReleaseWeights } from "@/lib/engine/weights/release-weights";

/** What the two exact tests say of one pair that is known to be unrelated. */
export interface NullPair {
  readonly independence: NullTest;
  readonly invariant: NullTest;
  /** References of 2C that both matrices matched to one neuron, and of how many. */
  readonly search: { readonly agree: number; readonly of: number } | null;
}

export interface NullTest {
  readonly windows: number;
  readonly sizes: readonly number[];
  readonly matched: number;
  readonly log10P: number | null;
}

/** Runs 2A, 2B and 2C on two releases, as a comparison would. */
export async function nullPair(a: ReleaseWeights, b: ReleaseWeights, seed: string): Promise<NullPair> {
  const input = { a, b, swapped: false, seed, ancestors: [], controls: [], screened: 1 };
  const independence = await measureIndependence(input);
  const vocabularies = { a: null, b: null, controls: [] };
  const invariant = await measureInvariant(
    { ...input, vocabularies, places: adoptedPlaces([]) },
    independence,
  );
  const { products, search } = invariant.statistics;
  const test = (
    cells: readonly { readonly windows: { readonly sizes: readonly number[] } }[],
    pooled: { readonly windows: number; readonly matched: number } | null,
    log10P: number | null,
  ): NullTest => ({
    windows: pooled?.windows ?? 0,
    sizes: cells.flatMap(({ windows }) => windows.sizes),
    matched: pooled?.matched ?? 0,
    log10P,
  });
  const { cells, identity } = independence.statistics;
  return {
    independence: test(cells, identity, independence.log10P),
    invariant: test(products?.cells ?? [], products?.pooled ?? null, invariant.log10P),
    search: search && { agree: search.agree, of: search.references },
  };
}

/** P(F ≥ k) and, for a discrete statistic, the p that is uniform under the null: P(F > k) + u · P(F = k). */
export function tailsOf(
  sizes: readonly number[],
  matched: number,
  u: number,
): { p: number; randomised: number } {
  const [at, above] = [
    quotient(fixedPointTail(sizes, matched)),
    quotient(fixedPointTail(sizes, matched + 1)),
  ];
  return { p: at, randomised: above + u * (at - above) };
}

function quotient({ numerator, denominator }: Ratio): number {
  return Number((numerator * 10n ** 18n) / denominator) / 1e18;
}

/** Kolmogorov and Smirnov's distance from the uniform distribution times √n; 1.36 is passed by 95 %, 1.95 by 99.9 %. */
export function kolmogorovSmirnov(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const n = sorted.length;
  const distance = sorted.reduce((most, value, i) => Math.max(most, (i + 1) / n - value, value - i / n), 0);
  return distance * Math.sqrt(n);
}
