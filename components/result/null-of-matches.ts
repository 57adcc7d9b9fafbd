import { rencontres } from "@/lib/engine/statistics/rencontres";

/**
 * The law of the number of rows at their own index under the null, as drawn: [count, probability] around its mean
 * (one a window). Float64 is enough for a picture; the p-value itself is computed exactly by the engine.
 */
export function nullOfMatches(sizes: readonly number[]): readonly (readonly [number, number])[] {
  const most = sizes.reduce((sum, size) => sum + size, 0);
  const reach = Math.min(most, Math.ceil(sizes.length + 8 * Math.sqrt(sizes.length) + 8));
  let law = new Float64Array(reach + 1);
  law[0] = 1;
  for (const size of sizes) {
    const numbers = rencontres(size).map(Number);
    const all = numbers.reduce((sum, value) => sum + value, 0);
    const next = new Float64Array(reach + 1);
    for (let k = 0; k <= reach; k++) {
      for (let own = 0; own <= Math.min(size, k); own++) {
        next[k] = (next[k] as number) + ((law[k - own] as number) * (numbers[own] as number)) / all;
      }
    }
    law = next;
  }
  return [...law].map((probability, count) => [count, probability] as const);
}
