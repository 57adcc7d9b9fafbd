import { logTail, trialsOf } from "./poisson-binomial";

/**
 * ln p_secret: P(X ≥ hits) where each committed item is hit with chance 1/options by whoever does not know the target.
 * Exact whatever the answers are, because the targets are drawn after them or independently of them. Items that nobody
 * opened are misses and have as few options as the terms allow.
 */
export function logSecretP(options: Iterable<number>, hits: number): number {
  const chances: number[] = [];
  for (const count of options) chances.push(1 / count);
  return logTail(trialsOf(chances), hits);
}
