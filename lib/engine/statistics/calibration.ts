/**
 * False flags among pairs known to be unrelated: disjoint pairs of micro models (tests/zoo), each trained from its own
 * initialisation, judged at p ≤ 1e-6. Zero of n bounds the rate by 3/n with 95 % confidence. Under the null one row per
 * window meets its own index. Written by `npm run calibrate`; not to be edited.
 */
export const calibration = {
  independence: { observed: 0, of: 0, windows: 0, matched: 0 },
  invariant: { observed: 0, of: 0, windows: 0, matched: 0 },
  /** Of the invariant test, the pairs trained on one data set. */
  invariantSameData: { observed: 0, of: 0, windows: 0, matched: 0 },
  /** Most references that 2C found again between independent models, and of how many. */
  search: { most: 0, of: 0 },
} as const;
