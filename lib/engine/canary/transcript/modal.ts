import { normalise } from "../normalise";

/** What the repeats of one item come to. */
export interface ModalAnswer {
  readonly id: string;
  /** The answer of at least two thirds of the repeats, as the most of them wrote it; "" when blank or unstable. */
  readonly answer: string;
  /** False when no answer has two thirds. */
  readonly stable: boolean;
  /** Repeats that gave the most frequent answer, and all of them. */
  readonly agreeing: number;
  readonly repeats: number;
}

/**
 * Modal answer over the repeats of an item. Answers agree when normalisation n1 makes them one, as "Crane." and "crane";
 * the writing that is kept is the most frequent one, the earliest of equals.
 */
export function modalAnswer(id: string, answers: readonly string[]): ModalAnswer {
  const groups = new Map<string, Map<string, number>>();
  for (const answer of answers) {
    const key = normalise(answer);
    const writings = groups.get(key) ?? new Map<string, number>();
    writings.set(answer, (writings.get(answer) ?? 0) + 1);
    groups.set(key, writings);
  }
  let agreeing = 0;
  let best: ReadonlyMap<string, number> = new Map();
  for (const writings of groups.values()) {
    const count = [...writings.values()].reduce((sum, one) => sum + one, 0);
    if (count > agreeing) [agreeing, best] = [count, writings];
  }
  const stable = answers.length > 0 && 3 * agreeing >= 2 * answers.length;
  return { id, answer: stable ? mostFrequent(best) : "", stable, agreeing, repeats: answers.length };
}

function mostFrequent(writings: ReadonlyMap<string, number>): string {
  let found = "";
  let most = 0;
  for (const [writing, count] of writings) if (count > most) [found, most] = [writing, count];
  return found;
}
