import { type Coded, jointErrors, tableOf } from "@/lib/engine/canary/judge/agreement";
import { logMixture } from "@/lib/engine/canary/judge/mixture";
import { panelTail } from "@/lib/engine/canary/judge/panel";
import { SuccessCount } from "@/lib/engine/canary/judge/poisson-binomial";
import { rankP } from "@/lib/engine/canary/judge/rank";
import {
  expectedTrials,
  type KnownUnrelated,
  momentsOf,
  shiftsOf,
  type Width,
  widthByPairs,
} from "@/lib/engine/canary/judge/robust";
import { Items, type Trade } from "./canary-models";

/** Widths of the law of one more shift that were tried (docs/adr/0022). */
export const widths: Readonly<Record<string, Width>> = {
  "pairs, df = families": widthByPairs,
  "pairs, df = families − 1": ({ sd, pairs, families }) => ({
    tau: sd * Math.sqrt(1 + 1 / pairs),
    df: Math.max(families - 1, 1),
  }),
  "families, df = families": ({ sd, families }) => ({ tau: sd * Math.sqrt(1 + 1 / families), df: families }),
  "families, df = families − 1": ({ sd, families }) => ({
    tau: sd * Math.sqrt(1 + 1 / families),
    df: Math.max(families - 1, 1),
  }),
};

export interface PanelOptions {
  readonly trade: Trade;
  readonly references: number;
  /** References of one family: variants that keep three of five answers of one model. 1: all independent. */
  readonly perFamily?: number;
  /** Whether one member of each family speaks for it, as in a judgement, or every member counts as a model. */
  readonly everyMember?: boolean;
  readonly panels: number;
  /** Suspects held against each panel. */
  readonly suspects: number;
  readonly seed: number;
  /** Share of answers that original and suspect inherit from a base that the references do not have. */
  readonly sharedBase?: number;
  /** References that have that base too, and alone tell what pairs do. */
  readonly matched?: number;
}

/** p-values of innocent suspects, by statistic. */
export interface PanelDraws {
  readonly robust: Readonly<Record<string, readonly number[]>>;
  readonly rank: readonly number[];
  readonly panel: readonly number[];
  /** Share of joint errors that agree, over all pairs with the original: mean and sd. */
  readonly agreement: { readonly mean: number; readonly sd: number };
}

/** Unrelated suspects held against panels of unrelated references. */
export function panelDraws(options: PanelOptions): PanelDraws {
  const { trade, references, panels, suspects, seed, sharedBase = 0, matched = 0, perFamily = 1 } = options;
  const { everyMember = false } = options;
  const robust: Record<string, number[]> = Object.fromEntries(Object.keys(widths).map((name) => [name, []]));
  const rank: number[] = [];
  const panel: number[] = [];
  const shares: number[] = [];
  for (let at = 0; at < panels; at++) {
    const items = new Items(trade, seed + at);
    const base = sharedBase > 0 ? items.model() : undefined;
    const original = items.model(base, sharedBase);
    const heads = Array.from({ length: Math.ceil(references / perFamily) }, () => items.model());
    const known: KnownUnrelated[] = heads.flatMap((head) => {
      if (perFamily === 1) return [{ coded: head, counts: matched === 0 }];
      const members = Array.from({ length: perFamily }, () => items.model(head, 0.6));
      const heard = everyMember ? members : [closestTo(original, members)];
      return heard.map((coded) => ({ coded, counts: matched === 0 }));
    });
    for (let k = 0; k < matched; k++) {
      known.push({ coded: items.model(base, sharedBase), counts: true });
    }
    const shifts = shiftsOf(original, known).map(({ shift }) => shift);
    const { mean, sd } = momentsOf(shifts);
    const counting = known.filter(({ counts }) => counts);
    const spread = { sd, pairs: shifts.length, families: counting.length };
    const codes = known.map(({ coded }) => coded);
    const peers = counting.map(({ coded }) => closeness(original, coded));
    for (let n = 0; n < suspects; n++) {
      const suspect = items.model(base, sharedBase);
      const errors = jointErrors(original, suspect, codes);
      const table = tableOf(errors, codes.length);
      const count = new SuccessCount(expectedTrials(table), table.agreeing);
      for (const [name, width] of Object.entries(widths)) {
        const { tau, df } = width(spread);
        robust[name]?.push(Math.exp(logMixture(count, mean, tau, df)));
      }
      const own = closeness(original, suspect);
      rank.push(rankP(own, peers).p);
      panel.push(Math.exp(panelTail(errors).log));
      shares.push(own.numerator / Math.max(own.denominator - 1, 1));
    }
  }
  return { robust, rank, panel, agreement: momentsOf(shares) };
}

function closestTo(original: Coded, members: readonly Coded[]): Coded {
  const share = (member: Coded) => {
    const { numerator, denominator } = closeness(original, member);
    return numerator / denominator;
  };
  return members.reduce((best, member) => (share(member) > share(best) ? member : best));
}

function closeness(original: Coded, model: Coded) {
  const errors = jointErrors(original, model, []);
  const same = errors.reduce((sum, { agrees }) => sum + agrees, 0);
  return { numerator: same, denominator: errors.length + 1 };
}

/** P(p ≤ α) as measured. */
export function rateAt(values: readonly number[], alpha: number): number {
  return values.filter((p) => p <= alpha * (1 + 1e-12)).length / values.length;
}

/** What chance may reach: α and four standard errors. */
export function boundAt(alpha: number, n: number): number {
  return alpha + 4 * Math.sqrt((alpha * (1 - alpha)) / n);
}

/** Joint errors of two models, at most so many, and how many of them agree. */
export function agreementsOf(a: Coded, b: Coded, most: number): { readonly n: number; readonly x: number } {
  const errors = jointErrors(a, b, []).slice(0, most);
  return { n: errors.length, x: errors.reduce((sum, { agrees }) => sum + agrees, 0) };
}
