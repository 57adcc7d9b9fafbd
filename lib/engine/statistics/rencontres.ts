import { exp, log, log10, logGamma } from "./elementary";

/**
 * Fixed points of uniform permutations, and of several independent ones together.
 *
 * D(m, k) = C(m, k) · !(m − k) of the m! permutations of m things leave exactly k of them in place (the rencontres
 * numbers: P. R. de Montmort, Essay d'analyse sur les jeux de hazard, 1713; J. Riordan, An Introduction to Combinatorial
 * Analysis, 1958, chapter 3). Everything here is exact, in whole numbers, until the last step, which takes a logarithm
 * and rounds it up.
 */

/** More windows than any run has; bounds the time (about a second) and the memory of an exact tail. */
export const mostWindows = 4096;

/** D(m, k) for k = 0 … m. */
export function rencontres(m: number): bigint[] {
  const derangements = [1n, 0n];
  for (let n = 2; n <= m; n++) {
    const [one, two] = [derangements[n - 1] as bigint, derangements[n - 2] as bigint];
    derangements.push(BigInt(n - 1) * (one + two));
  }
  const numbers: bigint[] = [];
  let choose = 1n;
  for (let k = 0; k <= m; k++) {
    numbers.push(choose * (derangements[m - k] as bigint));
    choose = (choose * BigInt(m - k)) / BigInt(k + 1);
  }
  return numbers;
}

/** A probability as a ratio of whole numbers. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * P(ΣF ≥ k) for independent uniform permutations of windows of the given sizes (each 2 or more), exactly.
 *
 * The number of ways to have n fixed points in all is the coefficient of xⁿ in P = Π Gₘ^c, Gₘ = Σ D(m, k) xᵏ. From
 * P′ · Π Gₘ = P · Σ c Gₘ′ Π Gᵢ (i ≠ m) each coefficient follows from the few before it, with one exact division, so
 * that no polynomial is ever multiplied out. Beyond the middle the same is done from the top.
 */
export function fixedPointTail(sizes: readonly number[], k: number): Ratio {
  const most = sizes.reduce((sum, size) => sum + size, 0);
  const denominator = arrangements(sizes);
  if (k <= 0) return { numerator: denominator, denominator };
  if (k > most) return { numerator: 0n, denominator };
  let sum = 0n;
  if (k <= most / 2) {
    const ways = coefficients(sizes, false);
    for (let n = 0; n < k; n++) sum += ways.next().value as bigint;
    return { numerator: denominator - sum, denominator };
  }
  const ways = coefficients(sizes, true);
  for (let n = most; n >= k; n--) sum += ways.next().value as bigint;
  return { numerator: sum, denominator };
}

/** log10 P(ΣF ≥ k), never below the true value. */
export function log10FixedPointTail(sizes: readonly number[], k: number): number {
  return log10RatioUp(fixedPointTail(sizes, k));
}

/** For each exponent the smallest k with P(ΣF ≥ k) ≤ 10^−exponent, or null when not even a perfect match is that rare. */
export function criticalFixedPoints(
  sizes: readonly number[],
  exponents: readonly number[],
): (number | null)[] {
  const most = sizes.reduce((sum, size) => sum + size, 0);
  const denominator = arrangements(sizes);
  const found = exponents.map((): number | null => null);
  let tail = denominator;
  const ways = coefficients(sizes, false);
  for (let k = 0; k <= most && found.includes(null); k++) {
    for (const [i, exponent] of exponents.entries()) {
      if (found[i] === null && tail * 10n ** BigInt(exponent) <= denominator) found[i] = k;
    }
    tail -= ways.next().value as bigint;
  }
  return found;
}

/**
 * log10 of a probability, rounded up at the sixth decimal and never above 0. The mantissas carry 53 bits and the
 * deterministic logarithm errs by less than 1e-11 here; 1e-9 of the size is added before rounding, so that the printed
 * value is an upper bound.
 */
export function log10RatioUp({ numerator, denominator }: Ratio): number {
  if (numerator <= 0n) throw new RangeError("The logarithm of a probability of 0 is not finite");
  if (numerator >= denominator) return 0;
  const value = log10Whole(numerator) - log10Whole(denominator);
  const up = Math.ceil((value + 1e-9 - value * 1e-13) * 1e6) / 1e6;
  return up >= 0 ? 0 : up;
}

