import { modelFile } from "./files";
import { type OcrModel, type OcrName, ocrModels, ocrNames } from "./models";
import { ppOcrReader } from "./pp-ocr-reader";
import { type Reader, tesseractReader } from "./tesseract-reader";

/** Loads the model; about two seconds for Tesseract's. One picture takes 30 to 120 ms. */
export async function openReader(name: OcrName): Promise<Reader> {
  const model: OcrModel | undefined = ocrModels[name];
  if (model === undefined) throw new Error(`there are ${ocrNames.join(", ")}, but no ${name}`);
  const { path, content } = modelFile(model);
  return model.kind === "tesseract" ? await tesseractReader(path) : await ppOcrReader(content);
}
