import type { Bilingual, MethodId, MethodKind } from "./method";

/** What a reader should know about a method before any number. Shown on the site's /methods pages and after every explanation. */
export interface MethodAbout {
  readonly id: MethodId;
  readonly version: string;
  readonly kind: MethodKind;
  readonly name: Bilingual;
  /** What it reads and measures. */
  readonly measures: Bilingual;
  /** Its null hypothesis, or that it has none. */
  readonly nullHypothesis: Bilingual;
  /** What must never be concluded from it alone. */
  readonly mayNotSay: Bilingual;
  /** Every code it can end in, with its meaning. */
  readonly says: Readonly<Record<string, Bilingual>>;
}

/** A method's id as one part of an address or of a file name: "weights/aligned" → "weights-aligned". */
export function methodSlug(id: string): string {
  return id.replace("/", "-");
}

export const noNull: Bilingual = {
  en: "None: the method is descriptive. It gives no p-value, and none may be derived from it.",
  zh: "无：本方法只作描述，不给出 p 值，也不得由此推算 p 值。",
};
