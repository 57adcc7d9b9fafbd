import { exp, log, log1p, logGamma } from "../../statistics/elementary";

const logPi = 1.1447298858494002;

/** Terms of the continued fraction: far more than degrees of freedom up to 10,000 need. */
const terms = 300;

/** ln of the density of Student's t with df degrees of freedom. */
export function logDensity(z: number, df: number): number {
  const scale = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * (log(df) + logPi);
  return scale - ((df + 1) / 2) * log1p((z * z) / df);
}

/**
 * ln P(T ≥ z), from ½ I_x(df/2, ½) with x = df/(df + z²) (Abramowitz & Stegun 26.7.1), never 0 however far out.
 * Relative error of P below 1e-11 for df ≤ 10,000.
 */
export function logSurvival(z: number, df: number): number {
  const square = z * z;
  if (square < (3 * df) / (df + 2)) {
    // Near the middle the fraction converges from the other end.
    const middle = square === 0 ? 0 : exp(logBetaTail(square / (df + square), 0.5, df / 2));
    return log(z < 0 ? 0.5 + 0.5 * middle : 0.5 - 0.5 * middle);
  }
  const tail = logBetaTail(df / (df + square), df / 2, 0.5) - Math.LN2;
  return z < 0 ? log1p(-exp(tail)) : tail;
}

/** ln I_x(a, b), 0 < x < (a + 1)/(a + b + 2). */
function logBetaTail(x: number, a: number, b: number): number {
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  return a * log(x) + b * log1p(-x) - logBeta - log(a) + log(betaFraction(x, a, b));
}

/** The continued fraction of the incomplete beta function (26.5.8), backwards from a fixed depth. */
function betaFraction(x: number, a: number, b: number): number {
  let value = 1;
  for (let m = terms; m >= 1; m--) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    value = 1 + even / (1 + odd / value);
  }
  return 1 / (1 + -((a + b) * x) / (a + 1) / value);
}
