import { permutationTail } from "@/lib/engine/canary/judge/permutation";
import { rankP } from "@/lib/engine/canary/judge/rank";
import { logSecretP } from "@/lib/engine/canary/judge/secret";
import { gaussian, permutation, uniform } from "./synthetic-models";

/**
 * p_secret of models that know nothing: items of 16, 26 and 64 options, a suspect that answers as it likes (here mostly
 * the first option of all), labels drawn afterwards.
 */
export function secretDraws(draws: number, seed: number): number[] {
  const next = uniform(seed);
  const options = Array.from({ length: 90 }, (_, item) => [16, 26, 64][item % 3] as number);
  const answers = options.map((count) => (next() < 0.7 ? 0 : Math.floor(next() * count)));
  const tail = options.map((_, hits) => Math.exp(logSecretP(options, hits)));
  return Array.from({ length: draws }, () => {
    const hits = options.reduce(
      (sum, count, item) => sum + (Math.floor(next() * count) === answers[item] ? 1 : 0),
      0,
    );
    return tail[hits] as number;
  });
}

/** The permutation null: 60 items, twelve labels dealt unevenly, a suspect with favourites. */
export function permutedDraws(draws: number, seed: number): number[] {
  const next = uniform(seed);
  const dealt = Array.from({ length: 60 }, (_, item) => Math.floor(Math.sqrt(item * 2.4)));
  const answers = dealt.map(() => Math.floor(12 * next() * next()));
  const counts = Array.from({ length: 12 }, (_, label) => ({
    drawn: dealt.filter((one) => one === label).length,
    answered: answers.filter((one) => one === label).length,
  }));
  const tail = Array.from({ length: 61 }, (_, hits) => {
    const { numerator, denominator } = permutationTail(counts, 60, hits);
    return Number((numerator * 10n ** 18n) / denominator) / 1e18;
  });
  return Array.from({ length: draws }, (_, draw) => {
    const order = permutation(seed * 1_000_003 + draw, 60);
    const hits = order.reduce((sum, from, item) => sum + (dealt[from] === answers[item] ? 1 : 0), 0);
    return tail[hits] as number;
  });
}

/** p_rank of a suspect that is one of the crowd, with ties. */
export function rankDraws(draws: number, references: number, seed: number): number[] {
  const next = gaussian(seed);
  const one = () => ({ numerator: Math.round(40 + 8 * next()), denominator: 100 });
  return Array.from({ length: draws }, () => rankP(one(), Array.from({ length: references }, one)).p);
}
