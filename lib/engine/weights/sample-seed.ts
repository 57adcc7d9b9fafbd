import { createHash } from "node:crypto";
import { canonicalJson, sha256Hex } from "../formats/canonical-json";
import type { PinnedRelease } from "../io/source/release";

/** SHA-256 (hex) over the listing of a release: paths, sizes and ids of its files. No name, no host. */
export function contentDigest(release: PinnedRelease): string {
  return sha256Hex(
    canonicalJson(
      release.files.map(({ path, size, gitOid, lfsSha256 }) => ({ path, size, gitOid, lfsSha256 })),
    ),
  );
}

/**
 * The seed of every sampled position of a pair: SHA-256 over both content digests and the nonce (hex). The digests are
 * put in order first, so that swapping the arguments reads the same positions and finds the same.
 */
export function pairSeed(a: string, b: string, nonce: string): string {
  const [first, second] = a < b ? [a, b] : [b, a];
  return sha256Hex(`slipmark/sample/v1\n${first}\n${second}\n${nonce}`);
}

/** A stream of pseudo-random whole numbers: SHA-256(seed ‖ label ‖ counter) in counter mode. The same on every machine. */
export class SeededStream {
  #counter = 0;
  #block: Buffer = Buffer.alloc(0);
  #at = 0;
  constructor(
    readonly seed: string,
    readonly label: string,
  ) {}

  /** 0 … 2^32 − 1. */
  uint32(): number {
    if (this.#at + 4 > this.#block.length) {
      this.#block = createHash("sha256").update(`${this.seed}\n${this.label}\n${this.#counter}`).digest();
      this.#counter += 1;
      this.#at = 0;
    }
    const value = this.#block.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  /** Uniform on 0 … n − 1, by rejection; 1 ≤ n ≤ 2^32. */
  below(n: number): number {
    const limit = Math.floor(4294967296 / n) * n;
    for (;;) {
      const value = this.uint32();
      if (value < limit) return value % n;
    }
  }

  /** A uniform permutation of 0 … n − 1 (Fisher–Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const kept = order[i] as number;
      order[i] = order[j] as number;
      order[j] = kept;
    }
    return order;
  }
}
