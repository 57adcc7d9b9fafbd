import type { CodeIndex } from "./code-index";
import { gramLength } from "./grams";

/** What a run counts that nobody else is known to have. Divisible by 2, 3, 4, 5 and 6. */
export const fullWeight = 240;

/** In how many known places a run occurs, 0 for none: asked with its hash. */
export type Commonness = (hash: number) => number;

/**
 * Weight of every token: the mean weight of the runs it stands in; a run that k others have counts 1/(1+b), b being the
 * number of binary digits of k (1 for 1, 2 for 2–3, 3 for 4–7 …): with a hundred others, an eighth. What a unit repeats counts once: a table of data is no program.
 * A token that stands in no run (units shorter than a run) counts nothing: of those nobody can tell.
 */
export function tokenWeights(index: CodeIndex, commonness: Commonness): Uint16Array {
  const grams = gramWeights(index, commonness);
  const weights = new Uint16Array(grams.length);
  for (const { from, to } of index.units) {
    if (to - from < gramLength) continue;
    let sum = 0;
    const last = to - gramLength;
    for (let at = from; at < to; at++) {
      if (at <= last) sum += grams[at] as number;
      const gone = at - gramLength;
      if (gone >= from) sum -= grams[gone] as number;
      const count = Math.min(at, last) - Math.max(from, at - gramLength + 1) + 1;
      weights[at] = Math.floor(sum / count);
    }
  }
  return weights;
}

/** Weight of the run that starts at each token: each run is asked for once, and counts where a unit has it first. */
function gramWeights({ symbols, order, hashes, unitOf }: CodeIndex, commonness: Commonness): Uint16Array {
  const grams = new Uint16Array(symbols.length);
  let [last, lastUnit, weight] = [-1, -1, 0];
  for (let i = 0; i < order.length; i++) {
    const [at, hash] = [order[i] as number, hashes[i] as number];
    const unit = unitOf[at] as number;
    if (hash !== last) weight = Math.floor(fullWeight / (33 - Math.clz32(commonness(hash))));
    else if (unit === lastUnit) continue;
    grams[at] = weight;
    [last, lastUnit] = [hash, unit];
  }
  return grams;
}

/** Nor does a token count that an ancestor explains. */
export function withoutExplained(weights: Uint16Array, explained: Uint8Array): Uint16Array {
  const left = new Uint16Array(weights.length);
  for (let at = 0; at < left.length; at++) if (explained[at] === 0) left[at] = weights[at] as number;
  return left;
}
