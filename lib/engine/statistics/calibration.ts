/**
 * False flags among pairs known to be unrelated, written by `npm run calibrate` from the null runs (tests/null): disjoint
 * pairs of independently trained models, judged at p ≤ 1e-6. Zero of n bounds the rate by 3/n with 95 % confidence.
 */
export const calibration = {
  independence: { observed: 0, of: 0 },
  invariant: { observed: 0, of: 0 },
} as const;
