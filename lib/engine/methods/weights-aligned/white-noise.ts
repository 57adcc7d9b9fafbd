import type { CountedPair } from "../../weights/counted";
import { gridOf } from "../../weights/number-grid";
import { binadesOf, fitNoise, type NoiseFit } from "./noise-law";
import { difference, residualShape } from "./residual";

/** How much one side looks like the other with white noise added. */
export interface WhiteNoise {
  readonly isWhite: boolean;
  /** The side that carries the noise: the other one explains it with a factor nearer to 1. */
  readonly side: "original" | "suspect";
  /** Standard deviation of the noise: by the noise law where equal values tell it, else from the residual less its rounding. */
  readonly sigma: number;
  readonly sd: number;
  readonly kurtosis: number;
  /** What rounding alone makes of the kurtosis of noise of this size. */
  readonly kurtosisExpected: number;
  readonly edge: number | null;
  readonly edgeLimit: number;
  readonly fit: NoiseFit | null;
}

const kurtosisSlack = 0.1;
/** Where fewer values are equal than this, noise is larger than the unit, and its variance tells σ more exactly. */
const lawLeast = 0.2;

/** The better of both directions; white in either is white, so that swapping the sides changes nothing. */
export function whiteNoise(counted: CountedPair): WhiteNoise {
  const { pair, o, s, grid } = counted;
  const finer = (dtype: string) => (gridOf(dtype)?.fraction ?? 0) > (grid?.fraction ?? 0);
  const onSuspect = around(counted, o, s, finer(pair.original.dtype));
  const onOriginal = around(counted, s, o, finer(pair.suspect.dtype));
  const suspectFirst = onSuspect.away <= onOriginal.away;
  if (onSuspect.white.isWhite !== onOriginal.white.isWhite)
    return onSuspect.white.isWhite
      ? { ...onSuspect.white, side: "suspect" }
      : { ...onOriginal.white, side: "original" };
  return suspectFirst ? { ...onSuspect.white, side: "suspect" } : { ...onOriginal.white, side: "original" };
}

function around({ pair, grid }: CountedPair, centre: Float32Array, other: Float32Array, offset: boolean) {
  const { rows, cols } = pair.at;
  let [cc, oc] = [0, 0];
  for (let i = 0; i < centre.length; i++) {
    cc += (centre[i] as number) * (centre[i] as number);
    oc += (centre[i] as number) * (other[i] as number);
  }
  const lambda = oc / cc;
  const away = Math.abs(lambda - 1);
  const d = difference(other, centre, away < 0.02 ? 1 : lambda);
  const shape = residualShape(d, rows, cols);
  const n = d.length;
  const binades = grid && grid.fraction < 23 ? binadesOf(centre, other, grid) : [];
  // A block with structure is not white, whatever the law would say: the fit is spared.
  const flat = shape.edge === null || shape.edge < shape.edgeLimit;
  const fit = flat ? betterFit(binades, offset, shape.moment2) : null;
  const kurtosis = shape.moment4 / (shape.moment2 * shape.moment2) - 3;
  const kurtosisExpected = fit ? fit.moment4 / (fit.moment2 * fit.moment2) - 3 : 0;
  // The sampling error of a kurtosis is √(24/n) for normal values and grows with the tails that rounding makes.
  const heavier = Math.max(1, (kurtosisExpected + 3) / 3);
  const slack = Math.max(kurtosisSlack, 4.5 * Math.sqrt(24 / n)) * heavier * Math.sqrt(heavier);
  // σ² from k equal values is known to 2/√k.
  const sampling = 1.1 + (fit ? 8 / Math.sqrt(Math.max(1, fit.observed)) : 0);
  const lawful =
    fit === null ||
    (fit.deviance <= fit.degrees + 5 * Math.sqrt(2 * fit.degrees + 1) &&
      shape.moment2 <= sampling * fit.moment2 &&
      fit.moment2 <= sampling * shape.moment2);
  const isWhite = lawful && n >= 256 && flat && Math.abs(kurtosis - kurtosisExpected) <= slack;
  const sd = Math.sqrt(shape.moment2);
  const white = {
    isWhite,
    sigma:
      fit && fit.observed >= lawLeast * n ? fit.sigma : lessRounding(shape.moment2, centre, binades, offset),
    sd,
    kurtosis,
    kurtosisExpected,
    edge: shape.edge,
    edgeLimit: shape.edgeLimit,
    fit,
  };
  return { white, away };
}

/**
 * Noise may have been added to values stored more finely than the centre that was published: where the law on the grid
 * does not fit, the law with a uniform offset is tried as well.
 */
function betterFit(binades: ReturnType<typeof binadesOf>, offset: boolean, moment2: number): NoiseFit | null {
  const fit = fitNoise(binades, offset, moment2);
  if (fit === null || offset || fit.deviance <= fit.degrees + 3 * Math.sqrt(2 * fit.degrees + 1)) return fit;
  const other = fitNoise(binades, true, moment2);
  return other !== null && other.deviance < fit.deviance ? other : fit;
}

/** σ from a second moment that holds the variance of rounding (u²/12, twice where both sides were rounded) as well. */
function lessRounding(
  moment2: number,
  centre: Float32Array,
  binades: ReturnType<typeof binadesOf>,
  offset: boolean,
): number {
  const rounding = binades.reduce((sum, { unit, n }) => sum + (n * unit * unit) / (offset ? 6 : 12), 0);
  return Math.sqrt(Math.max(0, moment2 - rounding / centre.length));
}
