/**
 * Seeded numbers that are the same on every machine: whole-number mixing, and + − × ÷ √ only.
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand), seeded through 32-bit FNV-1a of a text.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;
  #spare: number | null = null;

  constructor(seed: string) {
    this.#a = fnv(`a:${seed}`);
    this.#b = fnv(`b:${seed}`);
    this.#c = fnv(`c:${seed}`);
    for (let i = 0; i < 16; i++) this.uint32();
  }

  uint32(): number {
    const sum = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }

  /** Uniform on [0, 1). */
  unit(): number {
    return (this.uint32() + 0.5) / 4294967296;
  }

  /** Uniform on 0 … n − 1. */
  below(n: number): number {
    return Math.floor((this.uint32() / 4294967296) * n);
  }

  /** Standard normal: Marsaglia's polar method. */
  normal(): number {
    if (this.#spare !== null) {
      const kept = this.#spare;
      this.#spare = null;
      return kept;
    }
    for (;;) {
      const x = 2 * this.unit() - 1;
      const y = 2 * this.unit() - 1;
      const s = x * x + y * y;
      if (s > 0 && s < 1) {
        const factor = Math.sqrt((-2 * naturalLog(s)) / s);
        this.#spare = y * factor;
        return x * factor;
      }
    }
  }

  permutation(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }

  /** An index, with the given weights (their sum is `total`). */
  weighted(weights: readonly number[], total: number): number {
    let left = this.unit() * total;
    for (let i = 0; i < weights.length - 1; i++) {
      left -= weights[i]!;
      if (left < 0) return i;
    }
    return weights.length - 1;
  }
}

function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}

/** ln x for finite x > 0: x = m · 2^e with m in [√½, √2), then ln m = 2 artanh((m − 1)/(m + 1)) as a series. */
export function naturalLog(x: number): number {
  let m = x;
  let e = 0;
  while (m >= Math.SQRT2) {
    m /= 2;
    e += 1;
  }
  while (m < Math.SQRT1_2) {
    m *= 2;
    e -= 1;
  }
  const z = (m - 1) / (m + 1);
  const zz = z * z;
  let sum = 0;
  for (let k = 23; k >= 1; k -= 2) sum = sum * zz + 1 / k;
  return 2 * z * sum + e * Math.LN2;
}
