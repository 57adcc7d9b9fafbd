import type { PictureFile } from "@/lib/canaries/server";
import {
  type CanaryItem,
  type CanaryTerms,
  commitItems,
  generatedItems,
  generatorRoot,
  itemBytes,
  type Opening,
} from "@/lib/engine/canary";
import type { AskedItem } from "@/lib/engine/canary/transcript";
import { type Cast, readers, speakers } from "./cast";
import ocr from "./ocr-answers.json";
import ocrPictures from "./ocr-pictures.json";
import zoo from "./zoo-answers.json";

type RecordedTerms = Omit<CanaryTerms, "beacon" | "deadline" | "references">;

/** One example of a canary case: a set, who answers, and what they really answered. */
export interface Play {
  /** In names of steps. */
  readonly key: string;
  readonly setId: string;
  /** Without what depends on the day on which the examples are loaded. */
  readonly terms: RecordedTerms;
  readonly cast: Cast;
  readonly statement: string;
  rootOf(authorKeyId: string): Promise<string>;
  /** What is put to the models. */
  itemsOf(nonce: string): readonly AskedItem[];
  /** What the drawn items were rendered to, by the file's name; none where nothing is drawn. */
  readonly pictures: readonly PictureFile[];
  /** Openings of all items; null where there is nothing to reveal. */
  readonly openings: ((authorKeyId: string) => Promise<readonly Opening[]>) | null;
  answersOf(real: string): readonly string[];
}

function answersIn(models: Readonly<Record<string, { readonly answers: readonly string[] }>>) {
  return (real: string) => {
    const found = models[real];
    if (found === undefined) throw new Error(`there are no recorded answers of ${real}`);
    return found.answers;
  };
}

const ocrTerms = ocr.terms as RecordedTerms;

/** A generator set: characters that the beacon draws, shown as pictures; nothing about it is secret. */
const readersPlay: Play = {
  key: "readers",
  setId: ocr.setId,
  // By their makers the six references are two families: no finding can come of it, and the page says why.
  terms: { ...ocrTerms, threshold: "0.05" },
  cast: readers,
  statement: "Fictitious example. A generator set of characters was committed before this release.",
  rootOf: async () => generatorRoot(generator()),
  itemsOf(nonce) {
    const drawn = generatedItems(generator(), { nonce, setId: ocr.setId, items: ocr.items.length });
    return drawn.map(({ id }, index) => {
      const shown = ocr.items[index];
      if (shown?.id !== id)
        throw new Error("the recorded answers are of other items than those that were drawn");
      return { id, image: { ...shown.image, type: "image/png" as const } };
    });
  },
  pictures: Object.entries(ocrPictures).map(([id, base64]) => ({
    name: `${id}.png`,
    bytes: new Uint8Array(Buffer.from(base64, "base64")),
  })),
  openings: null,
  answersOf: answersIn(ocr.models),
};

function generator() {
  if (ocrTerms.generator === undefined) throw new Error("the readers' set is one of a generator");
  return ocrTerms.generator;
}

const labelled = zoo.items as readonly CanaryItem[];

/** A random-label set: its secret is public, as everything of the examples, and protects nothing. */
const speakersPlay: Play = {
  key: "speakers",
  setId: zoo.setId,
  terms: zoo.terms as RecordedTerms,
  cast: speakers,
  statement:
    "Fictitious example. 48 random-label canaries were committed, drawn by the beacon, and then taught in the last stage of training.",
  rootOf: async (authorKeyId) => (await committed(authorKeyId)).root,
  pictures: [],
  itemsOf: () => labelled.map(({ id, prompt = "" }) => ({ id, prompt })),
  async openings(authorKeyId) {
    const { openItem } = await committed(authorKeyId);
    return labelled.map((_, index) => openItem(index));
  },
  answersOf: answersIn(zoo.models),
};

function committed(authorKeyId: string) {
  const { seed, setId } = zoo;
  return commitItems({ seed, setId, authorKeyId, items: labelled.map(itemBytes) });
}

export const plays: readonly Play[] = [readersPlay, speakersPlay];
