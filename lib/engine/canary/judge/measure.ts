import { log10 } from "../../statistics/elementary";
import { log10RatioUp } from "../../statistics/rencontres";
import { CanaryError } from "../errors";
import { itemFault, rememberingNormalise } from "../item-fault";
import { limits } from "../limits";
import { normaliserVersion } from "../normalise";
import { jointErrors } from "./agreement";
import { Coder, type Column, folds, truthsOf } from "./coding";
import { copiesAmong, type Left, sameWeights } from "./copies";
import type { JudgedItem, JudgeInput, Origin, ReferenceSet } from "./input";
import { panelTail } from "./panel";
import { permutationTail } from "./permutation";
import { type Closeness, rankP } from "./rank";
import { fewestReferences, type Robust, robustP } from "./robust";
import { logSecretP } from "./secret";

/** Chance hits of a reference below this, divided by the number of references, are no chance. */
const knowsTargets = 1e-3;

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
  readonly rank: (ReturnType<typeof rankP> & { readonly references: number }) | null;
  readonly panel: { readonly log10: number; readonly expected: number } | null;
  /** Families with a usable reference, and those of them that share what original and suspect share. */
  readonly families: number;
  readonly matched: number;
  readonly shared: Origin | null;
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
  const left = leftOut(input, original, suspect, columns, labelTail);
  const measured = input.references.map((set, at) => ({
    set,
    column: columns[at] as Column,
    ...agreement(original, columns[at] as Column),
    hits: random ? hitsOf(columns[at] as Column) : null,
    matched: matches(set, shared),
    left: left.get(at) ?? null,
    close: closeness(random, original, columns[at] as Column),
  }));
  const speakers = closestOfFamilies(measured.filter((one) => one.left === null));
  const references = measured.map((one): MeasuredReference => ({ ...one, speaks: speakers.has(one) }));
  const usable = references.filter((reference) => reference.left === null);
  const speaking = references.filter(({ speaks }) => speaks);
  const matched = speaking.filter((reference) => reference.matched);
  const both = agreement(original, suspect);
  // A model with other origins than both sides is not exchangeable with the suspect. Copies found by their answers
  // stay in the rank: leaving out what looks close would make it inexact.
  const peers = closestOfFamilies(
    measured.filter((one) => one.matched && one.left?.excluded !== "same-weights"),
  );
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
    robust: random
      ? null
      : robustOf(original, suspect, speaking, matched.length, shared, terms.needsReferences, missing),
    rank:
      peers.size === 0
        ? null
        : {
            ...rankP(
              closeness(random, original, suspect),
              [...peers].map(({ close }) => close),
            ),
            references: peers.size,
          },
    panel: random ? null : panelOf(original, suspect, usable),
    families: speaking.length,
    matched: matched.length,
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
    if (value !== undefined && value === suspect.origin?.[key]) shared[key] ??= value;
  }
  return Object.keys(shared).length === 0 ? null : shared;
}

function matches({ origin }: ReferenceSet, shared: Origin | null): boolean {
  if (shared === null) return true;
  return (["base", "vendor", "corpus"] as const).every(
    (key) => shared[key] === undefined || shared[key] === origin?.[key],
  );
}

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

function leftOut(
  input: JudgeInput,
  original: Column,
  suspect: Column,
  columns: readonly Column[],
  labelTail: ((column: Column) => number) | null,
): Map<number, Left> {
  const left = sameWeights(input.original, input.suspect, input.references);
  const rest = input.references
    .map((set, at) => ({ set, at, coded: (columns[at] as Column).coded, column: columns[at] as Column }))
    .filter(({ at }) => !left.has(at));
  if (labelTail === null) {
    const copies = copiesAmong(
      { name: input.original.name, coded: original.coded },
      { name: input.suspect.name, coded: suspect.coded },
      rest,
    );
    for (const [at, why] of copies) left.set(at, why);
    return left;
  }
  const bound = log10(knowsTargets / Math.max(rest.length, 1));
  for (const { at, column } of rest) {
    if (labelTail(column) <= bound) left.set(at, { excluded: "knows-targets", by: null });
  }
  return left;
}

/**
 * Of each family the member closest to the original: variants of one model are one observation, and whatever else were
 * taken of them would make the panel look larger or more distant than it is (ADR 22).
 */
function closestOfFamilies<T extends { readonly set: ReferenceSet; readonly close: Closeness }>(
  references: readonly T[],
): Set<T> {
  const closest = new Map<string, T>();
  for (const reference of references) {
    const known = closest.get(reference.set.family);
    if (known === undefined || closer(reference.close, known.close))
      closest.set(reference.set.family, reference);
  }
  return new Set(closest.values());
}

const closer = (a: Closeness, b: Closeness) => a.numerator * b.denominator > b.numerator * a.denominator;

function robustOf(
  original: Column,
  suspect: Column,
  speaking: readonly MeasuredReference[],
  matched: number,
  shared: Origin | null,
  needs: number,
  missing: number,
): Robust | null {
  if (shared !== null && matched < needs) return null;
  if (matched < fewestReferences) return null;
  const known = speaking.map(({ column, matched: counts }) => ({ coded: column.coded, counts }));
  return robustP(original.coded, suspect.coded, known, missing);
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
