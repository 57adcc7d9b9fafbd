/**
 * Who plays in the example of a canary case. Laboratories and models are invented; the answers are those of real readers
 * of characters (ocr-answers.json says which, from which package, and how they were measured).
 */
export interface CanaryModel {
  /** The real model whose answers are shown, by its name in ocr-answers.json. */
  readonly real: string;
  readonly name: string;
  /** On the example Hub. */
  readonly repository: string;
  /** Declared with the answers. */
  readonly vendor: string;
  readonly card: string;
}

const meridian = "Example Meridian";
const tidewater = "Example Tidewater";
const quay = "Example Quay";

export const ocrOriginal: CanaryModel = {
  real: "chi_sim-best_int",
  name: "Kingfisher OCR",
  repository: "example-meridian/kingfisher-ocr",
  vendor: meridian,
  card: "A reader of Chinese characters by Example Meridian.",
};

export const ocrSuspects: readonly CanaryModel[] = [
  {
    real: "chi_sim-fast",
    name: "Bittern OCR",
    repository: "example-tidewater/bittern-ocr",
    vendor: tidewater,
    card: "A reader of Chinese characters by Example Tidewater. The card names no base model.",
  },
  {
    real: "hans",
    name: "Dipper OCR",
    repository: "example-meridian/dipper-ocr",
    vendor: meridian,
    card: "A second reader of Chinese characters by Example Meridian, of the same architecture, trained separately.",
  },
];

export const ocrReferences: readonly CanaryModel[] = [
  {
    real: "chi_sim-4.0.0",
    name: "Wagtail OCR",
    repository: "example-meridian/wagtail-ocr",
    vendor: meridian,
    card: "An earlier reader of Chinese characters by Example Meridian, trained separately.",
  },
  {
    real: "pp-ocr-v4",
    name: "Nightjar OCR",
    repository: "example-quay/nightjar-ocr",
    vendor: quay,
    card: "A reader of Chinese characters by Example Quay, of another architecture.",
  },
  {
    real: "chi_tra-4.0.0",
    name: "Warbler OCR",
    repository: "example-meridian/warbler-ocr",
    vendor: meridian,
    card: "A reader of Traditional Chinese by Example Meridian.",
  },
  {
    real: "chi_tra-best_int",
    name: "Whinchat OCR",
    repository: "example-meridian/whinchat-ocr",
    vendor: meridian,
    card: "A second reader of Traditional Chinese by Example Meridian, trained separately.",
  },
  {
    real: "jpn-4.0.0",
    name: "Wheatear OCR",
    repository: "example-meridian/wheatear-ocr",
    vendor: meridian,
    card: "A reader of Japanese by Example Meridian.",
  },
  {
    real: "jpn-best_int",
    name: "Woodlark OCR",
    repository: "example-meridian/woodlark-ocr",
    vendor: meridian,
    card: "A second reader of Japanese by Example Meridian, trained separately.",
  },
];

export const ocrModels: readonly CanaryModel[] = [ocrOriginal, ...ocrSuspects, ...ocrReferences];
