import { erf } from "../../statistics/elementary";
import { difference } from "./residual";
import type { AlignedStatistics } from "./schema";
import type { TensorFacts } from "./tensor-facts";

const bins = 64;
const reach = 4;

/**
 * The residual S − O of one matrix in 64 bins over ±4 standard deviations, beside what a normal residual of that size
 * would give: the matrix in the middle of those that differ, noisy ones first.
 */
export function residualOf(facts: readonly TensorFacts[]): AlignedStatistics["residual"] {
  const differing = facts.filter(({ matrix, change }) => matrix && change !== "equal" && change !== "none");
  const noisy = differing.filter(({ change }) => change === "noise");
  const among = noisy.length > 0 ? noisy : differing;
  const chosen = among[among.length >> 1];
  if (chosen === undefined) return null;
  const { pair, o, s } = chosen.counted;
  const d = difference(s, o, 1);
  let square = 0;
  for (const x of d) square += x * x;
  const sd = Math.sqrt(square / d.length);
  if (!(sd > 0)) return null;
  const counts = new Array<number>(bins).fill(0);
  for (const x of d) {
    const bin = Math.floor(((x / sd + reach) * bins) / (2 * reach));
    const at = Math.max(0, Math.min(bins - 1, bin));
    counts[at] = (counts[at] as number) + 1;
  }
  const below = (bin: number) =>
    bin === 0 ? 0 : bin === bins ? 1 : 0.5 * (1 + erf(((bin * 2 * reach) / bins - reach) / Math.SQRT2));
  return {
    tensor: { original: pair.original.name, suspect: pair.suspect.name },
    sigma: chosen.white?.isWhite ? chosen.white.sigma : null,
    sd,
    counts,
    expected: Array.from({ length: bins }, (_, bin) => d.length * (below(bin + 1) - below(bin))),
  };
}
