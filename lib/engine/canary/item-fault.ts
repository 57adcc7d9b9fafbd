import type { CanaryErrorCode } from "./errors";
import type { CanaryItem } from "./items";
import { limits } from "./limits";
import { normalise } from "./normalise";
import type { SetKind } from "./terms";

/** Why something is no item of its kind. */
export interface ItemFault {
  readonly code: Extract<CanaryErrorCode, "bad-item" | "bad-options">;
  /** The end of a sentence: "Item 3 …". */
  readonly why: string;
}

export interface ItemRule {
  readonly kind: Exclude<SetKind, "generator">;
  /** Fewest options that the terms promise; null for no more than the kind asks for. */
  readonly options: number | null;
}

/**
 * What an item lacks to be one of its kind, or null. A random label is drawn from 16 options at least and no fewer than
 * the terms promise, all distinct and none blank under n1: from options of which two are one answer the labels would
 * fall together more often than the count of options says. A natural item has an answer that is no blank.
 * `normalised`: normalisation n1, where many items share their options one that remembers.
 */
export function itemFault(
  { answer, options }: Pick<CanaryItem, "answer" | "options">,
  rule: ItemRule,
  normalised: (text: string) => string = normalise,
): ItemFault | null {
  const bad = (code: ItemFault["code"], why: string): ItemFault => ({ code, why });
  if (rule.kind === "random-label") {
    const fewest = Math.max(limits.labelOptions, rule.options ?? 0);
    if (answer !== undefined) return bad("bad-item", "has an answer: that of a random label is drawn later");
    if (options === undefined || options.length < fewest)
      return bad("bad-options", `has fewer than ${fewest} options to draw from`);
  } else {
    if (answer === undefined) return bad("bad-item", "has no answer");
    if (normalised(answer) === "") return bad("bad-item", "has an answer that normalisation leaves blank");
  }
  if (options === undefined) return null;
  const indistinct = notDistinct(options, normalised);
  if (indistinct !== null) return bad("bad-options", indistinct);
  if (answer !== undefined && !options.map(normalised).includes(normalised(answer)))
    return bad("bad-item", "has an answer that is none of its options");
  return null;
}

/** Normalisation that remembers: the items of a set mostly share their options. */
export function rememberingNormalise(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = normalise(text);
    if (known.size < 100_000) known.set(text, made);
    return made;
  };
}

function notDistinct(options: readonly string[], normalised: (text: string) => string): string | null {
  const seen = new Map<string, string>();
  for (const option of options) {
    const key = normalised(option);
    if (key === "") return `has an option that normalisation leaves blank: ${JSON.stringify(option)}`;
    const earlier = seen.get(key);
    if (earlier !== undefined)
      return `has two options that are one answer: ${JSON.stringify(earlier)} and ${JSON.stringify(option)}`;
    seen.set(key, option);
  }
  return null;
}
