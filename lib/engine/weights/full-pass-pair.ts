import { type CentralSums, mergeCentral } from "../kernels";
import type { UnitResult } from "../kernels/unit";

/** Sums over all elements that both tensors of a pair have; the layout is that of UnitResult.pairs. */
export interface PairPass {
  readonly sums: Float64Array;
  /** Of suspect minus original. */
  readonly difference: CentralSums;
  readonly products: Float64Array;
}

/** Sums of a pair, put together in the order of the chunks. */
export class PairSums {
  readonly #sums = new Float64Array(7);
  readonly #difference: CentralSums = new Float64Array(5);
  #products: Float64Array | null = null;
  #missing = false;

  take(chunks: UnitResult["pairs"] | null): void {
    if (chunks === null) this.#missing = true;
    for (const chunk of chunks ?? []) {
      for (let i = 0; i < 7; i++) this.#sums[i] = (this.#sums[i] as number) + (chunk[i] as number);
      mergeCentral(this.#difference, chunk.slice(7, 12));
      this.#products ??= new Float64Array(chunk.length - 12);
      for (let i = 0; i < this.#products.length; i++) {
        this.#products[i] = (this.#products[i] as number) + (chunk[12 + i] as number);
      }
    }
  }

  /** Null where bytes were missing or there was nothing to compare. */
  finish(): PairPass | null {
    if (this.#missing || this.#sums[0] === 0) return null;
    return {
      sums: this.#sums,
      difference: this.#difference,
      products: this.#products ?? new Float64Array(),
    };
  }
}
