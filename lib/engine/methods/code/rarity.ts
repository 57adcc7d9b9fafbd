import type { CodeIndex } from "./code-index";
import { gramLength } from "./grams";

/** What a run counts that nobody else is known to have. Divisible by 2, 3, 4, 5 and 6. */
export const fullWeight = 240;

/** In how many known places a run occurs, 0 for none: asked with its hash. */
export type Commonness = (hash: number) => number;

/**
 * Weight of every token: the mean weight of the runs it stands in; a run that k others have counts 1/(1+b), b being the
 * number of binary digits of k (1 for 1, 2 for 2–3, 3 for 4–7 …): with a hundred others, an eighth. What a unit repeats counts once: a table of data is no program.
 * A token that stands in no run (units shorter than a run) counts nothing: of those nobody can tell. Nor does one
 * that an ancestor explains.
 */
export function tokenWeights(index: CodeIndex, commonness: Commonness, explained: Uint8Array): Uint16Array {
  const weights = new Uint16Array(index.symbols.length);
  const grams = new Uint16Array(index.symbols.length);
  for (const { from, to } of index.units) {
    if (to - from < gramLength) continue;
    const seen = new Set<number>();
    for (let at = from; at <= to - gramLength; at++) {
      const hash = index.hashes[at] as number;
      if (seen.has(hash)) continue;
      seen.add(hash);
      grams[at] = Math.floor(fullWeight / (33 - Math.clz32(commonness(hash))));
    }
    let sum = 0;
    const last = to - gramLength;
    for (let at = from; at < to; at++) {
      if (at <= last) sum += grams[at] as number;
      const gone = at - gramLength;
      if (gone >= from) sum -= grams[gone] as number;
      const count = Math.min(at, last) - Math.max(from, at - gramLength + 1) + 1;
      weights[at] = explained[at] === 1 ? 0 : Math.floor(sum / count);
    }
  }
  return weights;
}
