import type { Coded } from "@/lib/engine/canary/judge/agreement";
import { uniform } from "./synthetic-models";

/**
 * Models that answer items of one set, unrelated but of one trade: some wrong answers are popular, schools of models have
 * favourites of their own, and a model follows several schools to a degree. So pairs differ in how far they agree.
 */
export interface Trade {
  readonly items: number;
  /** Different wrong answers of an item. */
  readonly distractors: number;
  /** Schools with favourites of their own; more concentrated mixtures make pairs differ more. */
  readonly schools: number;
  readonly concentration: number;
  /** Chance that a wrong answer is the item's popular one, and that it is the school's favourite. */
  readonly popular: number;
  readonly favourite: number;
  /** Mean chance of being wrong; models and items differ in it. */
  readonly wrong: number;
}

/** Multiple choice: about .6 of joint errors agree, with an sd near .1 between pairs. */
export const choice: Trade = {
  items: 300,
  distractors: 3,
  schools: 6,
  concentration: 0.6,
  popular: 0.55,
  favourite: 0.3,
  wrong: 0.4,
};

/** Reading characters: about a tenth of joint errors agree, and pairs differ by a factor. */
export const reading: Trade = {
  items: 400,
  distractors: 60,
  schools: 5,
  concentration: 0.5,
  popular: 0.12,
  favourite: 0.35,
  wrong: 0.5,
};

/** The same trade with schools that pull much harder. */
export const divided: Trade = { ...choice, popular: 0.3, favourite: 0.6, concentration: 0.3 };

/** Every model follows one school alone: most pairs agree as strangers, one in eight nearly as siblings. */
export const clans: Trade = { ...choice, schools: 8, popular: 0.3, favourite: 0.45, concentration: 0.02 };

/** The items of one set as a trade sees them, and what any model of it answers. */
export class Items {
  readonly #trade: Trade;
  readonly #next: () => number;
  readonly #difficulty: Float64Array;
  readonly #popular: Int32Array;
  readonly #favourites: Int32Array[];

  constructor(trade: Trade, seed: number) {
    this.#trade = trade;
    this.#next = uniform(seed);
    const { items, schools } = trade;
    this.#difficulty = Float64Array.from({ length: items }, () => 0.25 + 1.5 * this.#next());
    this.#popular = Int32Array.from({ length: items }, () => this.#any());
    this.#favourites = Array.from({ length: schools }, () =>
      Int32Array.from({ length: items }, () => this.#any()),
    );
  }

  /** A model that has nothing to do with any other. `base`: with chance `inherits` it answers as its base does. */
  model(base?: Coded, inherits = 0): Coded {
    const { items, wrong, popular, favourite } = this.#trade;
    const ability = 0.6 + 0.8 * this.#next();
    const mixture = this.#mixture();
    return Int32Array.from({ length: items }, (_, item) => {
      if (base !== undefined && this.#next() < inherits) return base[item] as number;
      const chance = Math.min(wrong * ability * (this.#difficulty[item] as number), 0.95);
      if (this.#next() >= chance) return 0;
      const u = this.#next();
      if (u < popular) return this.#popular[item] as number;
      if (u < popular + favourite) return this.#favourites[this.#drawn(mixture)]?.[item] as number;
      return this.#any();
    });
  }

  /** A copy that keeps each answer of the original with chance `keeps`. */
  copy(original: Coded, keeps: number): Coded {
    return this.model(original, keeps);
  }

  #any(): number {
    return 1 + Math.floor(this.#next() * this.#trade.distractors);
  }

  /** Weights u^(1/c), scaled to 1: most on few schools where the concentration c is small. */
  #mixture(): Float64Array {
    const weights = Float64Array.from(
      { length: this.#trade.schools },
      () => this.#next() ** (1 / this.#trade.concentration),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => weight / sum);
  }

  #drawn(mixture: Float64Array): number {
    let u = this.#next();
    for (let school = 0; school < mixture.length; school++) {
      u -= mixture[school] as number;
      if (u < 0) return school;
    }
    return mixture.length - 1;
  }
}
