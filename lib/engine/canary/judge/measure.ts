import { log10RatioUp } from "../../statistics/rencontres";
import { CanaryError } from "../errors";
import { itemFault, rememberingNormalise } from "../item-fault";
import { limits } from "../limits";
import { normaliserVersion } from "../normalise";
import { jointErrors } from "./agreement";
import { Coder, type Column, folds, truthsOf } from "./coding";
import type { Left } from "./copies";
import { nameKey } from "./families";
import type { JudgedItem, JudgeInput, Origin, ReferenceSet } from "./input";
import { panelTail } from "./panel";
import { panelsOf } from "./panels";
import { permutationTail } from "./permutation";
import type { Closeness } from "./rank";
import type { Robust } from "./robust";
import { logSecretP } from "./secret";
import { type Candidate, type Rank, weigh } from "./weigh";

export interface MeasuredReference {
  readonly set: ReferenceSet;
  readonly column: Column;
  readonly bothWrong: number;
  readonly sameWrong: number;
  readonly hits: number | null;
  readonly matched: boolean;
  readonly left: Left | null;
  /** Stands for its family: of its usable members the one closest to the original. */
  readonly speaks: boolean;
  /** Belongs to the panel that was fixed beforehand; another can only raise a p. */
  readonly fixed: boolean;
}

export interface Hits {
  readonly original: number;
  readonly suspect: number;
  readonly expected: number;
}

export interface Measured {
  /** Revealed items that are items of their kind: of these are all that follow, place by place. */
  readonly items: readonly JudgedItem[];
  /** Indices of revealed items that are none: each counts as a miss of its author's, and for no model as a hit. */
  readonly invalid: readonly number[];
  readonly truths: readonly string[];
  readonly original: Column;
  readonly suspect: Column;
  readonly references: readonly MeasuredReference[];
  readonly unrevealed: number;
  /** Committed items that nothing can be held against: unrevealed or invalid. */
  readonly missing: number;
  readonly nBothWrong: number;
  readonly sameWrong: number;
  readonly hits: Hits | null;
  /** log10 of the chance of the original's own hits; null for sets without labels. */
  readonly originalLog10: number | null;
  readonly secretLog10: number | null;
  readonly robust: Robust | null;
  readonly rank: Rank | null;
  readonly panel: { readonly log10: number; readonly expected: number } | null;
  /** Families with a usable reference, and those of them that share what original and suspect share. */
  readonly families: number;
  readonly matched: number;
  readonly shared: Origin | null;
  /** References that the terms name, and that nobody has asked in time. */
  readonly unasked: readonly string[];
}

/** Every number of a judgement, before any rule. Throws CanaryError for inputs that are not what they say. */
export function measure(given: JudgeInput): Measured {
  requireUsable(given);
  const { items, invalid } = validItems(given);
  const input = { ...given, items };
  const { terms, size } = input;
  const unrevealed = size - given.items.length;
  const missing = size - items.length;
  const truths = truthsOf(input);
  const coder = new Coder(items, truths, missing, input.answersAre === "given" ? undefined : folds.n1);
  const original = coder.column(input.original);
  const suspect = coder.column(input.suspect);
  const columns = input.references.map((set) => coder.column(set));
  const random = terms.kind === "random-label";
  const shared = sharedOrigin(input);
  const labelTail = random ? labelTailOf(input, missing) : null;
  const close = (column: Column) => closeness(random, original, column);
  const sides = { input, original, suspect, close: close(suspect), shared, missing, labelTail };
  const candidates = input.references.map((set, at): Candidate => {
    const column = columns[at] as Column;
    return { set, column, matched: matches(set, shared), close: close(column) };
  });
  const { counted, fixed, unasked } = panelsOf(input, candidates);
  // What came afterwards may have been chosen by what it does to a p: it can raise one, and lower none.
  const first = weigh(sides, fixed);
  const added = counted.filter((one) => !fixed.includes(one));
  const whole = added.length === 0 ? first : weigh(sides, [...fixed, ...added]);
  const deciding = (first.robust?.log10 ?? 0) > (whole.robust?.log10 ?? 0) ? first : whole;
  const references = candidates.map(
    (one): MeasuredReference => ({
      set: one.set,
      column: one.column,
      matched: one.matched,
      ...agreement(original, one.column),
      hits: random ? hitsOf(one.column) : null,
      left: counted.includes(one) ? (whole.left.get(one) ?? null) : { excluded: "claimed", by: null },
      speaks: deciding.speaking.has(one),
      fixed: fixed.includes(one),
    }),
  );
  const usable = references.filter((reference) => reference.left === null);
  const both = agreement(original, suspect);
  return {
    items,
    invalid,
    truths,
    original,
    suspect,
    references,
    unrevealed,
    missing,
    nBothWrong: both.bothWrong,
    sameWrong: both.sameWrong,
    hits: random
      ? { original: hitsOf(original), suspect: hitsOf(suspect), expected: expectedHits(input, missing) }
      : null,
    originalLog10: labelTail === null ? null : labelTail(original),
    secretLog10: labelTail === null ? null : labelTail(suspect),
    robust: larger(first.robust, whole.robust, ({ log10: own }) => own),
    rank: larger(first.rank, whole.rank, ({ p }) => p),
    panel: random ? null : panelOf(original, suspect, usable),
    families: Math.min(first.families, whole.families),
    matched: Math.min(first.matched, whole.matched),
    unasked,
    shared,
  };
}

