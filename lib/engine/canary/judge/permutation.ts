import { CanaryError } from "../errors";

/** Items beyond which the exact null is not computed: time grows with their square in numbers as long as N. */
const mostItems = 2000;

/** A label's number of items that it was drawn for, and of answers that are it. */
export interface LabelCount {
  readonly drawn: number;
  readonly answered: number;
}

/**
 * P(X ≥ hits) where all labels were dealt to the items as one uniform permutation, the answers fixed: the null of a
 * rencontre problem with repeated cards. Σ over labels of the rook polynomial Σ_i C(d, i) C(s, i) i! x^i gives
 * E C(X, j) = r_j (N − j)!/N!, and P(X ≥ k) = Σ_{j ≥ k} (−1)^(j−k) C(j−1, k−1) E C(X, j) (Riordan, *An Introduction to
 * Combinatorial Analysis*, chapter 7). Whole numbers throughout: exact. Throws CanaryError "too-many-items" beyond 2,000.
 */
export function permutationTail(
  labels: readonly LabelCount[],
  items: number,
  hits: number,
): { readonly numerator: bigint; readonly denominator: bigint } {
  if (items > mostItems)
    throw new CanaryError(
      "too-many-items",
      `The exact null of permuted labels is computed for at most ${mostItems} items`,
    );
  if (hits <= 0) return { numerator: 1n, denominator: 1n };
  const rooks = rookNumbers(labels);
  // Σ (−1)^(j−k) C(j−1, k−1) r_j (N − j)!, over N!.
  let numerator = 0n;
  let choose = 1n;
  for (let j = hits; j < rooks.length; j++) {
    const term = choose * (rooks[j] as bigint) * factorial(items - j);
    numerator += (j - hits) % 2 === 0 ? term : -term;
    choose = (choose * BigInt(j)) / BigInt(j - hits + 1);
  }
  return { numerator, denominator: factorial(items) };
}

/** r_j: ways to place j non-attacking rooks on the squares where an answer would be a hit. */
function rookNumbers(labels: readonly LabelCount[]): bigint[] {
  let product: bigint[] = [1n];
  for (const { drawn, answered } of labels) {
    const most = Math.min(drawn, answered);
    if (most === 0) continue;
    const own: bigint[] = [1n];
    for (let i = 1; i <= most; i++) {
      own.push(((own[i - 1] as bigint) * BigInt(drawn - i + 1) * BigInt(answered - i + 1)) / BigInt(i));
    }
    const next = new Array<bigint>(product.length + most).fill(0n);
    for (const [i, x] of product.entries()) {
      for (const [j, y] of own.entries()) next[i + j] = (next[i + j] as bigint) + x * y;
    }
    product = next;
  }
  return product;
}

const factorials: bigint[] = [1n];
function factorial(n: number): bigint {
  while (factorials.length <= n) {
    factorials.push((factorials[factorials.length - 1] as bigint) * BigInt(factorials.length));
  }
  return factorials[n] as bigint;
}
