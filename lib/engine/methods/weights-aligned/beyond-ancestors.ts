import { bootstrapInterval, type Interval, median, ratioOf } from "../../statistics/bootstrap";
import { gramOf, type PartialFit, partialFit } from "../../statistics/regression";
import { exponentOf, unitAt } from "../../weights/number-grid";
import type { TensorFacts } from "./tensor-facts";

/** One matrix with the nearest ancestor B and the other ancestors taken out: o = O − B, s = S − B, m_k likewise. */
export interface Beyond {
  readonly facts: TensorFacts;
  /** Inner products with the other ancestors taken out of both. */
  readonly oo: number;
  readonly ss: number;
  readonly os: number;
  /** Plain inner products of the two differences. */
  readonly plain: { readonly oo: number; readonly ss: number; readonly os: number };
  /** Joint regression of s on {o, m_k} ("original"), and of o on {s, m_k} ("suspect"). */
  readonly joint: { readonly original: Joint; readonly suspect: Joint };
  /** Is rms(o) (or rms(s)) two units of the grid or more? */
  readonly moved: { readonly original: boolean; readonly suspect: boolean };
  /** Squared distances O–S, O–B, S–B. */
  readonly distances: { readonly pair: number; readonly original: number; readonly suspect: number };
}

export interface Joint {
  readonly alpha: number;
  /** Coefficients of the other ancestors, by their position in the input; null where absent or collinear. */
  readonly donors: readonly (number | null)[];
  /** Share of the square that the regression explains. */
  readonly explained: number;
}

const leastElements = 1024;

/**
 * The ancestor that both sides are nearest to, over the matrices that all have: the smallest mean of squared distances
 * to both over the squares of both. The choice does not depend on the order of the sides. −1 without any.
 */
export function nearestAncestor(facts: readonly TensorFacts[]): number {
  const count = Math.max(0, ...facts.map(({ counted }) => counted.ancestors.length));
  let [best, least] = [-1, Number.POSITIVE_INFINITY];
  for (let k = 0; k < count; k++) {
    let [sum, n] = [0, 0];
    for (const { counted } of facts) {
      const values = counted.ancestors[k];
      if (!values) continue;
      const { o, s } = counted;
      const size = squared(o, null) + squared(s, null);
      sum += size > 0 ? (squared(o, values) + squared(s, values)) / size : 0;
      n += 1;
    }
    // A tensor that an ancestor lacks counts as wholly different.
    const mean = n === 0 ? Number.POSITIVE_INFINITY : (sum + 2 * (facts.length - n)) / facts.length;
    if (mean < least) [best, least] = [k, mean];
  }
  return best;
}

function squared(a: Float32Array, b: Float32Array | null): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const x = (a[i] as number) - (b === null ? 0 : (b[i] as number));
    sum += x * x;
  }
  return sum;
}

/** Null for a vector, a small sample, or a tensor that the nearest ancestor lacks. */
export function beyondAncestors(facts: TensorFacts, nearest: number): Beyond | null {
  const { counted, matrix, n } = facts;
  const base = counted.ancestors[nearest];
  if (!matrix || n < leastElements || !base || counted.why === "not-finite") return null;
  const minus = (values: Float32Array) => values.map((x, i) => x - (base[i] as number));
  const [o, s] = [minus(counted.o), minus(counted.s)];
  const others = counted.ancestors.map((values, k) => (k === nearest || !values ? null : minus(values)));
  const present = others.filter((values) => values !== null);
  const gram = gramOf([...present, o, s]);
  const fit = partialFit(gram);
  const back = partialFit(gramOf([...present, s, o]));
  const at = (i: number, j: number) => gram.entries[i * gram.size + j] as number;
  const [io, is] = [present.length, present.length + 1];
  const plain = { oo: at(io, io), ss: at(is, is), os: at(io, is) };
  const units = { o: meanUnit2(counted.o, base, facts), s: meanUnit2(counted.s, base, facts) };
  const joint = ({ oo, os, others: found, explained }: PartialFit): Joint => {
    let next = 0;
    return {
      alpha: oo > 0 ? os / oo : 0,
      donors: others.map((values) => (values === null ? null : (found[next++] ?? null))),
      explained,
    };
  };
  return {
    facts,
    oo: fit.oo,
    ss: fit.ss,
    os: fit.os,
    plain,
    joint: { original: joint(fit), suspect: joint(back) },
    moved: { original: plain.oo / n >= 4 * units.o, suspect: plain.ss / n >= 4 * units.s },
    distances: { pair: squared(counted.o, counted.s), original: plain.oo, suspect: plain.ss },
  };
}

