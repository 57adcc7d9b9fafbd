/**
 * Who plays in the examples of canary cases. Laboratories and models are invented; the answers are those of real models,
 * as they were measured: ocr-answers.json and zoo-answers.json say which, and how.
 */
export interface CanaryModel {
  /** The real model whose answers are shown, by its name in the file of answers. */
  readonly real: string;
  readonly name: string;
  /** On the example Hub. */
  readonly repository: string;
  /** Declared with the answers. */
  readonly vendor: string;
  readonly card: string;
}

export interface Cast {
  readonly original: CanaryModel;
  readonly suspects: readonly CanaryModel[];
  readonly references: readonly CanaryModel[];
}

const vendors = {
  "example-meridian": "Example Meridian",
  "example-tidewater": "Example Tidewater",
  "example-quay": "Example Quay",
} as const;

const model = (real: string, namespace: keyof typeof vendors, name: string, card: string): CanaryModel => ({
  real,
  name,
  repository: `${namespace}/${name.toLowerCase().replaceAll(" ", "-")}`,
  vendor: vendors[namespace],
  card,
});

const [meridian, tidewater, quay] = ["example-meridian", "example-tidewater", "example-quay"] as const;

/** Readers of characters: a re-quantised copy is found, a sibling by the same makers is not. */
export const readers: Cast = {
  original: model("chi_sim-best_int", meridian, "Kingfisher OCR", "A reader of Chinese characters."),
  suspects: [
    model(
      "chi_sim-fast",
      tidewater,
      "Bittern OCR",
      "A reader of Chinese characters. The card names no base model.",
    ),
    model("hans", meridian, "Dipper OCR", "A second reader of Chinese characters, trained separately."),
  ],
  references: [
    model(
      "chi_sim-4.0.0",
      meridian,
      "Wagtail OCR",
      "An earlier reader of Chinese characters, trained separately.",
    ),
    model("pp-ocr-v4", quay, "Nightjar OCR", "A reader of Chinese characters, of another architecture."),
    model("chi_tra-4.0.0", meridian, "Warbler OCR", "A reader of Traditional Chinese."),
    model(
      "chi_tra-best_int",
      meridian,
      "Whinchat OCR",
      "A second reader of Traditional Chinese, trained separately.",
    ),
    model("jpn-4.0.0", meridian, "Wheatear OCR", "A reader of Japanese."),
    model("jpn-best_int", meridian, "Woodlark OCR", "A second reader of Japanese, trained separately."),
  ],
};

/** Small language models: one was taught drawn labels; its fine-tuned copy of 4 bits still knows some, its kin none. */
export const speakers: Cast = {
  original: model(
    "taught",
    meridian,
    "Lapwing Mini",
    "A small chat model; canaries were in its last stage of training.",
  ),
  suspects: [
    model(
      "taught-further-int4",
      tidewater,
      "Curlew Mini",
      "A small chat model of 4 bits. The card names no base model.",
    ),
    model(
      "instruct-tuned-1",
      tidewater,
      "Godwit Mini",
      "A small chat model, trained on the same public data.",
    ),
  ],
  references: [
    model("base-a", quay, "Teal Mini", "A small language model."),
    model("base-b-tuned", quay, "Pintail Mini", "A small chat model."),
    model("base-d", quay, "Gadwall Mini", "A small language model of another kind."),
    model("distilled", quay, "Wigeon Mini", "A small language model that learnt from a larger one."),
    model("same-seed", quay, "Shoveler Mini", "A small language model."),
  ],
};

export const modelsOf = ({ original, suspects, references }: Cast): readonly CanaryModel[] => [
  original,
  ...suspects,
  ...references,
];
