export interface Scored {
  readonly score: number;
  readonly derived: boolean;
}

export interface Ranking {
  /** Probability that a derived pair scores higher than an independent one; ties count half. */
  readonly auc: number;
  /** Mean precision at each derived pair, from the highest score down; tied scores are taken together. */
  readonly averagePrecision: number;
  /** Share of the derived pairs above every independent one. */
  readonly recallAt0: number;
  /** … with at most 5 % of the independent pairs above. */
  readonly recallAt5: number;
}

export function ranking(scored: readonly Scored[]): Ranking {
  const levels = [...Map.groupBy(scored, ({ score }) => score)].sort(([a], [b]) => b - a);
  const derived = scored.filter((pair) => pair.derived).length;
  const independent = scored.length - derived;
  let [above, wrong, auc, precision, recallAt0, recallAt5] = [0, 0, 0, 0, 0, 0];
  for (const [, pairs] of levels) {
    const hits = pairs.filter((pair) => pair.derived).length;
    const misses = pairs.length - hits;
    auc += misses * (above + hits / 2);
    above += hits;
    wrong += misses;
    precision += hits * (above / (above + wrong));
    if (wrong === 0) recallAt0 = above / derived;
    if (wrong <= 0.05 * independent) recallAt5 = above / derived;
  }
  const shown = (value: number) => Math.round(value * 10_000) / 10_000;
  return {
    auc: shown(auc / (derived * independent)),
    averagePrecision: shown(precision / derived),
    recallAt0: shown(recallAt0),
    recallAt5: shown(recallAt5),
  };
}