/** log10(1/k!), rounded up: P(F ≥ k) ≤ 1/k! for one uniform permutation of any number of rows. */
export function log10FactorialBound(k: number): number {
  let factorial = 1n;
  for (let n = 2n; n <= BigInt(k); n++) factorial *= n;
  return log10RatioUp({ numerator: 1n, denominator: factorial });
}

/** log10 P(N ≥ k) for N ~ Poisson(mean): the limit law of fixed points of many large permutations. A diagnostic. */
export function log10PoissonTail(mean: number, k: number): number {
  if (k <= 0) return 0;
  if (k <= mean) {
    let [term, sum] = [exp(-mean), 0];
    for (let n = 0; n < k; n++) {
      sum += term;
      term *= mean / (n + 1);
    }
    return log10(1 - sum);
  }
  let [term, sum] = [1, 1];
  for (let n = k + 1; n < k + 4096 && term > 1e-18; n++) {
    term *= mean / n;
    sum += term;
  }
  return (k * log(mean) - mean - logGamma(k + 1) + log(sum)) / Math.LN10;
}

function arrangements(sizes: readonly number[]): bigint {
  if (sizes.length > mostWindows) throw new RangeError("More windows than an exact tail is made for");
  return [...counted(sizes)].reduce((product, [size, count]) => product * factorialOf(size) ** count, 1n);
}

function factorialOf(size: number): bigint {
  let product = 1n;
  for (let n = 2; n <= size; n++) product *= BigInt(n);
  return product;
}

function counted(sizes: readonly number[]): Map<number, bigint> {
  const counts = new Map<number, bigint>();
  for (const size of sizes) {
    if (!Number.isInteger(size) || size < 2) throw new RangeError("A window has two rows or more");
    counts.set(size, (counts.get(size) ?? 0n) + 1n);
  }
  return counts;
}

/** Coefficients of Π Gₘ^c from the lowest power up, or from the highest down. */
function* coefficients(sizes: readonly number[], fromTop: boolean): Generator<bigint, void, void> {
  const powers = [...counted(sizes)].map(([size, count]) => ({
    count,
    base: fromTop ? rencontres(size).reverse() : rencontres(size),
  }));
  const product = powers.reduce<bigint[]>((sum, { base }) => multiplied(sum, base), [1n]);
  const slope: bigint[] = product.map(() => 0n);
  for (const { count, base } of powers) {
    const others = powers.filter((power) => power.base !== base);
    const derivative = base.slice(1).map((value, k) => value * BigInt(k + 1) * count);
    const part = others.reduce<bigint[]>((sum, power) => multiplied(sum, power.base), derivative);
    for (const [k, value] of part.entries()) slope[k] = (slope[k] ?? 0n) + value;
  }
  const first = powers.reduce((value, { count, base }) => value * (base[0] as bigint) ** count, 1n);
  const lead = product[0] as bigint;
  // The latest coefficients, newest first; only as many as the recurrence reaches back to.
  const recent: bigint[] = [first];
  yield first;
  for (let n = 1; ; n++) {
    let sum = 0n;
    for (let j = 1; j < product.length && j <= n; j++) {
      const weight = (slope[j - 1] as bigint) - BigInt(n - j) * (product[j] as bigint);
      sum += weight * (recent[j - 1] as bigint);
    }
    const next = sum / (BigInt(n) * lead);
    recent.unshift(next);
    if (recent.length >= product.length) recent.pop();
    yield next;
  }
}

function multiplied(a: readonly bigint[], b: readonly bigint[]): bigint[] {
  const product = Array.from({ length: a.length + b.length - 1 }, () => 0n);
  for (const [i, x] of a.entries()) {
    for (const [j, y] of b.entries()) product[i + j] = (product[i + j] as bigint) + x * y;
  }
  return product;
}

const log10OfTwo = 0.3010299956639812;

function log10Whole(value: bigint): number {
  const bits = value.toString(16).length * 4;
  const dropped = Math.max(0, bits - 53);
  return log10(Number(value >> BigInt(dropped))) + dropped * log10OfTwo;
}
