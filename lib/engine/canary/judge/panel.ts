import type { JointError } from "./agreement";
import { logTail, trialsOf } from "./poisson-binomial";

/**
 * The panel tail, descriptive: q_i = (a_i + h_i)/(w_i + 1), ln P(PB(q_i) ≥ Σh). It assumes that answers are independent
 * across items, which models of one trade are not, and has no threshold.
 */
export function panelTail(errors: readonly JointError[]): {
  readonly log: number;
  readonly expected: number;
} {
  const chances = errors.map(({ same, wrong, agrees }) => (same + agrees) / (wrong + 1));
  const agreeing = errors.reduce((sum, { agrees }) => sum + agrees, 0);
  const trials = trialsOf(chances);
  return {
    log: logTail(trials, agreeing),
    expected: trials.chance.reduce((sum, q, g) => sum + q * (trials.count[g] as number), 0),
  };
}
