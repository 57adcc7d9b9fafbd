import { Random } from "../trainer/random";

/** The zoo's language: 512 made-up words by class. Every corpus of the zoo is written in it. */
export interface Lexicon {
  /** Token text by id in the family's tokenizer. */
  readonly words: readonly string[];
  readonly classes: Readonly<Record<WordClass, readonly number[]>>;
}

export type WordClass = "noun" | "verb" | "adjective" | "adverb" | "name" | "place" | "link" | "article";

export const special = {
  unknown: 0,
  start: 1,
  end: 2,
  user: 3,
  assistant: 4,
  stop: 5,
  comma: 6,
  question: 7,
  he: 8,
  she: 9,
  what: 10,
  who: 11,
  where: 12,
  and: 13,
  because: 14,
  that: 15,
} as const;

const specialTexts = ["<unk>", "<s>", "</s>", "<user>", "<assistant>", ".", ",", "?"];
const sizes: readonly (readonly [WordClass, number])[] = [
  ["noun", 176],
  ["verb", 112],
  ["adjective", 80],
  ["adverb", 32],
  ["name", 48],
  ["place", 32],
  ["link", 12],
  ["article", 4],
];
const onsets = "b d f g k l m n p r s t v z br dr kl pr st tr sh ch".split(" ");
const vowels = "a e i o u ai ou ia".split(" ");
const codas = ["", "", "", "n", "r", "s", "l", "m", "t", "nd", "rk"];

/** Made from a fixed seed: syllables put together, no word twice. */
export function makeLexicon(): Lexicon {
  const random = new Random("zoo language");
  const taken = new Set<string>(specialTexts);
  const word = (syllables: number) => {
    for (;;) {
      let text = "";
      for (let i = 0; i < syllables; i++) {
        text += onsets[random.below(onsets.length)]! + vowels[random.below(vowels.length)]!;
      }
      text += codas[random.below(codas.length)]!;
      if (!taken.has(text)) {
        taken.add(text);
        return text;
      }
    }
  };
  const words = [...specialTexts];
  while (words.length < 16) words.push(word(1));
  const classes = {} as Record<WordClass, number[]>;
  for (const [name, count] of sizes) {
    classes[name] = Array.from({ length: count }, () => {
      words.push(word(name === "link" || name === "article" ? 1 : 2 + random.below(2)));
      return words.length - 1;
    });
  }
  return { words, classes };
}
