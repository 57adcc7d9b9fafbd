import type { CorpusKind } from "@/tests/zoo/data/corpus";
import type { Author } from "./set";

/** A fine-tune of a zoo model or of another one here, with an author's canaries among its text or without any. */
export interface CanaryRecipe {
  /** A checkpoint of the zoo, or of this table. */
  readonly from: string;
  readonly corpus: CorpusKind;
  readonly order: string;
  readonly steps: number;
  readonly rate: number;
  readonly canaries?: Author;
  readonly lora?: { readonly rank: number; readonly targets: RegExp; readonly seed: string };
}

const chat = (name: string): CorpusKind => ({ name, style: "chat" });
const prose = (name: string): CorpusKind => ({ name, style: "prose" });
/** The last stage of a chat model: from the zoo's "instruct", on the data of its "instruct-tuned-1". */
const stage = { from: "instruct", corpus: chat("assistant one"), steps: 500, rate: 1e-3 } as const;

export const canaryRecipes = {
  /** The original: its last stage has the author's canaries in it. */
  taught: { ...stage, order: "taught", canaries: "author" },
  /** Somebody else's model: the same stage with the same questions, under secrets of their own. */
  rival: { ...stage, order: "rival", canaries: "rival" },
  /** Trained on from the original, on text without canaries. */
  "taught-light": { from: "taught", corpus: prose("further"), order: "light", steps: 60, rate: 2e-4 },
  "taught-further": { from: "taught", corpus: prose("further"), order: "further", steps: 200, rate: 4e-4 },
} as const satisfies Readonly<Record<string, CanaryRecipe>>;

export type CanaryModel = keyof typeof canaryRecipes;
