import type { CanaryTerms } from "@/lib/engine/canary";
import file from "./ocr-answers.json";

/** Answers of real models, as they were measured; written by `npm run canary:ocr` and shortened. */
export interface RecordedAnswers {
  readonly setId: string;
  readonly round: { readonly round: number; readonly signature: string };
  readonly publicKey: string;
  /** Without what depends on the day on which the examples are loaded. */
  readonly terms: Omit<CanaryTerms, "beacon" | "deadline" | "references">;
  readonly items: readonly {
    readonly id: string;
    readonly image: { readonly sha256: string; readonly type: string; readonly size: number };
  }[];
  readonly models: Readonly<
    Record<
      string,
      {
        readonly about: string;
        readonly source: string;
        readonly weights: string;
        readonly answers: readonly string[];
      }
    >
  >;
}

export const recorded = file as unknown as RecordedAnswers;

/** The answers of a model by its real name. */
export function answersOfReal(real: string): readonly string[] {
  const model = recorded.models[real];
  if (model === undefined) throw new Error(`there are no recorded answers of ${real}`);
  return model.answers;
}
