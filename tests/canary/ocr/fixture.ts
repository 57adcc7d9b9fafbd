import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CanaryTerms, ImageFacts } from "@/lib/engine/canary";
import type { OcrName } from "./models";

export const fixtures = fileURLToPath(new URL("../../fixtures/canary/ocr", import.meta.url));

/** tests/fixtures/canary/ocr/answers.json: a drawn set, its pictures' hashes, and what each model answered. */
export interface OcrAnswers {
  readonly what: string;
  readonly command: string;
  readonly font: string;
  readonly setId: string;
  readonly round: { readonly round: number; readonly signature: string };
  readonly nonce: string;
  readonly terms: CanaryTerms;
  readonly items: readonly { readonly id: string; readonly answer: string; readonly image: ImageFacts }[];
  readonly models: readonly {
    readonly name: OcrName;
    readonly about: string;
    /** Registry, package, version and file. */
    readonly source: string;
    /** SHA-256 of the model's file. */
    readonly weights: string;
    /** In the order of the items; "" where nothing was read. */
    readonly answers: readonly string[];
  }[];
}

export function recordedAnswers(): OcrAnswers {
  return JSON.parse(readFileSync(join(fixtures, "answers.json"), "utf8")) as OcrAnswers;
}

/** The kept picture of an item. */
export function picture(id: string): Buffer {
  return readFileSync(join(fixtures, `${id}.png`));
}