function requireUsable({
  terms,
  items,
  size,
  references,
  setsOfNamespace,
  original,
  suspect,
}: JudgeInput): void {
  if (terms.normaliser !== normaliserVersion)
    throw new CanaryError(
      "unknown-normaliser",
      `This judge knows the normaliser ${normaliserVersion}, not ${terms.normaliser}`,
    );
  // The schema of terms refuses these too; a judge that took them anyway would test a binomial null on natural items.
  if (terms.primary === "secret" && terms.kind !== "random-label")
    throw new CanaryError("bad-terms", "p_secret exists for random-label sets only");
  if (terms.primary === "robust" && terms.kind === "random-label")
    throw new CanaryError("bad-terms", "p_robust exists for items with a truth only");
  if (terms.items !== size)
    throw new CanaryError("terms-mismatch", `The terms fix ${terms.items} items, and ${size} were committed`);
  if (items.length > size || size > limits.items)
    throw new CanaryError("too-many-items", `${items.length} items cannot be judged of ${size}`);
  const seen = new Set<number>();
  for (const { index } of items) {
    if (!Number.isSafeInteger(index) || index < 0 || index >= size || seen.has(index))
      throw new CanaryError("bad-opening", `Item ${index} is there twice, or is none of ${size}`, index);
    seen.add(index);
  }
  if (references.length > limits.references)
    throw new CanaryError("too-large", `${references.length} references are more than ${limits.references}`);
  const names = [original, suspect, ...references].map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new CanaryError("bad-answers", `Two answer sets are called ${JSON.stringify(twice)}`);
  if (!Number.isSafeInteger(setsOfNamespace) || setsOfNamespace < 1)
    throw new CanaryError("bad-terms", "The sets of a namespace are counted from 1");
}

/**
 * Random labels are looked at again at every reading: an author's own machine is no witness that sixteen options are
 * sixteen answers.
 */
function validItems({ terms, items }: JudgeInput): Pick<Measured, "items" | "invalid"> {
  if (terms.kind !== "random-label") return { items, invalid: [] };
  const rule = { kind: terms.kind, options: terms.options };
  const normalised = rememberingNormalise();
  const bad = new Set(items.filter(({ item }) => itemFault(item, rule, normalised) !== null));
  return {
    items: items.filter((one) => !bad.has(one)),
    invalid: [...bad].map(({ index }) => index).sort((a, b) => a - b),
  };
}

/** What original and suspect share, declared or because both state the same. Null for nothing. */
function sharedOrigin({ declaredShared, original, suspect }: JudgeInput): Origin | null {
  const shared: { base?: string; vendor?: string; corpus?: string } = { ...declaredShared };
  for (const key of ["base", "vendor", "corpus"] as const) {
    const value = original.origin?.[key];
    if (value !== undefined && sameName(value, suspect.origin?.[key])) shared[key] ??= value;
  }
  return Object.keys(shared).length === 0 ? null : shared;
}

