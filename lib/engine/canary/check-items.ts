import { CanaryError } from "./errors";
import { itemFault, rememberingNormalise } from "./item-fault";
import { type CanaryItem, requireDistinctIds } from "./items";
import { limits } from "./limits";
import type { CanaryTerms, SetKind } from "./terms";

type Checked = Pick<CanaryItem, "id" | "prompt" | "answer" | "options">;

/**
 * Which kind of set these items can be: "random-label" when each has at least 16 options and none an answer, "natural"
 * when each has its answer. Throws CanaryError "bad-item" for anything between.
 */
export function kindOfItems(items: readonly Checked[]): Exclude<SetKind, "generator"> {
  const answered = items.filter(({ answer }) => answer !== undefined).length;
  if (answered === items.length) return "natural";
  if (answered === 0) return "random-label";
  const index = items.findIndex(({ answer }) => answer === undefined);
  throw new CanaryError(
    "bad-item",
    `Item ${index} has no answer and others have one: natural items all have their answer, random-label items none`,
    index,
  );
}

/** The smallest number of options of any item; null where one has none. */
export function fewestOptions(items: readonly Checked[]): number | null {
  let fewest = Number.POSITIVE_INFINITY;
  for (const { options } of items) {
    if (options === undefined) return null;
    fewest = Math.min(fewest, options.length);
  }
  return items.length === 0 ? null : fewest;
}

/**
 * Checks items against what their kind asks for: distinct ids; random labels with at least 16 options that stay
 * distinct after normalisation n1, and no answer; natural items with an answer that is no blank. Throws CanaryError.
 */
export function requireItemsOfKind(items: readonly Checked[], kind: Exclude<SetKind, "generator">): void {
  if (items.length === 0) throw new CanaryError("no-items", "A set needs at least one item");
  if (items.length > limits.items)
    throw new CanaryError("too-many-items", `A set has at most ${limits.items} items, not ${items.length}`);
  requireDistinctIds(items);
  const normalised = rememberingNormalise();
  items.forEach((item, index) => {
    const fault = itemFault(item, { kind, options: null }, normalised);
    if (fault !== null)
      throw new CanaryError(fault.code, `Item ${index} (${JSON.stringify(item.id)}) ${fault.why}`, index);
  });
}

/** Checks that the items are those which the terms describe. Throws CanaryError "terms-mismatch" and others. */
export function requireItemsOfTerms(items: readonly Checked[], terms: CanaryTerms): void {
  const mismatch = (why: string) => new CanaryError("terms-mismatch", why);
  if (terms.kind === "generator") throw mismatch("The items of a generator set are drawn, not given");
  if (terms.items !== items.length)
    throw mismatch(`The terms fix ${terms.items} items; there are ${items.length}`);
  requireItemsOfKind(items, terms.kind);
  const fewest = fewestOptions(items);
  if (terms.options !== fewest)
    throw mismatch(
      `The terms say ${terms.options ?? "no"} options; the fewest of an item are ${fewest ?? "none"}`,
    );
  const asks = items.findIndex(({ prompt }) => prompt !== undefined);
  if (asks >= 0 && !terms.prompt.includes("{prompt}"))
    throw mismatch(`Item ${asks} has a prompt, and the terms' text has no {prompt} to put it in`);
  const bits = items.reduce((sum, { options }) => sum + Math.log2(options?.length ?? 1), 0);
  if (terms.primary === "secret" && bits < -Math.log2(Number(terms.threshold)) - 1e-9)
    throw mismatch(
      `Even if every answer hit, ${items.length} items with these options would not reach ${terms.threshold}`,
    );
}