/** Mean square of the unit at the larger of |O| and |B|; of a quantised side the square of its steps. */
function meanUnit2(o: Float32Array, base: Float32Array, { counted: { grid, pair } }: TensorFacts): number {
  const steps = [pair.oSteps, pair.sSteps].filter((given) => given !== null);
  let sum = 0;
  for (let i = 0; i < o.length; i++) {
    let unit = 0;
    if (grid)
      unit = unitAt(exponentOf(Math.max(Math.abs(o[i] as number), Math.abs(base[i] as number))), grid);
    for (const step of steps) unit = Math.max(unit, Math.abs(step[i] as number));
    sum += unit * unit;
  }
  return sum / o.length;
}

/** ρ of one matrix: the smaller of the plain cosine of both differences and the one with other ancestors taken out. */
export function rhoOf({ oo, ss, os, plain }: Beyond): number {
  return Math.min(cosine(os, oo, ss), cosine(plain.os, plain.oo, plain.ss));
}

function cosine(os: number, oo: number, ss: number): number {
  return oo > 0 && ss > 0 ? os / Math.sqrt(oo * ss) : 0;
}

/** What the matrices that one side moved say of the other side's differences. */
export interface Direction {
  readonly eligible: number;
  readonly alpha: Interval | null;
  readonly alphaMedian: number | null;
  readonly partialR2: Interval | null;
  readonly rho: Interval | null;
  readonly rhoMedian: number | null;
  /** |s| / |o|, pooled. */
  readonly lengthRatio: number | null;
  /** Share of eligible matrices with ρ ≥ .5; with ρ·|s|/|o| > .8; and under the whole rule. */
  readonly rhoShare: number | null;
  readonly lengthShare: number | null;
  readonly ruleShare: number | null;
}

export const rhoRule = 0.5;
export const lengthRule = 0.8;
/** Fewer eligible matrices than this decide nothing. */
export const eligibleLeast = 8;

/**
 * `from` names the side whose differences explain: "original" regresses s on o, "suspect" o on s. ρ·|s|/|o| > .8 alone
 * satisfies the rule only where partial R² is above the panel of documented siblings (`panelR2`, null without one):
 * honest siblings on the same data reach α = 1.15 at ρ = .37.
 */
export function direction(
  all: readonly Beyond[],
  from: "original" | "suspect",
  draws: (n: number) => readonly Uint32Array[],
  panelR2: number | null,
): Direction {
  const used = all.filter((beyond) => beyond.moved[from]);
  const own = (b: Beyond) => (from === "original" ? b.oo : b.ss);
  const others = (b: Beyond) => (from === "original" ? b.ss : b.oo);
  if (used.length === 0) return nothing;
  const [os, oo, ss] = [used.map((b) => b.os), used.map(own), used.map(others)];
  const [pos, poo, pss] = [
    used.map((b) => b.plain.os),
    used.map((b) => b.plain.oo),
    used.map((b) => b.plain.ss),
  ];
  const indices = draws(used.length);
  const interval = (statistic: (chosen: ArrayLike<number>) => number) =>
    bootstrapInterval(used.length, indices, statistic);
  const pooledCosine = (xy: number[], xx: number[], yy: number[]) => (chosen: ArrayLike<number>) =>
    ratioOf(xy, xx)(chosen) * Math.sqrt(ratioOf(xx, yy)(chosen));
  const rho = used.map(rhoOf);
  const length = (b: Beyond) => (own(b) > 0 ? Math.sqrt(others(b) / own(b)) : 0);
  const long = used.map((b, i) => (rho[i] as number) * length(b) > lengthRule);
  const abovePanel = used.map((b) => panelR2 !== null && (b.os * b.os) / (b.oo * b.ss) > panelR2);
  const satisfied = rho.filter((value, i) => value >= rhoRule || (long[i] && abovePanel[i]));
  return {
    eligible: used.length,
    alpha: interval(ratioOf(os, oo)),
    alphaMedian: finite(median(used.map((b) => b.os / own(b)))),
    partialR2: interval((chosen) => {
      const r = pooledCosine(os, oo, ss)(chosen);
      return r * r;
    }),
    rho: interval(pooledCosine(pos, poo, pss)),
    rhoMedian: median(rho),
    lengthRatio: finite(Math.sqrt(sum(ss) / sum(oo))),
    rhoShare: rho.filter((value) => value >= rhoRule).length / used.length,
    lengthShare: long.filter(Boolean).length / used.length,
    ruleShare: satisfied.length / used.length,
  };
}

const nothing: Direction = {
  eligible: 0,
  alpha: null,
  alphaMedian: null,
  partialR2: null,
  rho: null,
  rhoMedian: null,
  lengthRatio: null,
  rhoShare: null,
  lengthShare: null,
  ruleShare: null,
};

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
