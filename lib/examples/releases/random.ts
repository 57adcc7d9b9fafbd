import { createHash } from "node:crypto";

/** Reproducible numbers from a seed text: the same on every machine, no floating-point function involved. */
export interface Random {
  /** Integer in [0, 2^32). */
  word(): number;
  /** Integer in [0, below). */
  below(limit: number): number;
  /** Close to a standard normal (sum of twelve uniforms, less six): exact in binary64. */
  normal(): number;
}

/** xoshiro128** (Blackman and Vigna, 2018), its state from SHA-256 of the seed text. */
export function seededRandom(seed: string): Random {
  const digest = createHash("sha256").update(seed).digest();
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let d = digest.readUInt32LE(12) | 1;
  const rotate = (x: number, k: number) => (x << k) | (x >>> (32 - k));
  const word = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  };
  return {
    word,
    below: (limit) => Math.floor((word() / 2 ** 32) * limit),
    normal() {
      // Two 16-bit uniforms from each word; every partial sum is a multiple of 2^-16 below 2^5.
      let sum = 0;
      for (let index = 0; index < 6; index += 1) {
        const bits = word();
        sum += (bits & 0xffff) + (bits >>> 16);
      }
      return (sum + 6) / 65_536 - 6;
    },
  };
}

/** A permutation of the items (Fisher and Yates). */
export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = random.below(index + 1);
    [result[index], result[other]] = [result[other] as Item, result[index] as Item];
  }
  return result;
}
