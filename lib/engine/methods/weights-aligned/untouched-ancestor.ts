import type { CountedPair } from "../../weights/counted";
import { type Change, type TensorFacts, tensorFacts } from "./tensor-facts";

const copies: ReadonlySet<Change> = new Set(["equal", "recast", "pruned", "quantised", "rescaled", "noise"]);
const most = 0.5;

/**
 * Are both sides untrained copies (quantised, pruned, with noise …) of given ancestors? Then they resemble each other as
 * copies do, and neither comes from the other. Judged as the pair itself is.
 */
export function copyAncestors(facts: readonly TensorFacts[], ancestors: number): boolean {
  const matrices = facts.filter(({ matrix }) => matrix);
  return (["original", "suspect"] as const).every((side) => {
    for (let k = 0; k < ancestors; k++) {
      const held = matrices.flatMap(({ counted }) => {
        const values = counted.ancestors[k];
        return values ? [{ counted, values }] : [];
      });
      const copied = held.filter(({ counted, values }) =>
        copies.has(tensorFacts(beside(counted, values, side)).change),
      );
      if (held.length > 0 && copied.length >= most * matrices.length) return true;
    }
    return false;
  });
}

/** The ancestor in the original's place, and the side in the suspect's. */
function beside(counted: CountedPair, ancestor: Float32Array, side: "original" | "suspect"): CountedPair {
  const { pair } = counted;
  const tensor = pair[side];
  const [stored, values, steps] =
    side === "original" ? [pair.o, counted.o, pair.oSteps] : [pair.s, counted.s, pair.sSteps];
  return {
    ...counted,
    pair: { ...pair, original: tensor, suspect: tensor, o: ancestor, s: stored, oSteps: null, sSteps: steps },
    o: ancestor,
    s: values,
  };
}
