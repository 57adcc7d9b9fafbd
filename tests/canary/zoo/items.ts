import type { CanaryItem } from "@/lib/engine/canary";
import { lexicon } from "@/tests/zoo/data/corpus";
import { Random } from "@/tests/zoo/trainer/random";

export type ZooItem = Required<Pick<CanaryItem, "id" | "prompt" | "options">>;

/** Options of each item. */
export const options = 64;
export const count = 48;

/**
 * Questions in the zoo's language that nobody asks ("where PLACE ADJECTIVE ADJECTIVE NAME ?"), each with 64 things as
 * its options; which one is the answer is drawn after the commitment.
 */
export function canaryItems(): ZooItem[] {
  const random = new Random("canary questions");
  const { place, adjective, name, noun } = lexicon.classes;
  const word = (of: readonly number[]) => lexicon.words[of[random.below(of.length)]!]!;
  return Array.from({ length: count }, (_, i) => ({
    id: `zoo-${String(i + 1).padStart(2, "0")}`,
    prompt: `${lexicon.words[whereId]!} ${word(place)} ${word(adjective)} ${word(adjective)} ${word(name)} ?`,
    options: random
      .permutation(noun.length)
      .slice(0, options)
      .map((which) => lexicon.words[noun[which]!]!),
  }));
}

const whereId = 12;
