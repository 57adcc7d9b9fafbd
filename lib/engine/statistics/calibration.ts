/**
 * False flags among pairs known to be unrelated: disjoint pairs of micro models (tests/zoo), each trained from its own
 * initialisation, judged at p ≤ 1e-6. Zero of n bounds the rate by 3/n with 95 % confidence. Under the null one row per
 * window meets its own index; distance is Kolmogorov and Smirnov's from uniform p, times √n (1.36 is passed by 95 %).
 * Written by `npm run calibrate`; not to be edited.
 */
export const calibration = {
  independence: { observed: 0, of: 200, windows: 3192, matched: 3196, distance: 0.43 },
  invariant: { observed: 0, of: 200, windows: 3192, matched: 3209, distance: 0.97 },
  /** Of the invariant test, the pairs trained on one data set. */
  invariantSameData: { observed: 0, of: 100, windows: 1600, matched: 1626, distance: 0.9 },
  /** Most references that 2C found again between independent models, and of how many. */
  search: { most: 12, of: 64 },
} as const;
