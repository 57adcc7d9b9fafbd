import type { CountedRuns } from "../../weights/counted";
import type { Ancestry } from "./ancestry";
import { rhoOf } from "./beyond-ancestors";
import type { AlignedStatistics } from "./schema";
import type { TensorFacts } from "./tensor-facts";

const rowsShown = 2000;

/** Where each tensor of the suspect comes from, as far as its sample tells: one row a pair, matrices first when cut. */
export function tensorMapOf(
  all: readonly TensorFacts[],
  pairs: CountedRuns["pairs"],
  ancestry: Ancestry | null,
): AlignedStatistics["tensorMap"] {
  const beyond = new Map(ancestry?.beyond.map((found) => [found.facts, found]));
  const shown =
    all.length <= rowsShown
      ? all
      : [...all.filter(({ matrix }) => matrix), ...all.filter(({ matrix }) => !matrix)].slice(0, rowsShown);
  const position = new Map(pairs.map((pair, index) => [pair, index]));
  return [...shown]
    .sort((a, b) => (position.get(a.counted) ?? 0) - (position.get(b.counted) ?? 0))
    .map((fact) => {
      const { pair, why, heldBy } = fact.counted;
      const found = beyond.get(fact);
      return {
        original: pair.original.name,
        suspect: pair.suspect.name,
        group: pair.group,
        layer: pair.suspect.place.layer,
        change: fact.change,
        leftOut: why,
        equal: fact.equal,
        cosine: fact.cosine,
        ancestor: heldBy.suspect[0] ?? null,
        alpha: found?.moved.original ? found.joint.original.alpha : null,
        rho: found && (found.moved.original || found.moved.suspect) ? rhoOf(found) : null,
      };
    });
}
