import { modelFile } from "./files";
import { isOcrName, type OcrModel, type OcrName, ocrModels, ocrNames } from "./models";
import { ppOcrReader } from "./pp-ocr-reader";
import { type Reader, tesseractReader } from "./tesseract-reader";

/** Loads the model; about two seconds for Tesseract's. One picture takes 30 to 120 ms. */
export async function openReader(name: OcrName): Promise<Reader> {
  const model: OcrModel = ocrModels[name];
  const { path, content } = modelFile(model);
  return model.kind === "tesseract" ? await tesseractReader(path) : await ppOcrReader(content);
}

/** What one model reads in one picture. */
export async function read(name: string, png: Uint8Array): Promise<string> {
  if (!isOcrName(name)) throw new Error(`there are ${ocrNames.join(", ")}, but no ${name}`);
  const reader = await openReader(name);
  try {
    return await reader.read(png);
  } finally {
    await reader.close();
  }
}
