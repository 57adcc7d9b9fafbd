import { assign } from "@/lib/engine/statistics/assignment";
import { fixedPointTail } from "@/lib/engine/statistics/rencontres";
import { type RowBlock, windowedMatching } from "@/lib/engine/statistics/row-matching";
import { SeededStream } from "@/lib/engine/weights/sample-seed";
import { kolmogorovSmirnov } from "./null-pairs";
import { gaussian, uniform } from "./synthetic-models";

/** p-values of many draws under the null, as the method takes them, and with the ties of a discrete law broken by u. */
export interface Draws {
  readonly p: readonly number[];
  readonly randomised: readonly number[];
}

const alphas = [0.5, 0.2, 0.1, 0.05, 0.01, 0.001] as const;

/** P(p ≤ α) at several α, with the bound that chance may reach: α and four standard errors. */
export function rates({ p }: Draws): { alpha: number; rate: number; bound: number }[] {
  return alphas.map((alpha) => ({
    alpha,
    rate: p.filter((value) => value <= alpha).length / p.length,
    bound: alpha + 4 * Math.sqrt((alpha * (1 - alpha)) / p.length),
  }));
}

export function uniformity({ randomised }: Draws): number {
  return kolmogorovSmirnov(randomised);
}

/** Random rows of both sides through the windows of the method: n rows in windows of eight. */
export function windowedDraws(draws: number, n: number, cols: number, seed: number): Draws {
  const [next, u] = [gaussian(seed), uniform(seed + 1)];
  const block = (): RowBlock => ({
    values: Float32Array.from({ length: n * cols }, next),
    rows: n,
    cols,
  });
  const usable = Array.from({ length: n }, (_, row) => row);
  const law = tails(Array.from({ length: n / 8 }, () => 8));
  return collect(draws, u, law, (draw) => {
    const { matched } = windowedMatching(
      block(),
      block(),
      usable,
      new SeededStream(String(seed), String(draw)),
    );
    return matched.reduce((sum, count) => sum + count, 0);
  });
}

/** One assignment over n rows of random costs: F is the number of fixed points of a uniform permutation of n. */
export function globalDraws(draws: number, n: number, seed: number): Draws {
  const [next, u] = [uniform(seed), uniform(seed + 1)];
  return collect(draws, u, tails([n]), () => {
    const columns = assign(
      Float64Array.from({ length: n * n }, () => -next()),
      n,
    );
    return columns.reduce((sum, column, row) => sum + Number(column === row), 0);
  });
}

function collect(
  draws: number,
  u: () => number,
  law: readonly number[],
  matched: (draw: number) => number,
): Draws {
  const p: number[] = [];
  const randomised: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const k = matched(draw);
    const [at, above] = [law[k] ?? 0, law[k + 1] ?? 0];
    p.push(at);
    randomised.push(above + u() * (at - above));
  }
  return { p, randomised };
}

/** P(F ≥ k) for every k. */
function tails(sizes: readonly number[]): number[] {
  const most = sizes.reduce((sum, size) => sum + size, 0);
  return Array.from({ length: Math.min(most, 64) + 2 }, (_, k) => {
    const { numerator, denominator } = fixedPointTail(sizes, k);
    return Number((numerator * 10n ** 18n) / denominator) / 1e18;
  });
}