function matches({ origin }: ReferenceSet, shared: Origin | null): boolean {
  if (shared === null) return true;
  return (["base", "vendor", "corpus"] as const).every(
    (key) => shared[key] === undefined || sameName(shared[key], origin?.[key]),
  );
}

const sameName = (one: string, other: string | undefined) =>
  other !== undefined && nameKey(one) === nameKey(other);

/** log10 of the chance of a column's hits under the null of the drawn labels. */
function labelTailOf(input: JudgeInput, missing: number): (column: Column) => number {
  if (input.draw === "permutation") return permutedTailOf(input, missing);
  const options = optionsOf(input, missing);
  return (column) => Math.min(logSecretP(options, hitsOf(column)) / Math.LN10, 0);
}

/** Option counts of all committed items; those of missing ones are as few as the terms allow. */
function optionsOf({ items, terms }: JudgeInput, missing: number): number[] {
  const fewest = terms.options ?? limits.labelOptions;
  return [
    ...items.map(({ item }) => item.options?.length ?? fewest),
    ...new Array<number>(missing).fill(fewest),
  ];
}

function expectedHits(input: JudgeInput, missing: number): number {
  return optionsOf(input, missing).reduce((sum, count) => sum + 1 / count, 0);
}

/** Labels dealt as one permutation: needs every item, and compares labels, not answers. */
function permutedTailOf({ items, answersAre }: JudgeInput, missing: number): (column: Column) => number {
  if (missing > 0)
    throw new CanaryError("terms-mismatch", "Permuted labels can be judged only when every item is revealed");
  const fold = answersAre === "given" ? (answer: string) => answer : folds.n1;
  const labels = items.map(({ item, target }) => fold(item.options?.[target ?? 0] ?? ""));
  const drawn = Map.groupBy(labels, (label) => label);
  return (column) => {
    const answers = column.given.map((answer, at) => (column.coded[at] === -1 ? "" : fold(answer)));
    const answered = Map.groupBy(answers, (answer) => answer);
    const counts = [...drawn].map(([label, dealt]) => ({
      drawn: dealt.length,
      answered: label === "" ? 0 : (answered.get(label)?.length ?? 0),
    }));
    const tail = permutationTail(counts, items.length, hitsOf(column));
    return tail.numerator === tail.denominator ? 0 : Math.min(log10RatioUp(tail), 0);
  };
}

/** The larger of two p; none where one of them cannot be computed. */
function larger<T>(one: T | null, other: T | null, of: (p: T) => number): T | null {
  if (one === null || other === null) return null;
  return of(one) >= of(other) ? one : other;
}

function panelOf(original: Column, suspect: Column, usable: readonly MeasuredReference[]) {
  const errors = jointErrors(
    original.coded,
    suspect.coded,
    usable.map(({ column }) => column.coded),
  );
  if (errors.length === 0 || usable.length === 0) return null;
  const { log, expected } = panelTail(errors);
  return { log10: Math.min(log / Math.LN10, 0), expected };
}

function agreement(a: Column, b: Column): { bothWrong: number; sameWrong: number } {
  let [bothWrong, sameWrong] = [0, 0];
  for (let item = 0; item < a.coded.length; item++) {
    const answer = a.coded[item] as number;
    if (answer <= 0 || (b.coded[item] as number) <= 0) continue;
    bothWrong += 1;
    if (b.coded[item] === answer) sameWrong += 1;
  }
  return { bothWrong, sameWrong };
}

function closeness(random: boolean, original: Column, model: Column): Closeness {
  if (random) return { numerator: hitsOf(model), denominator: 1 };
  const { bothWrong, sameWrong } = agreement(original, model);
  return { numerator: sameWrong, denominator: bothWrong + 1 };
}

function hitsOf({ coded }: Column): number {
  return coded.reduce((sum, code) => sum + (code === 0 ? 1 : 0), 0);
}
