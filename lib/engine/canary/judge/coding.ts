import { CanaryError } from "../errors";
import { idKey } from "../items";
import { normalise, normaliseComposed } from "../normalise";
import { foldSimplified } from "../simplified";
import type { Coded } from "./agreement";
import type { AnswerSet, JudgedItem, JudgeInput } from "./input";
import type { Mark } from "./schema";

/** One answer set laid out along the items. */
export interface Column {
  /** The answer as it was given; "" where there is none. */
  readonly given: readonly string[];
  readonly marks: readonly Mark[];
  /** In which form answers are compared: under n1, or as they are. */
  readonly coded: Coded;
}

type Fold = (answer: string) => string;

/** How answers are compared: the primary form first. */
export const folds = {
  n1: normalise,
  nfc: normaliseComposed,
  simplified: (answer: string) => foldSimplified(normalise(answer)),
} as const;

const asGiven: Fold = (answer) => answer;

/**
 * What each item's answer should have been: the answer of a natural or generated item, the drawn label of a random-label
 * item. Throws CanaryError "bad-item" or "terms-mismatch".
 */
export function truthsOf({ terms, items }: Pick<JudgeInput, "terms" | "items">): string[] {
  return items.map(({ index, item, target }) => {
    if (terms.kind === "random-label") {
      const label = target === undefined ? undefined : item.options?.[target];
      if (label === undefined)
        throw new CanaryError("terms-mismatch", `Item ${index} has no drawn label`, index);
      return label;
    }
    if (item.answer === undefined)
      throw new CanaryError("bad-item", `Item ${index} has no answer to hold others against`, index);
    return item.answer;
  });
}

/** Codes answer sets item by item under one fold: equal numbers are equal answers. Answers are folded once each. */
export class Coder {
  readonly #fold: Fold;
  readonly #folded = new Map<string, string>();
  readonly #byItem: Map<string, number>[];
  readonly #positions: ReadonlyMap<string, number>;
  readonly #unrevealed: number;
  /** Ids that no revealed item has: of items that nobody opened, as long as there are so many. */
  readonly #hidden = new Set<string>();

  constructor(items: readonly JudgedItem[], truths: readonly string[], unrevealed: number, fold?: Fold) {
    this.#fold = fold ?? asGiven;
    this.#unrevealed = unrevealed;
    this.#positions = new Map(items.map(({ item }, position) => [idKey(item.id), position]));
    this.#byItem = truths.map((truth) => new Map([[this.#of(truth), 0]]));
  }

  /** Throws CanaryError "unknown-item" or "duplicate-answer", naming the set. */
  column({ name, answers }: AnswerSet): Column {
    const n = this.#byItem.length;
    const given = new Array<string>(n).fill("");
    const marks = new Array<Mark>(n).fill("blank");
    const coded = new Int32Array(n).fill(-1);
    const seen = new Set<string>();
    for (const { id, answer, unstable } of answers) {
      const key = idKey(id);
      const position = this.#positions.get(key);
      if (seen.has(key))
        throw new CanaryError(
          "duplicate-answer",
          `${name} answers the item ${JSON.stringify(key)} twice`,
          key,
        );
      seen.add(key);
      if (position === undefined) {
        this.#hidden.add(key);
        if (this.#hidden.size <= this.#unrevealed) continue;
        const of = this.#unrevealed === 0 ? "which is no item of the set" : "one more than there are items";
        throw new CanaryError("unknown-item", `${name} answers ${JSON.stringify(key)}, ${of}`, key);
      }
      given[position] = answer;
      if (unstable === true) {
        marks[position] = "unstable";
        continue;
      }
      const folded = this.#of(answer);
      if (folded === "") continue;
      const known = this.#byItem[position] as Map<string, number>;
      let code = known.get(folded);
      if (code === undefined) {
        code = known.size;
        known.set(folded, code);
      }
      coded[position] = code;
      marks[position] = code === 0 ? "right" : "wrong";
    }
    return { given, marks, coded };
  }

  #of(answer: string): string {
    const known = this.#folded.get(answer);
    if (known !== undefined) return known;
    const folded = this.#fold(answer);
    this.#folded.set(answer, folded);
    return folded;
  }
}
