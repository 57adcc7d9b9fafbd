import { basename, dirname } from "node:path";
import { createWorker, PSM } from "tesseract.js";

/** Something that reads one line of text from a picture (PNG). */
export interface Reader {
  read(png: Uint8Array): Promise<string>;
  close(): Promise<void>;
}

/** Tesseract's recogniser on a trained model (LANGUAGE.traineddata, or with .gz), in a worker thread; nothing is cached. */
export async function tesseractReader(file: string): Promise<Reader> {
  const language = basename(file).replace(/\.traineddata(?:\.gz)?$/, "");
  const place = { langPath: dirname(file), gzip: file.endsWith(".gz"), cacheMethod: "none" };
  const worker = await createWorker(language, 1, place);
  await worker.setParameters({ tessedit_pageseg_mode: PSM.SINGLE_CHAR, user_defined_dpi: "70" });
  return {
    async read(png) {
      const { data } = await worker.recognize(Buffer.from(png));
      return data.text.replace(/\s+/gu, "");
    },
    async close() {
      await worker.terminate();
    },
  };
}
