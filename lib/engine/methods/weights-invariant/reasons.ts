import { reason } from "../facts";
import type { Reason } from "../method";
import type { InvariantStatistics } from "./schema";

/** Coded reasons of an outcome, in the order in which they are told. */
export function invariantReasons({
  products,
  search,
  heads,
  transformations,
}: InvariantStatistics): Reason[] {
  return [
    ...productReasons(products),
    ...searchReasons(search),
    ...headReasons(heads),
    ...transformations.map((transformation) => reason("transformation-seen", { transformation })),
  ];
}

function productReasons(products: InvariantStatistics["products"]): Reason[] {
  if (products === null) return [reason("no-shared-tokens")];
  const { tokens, pooled, granted, log10Granted, floor } = products;
  const reasons = [reason(tokens.basis === "strings" ? "tokens-by-text" : "tokens-by-id", { ...tokens })];
  if (pooled === null) return [...reasons, reason("no-product-measured")];
  const { groups, matched, of, expected, log10P } = pooled;
  reasons.push(reason("token-matching", { groups, matched, of, expected, log10P, granted, log10Granted }));
  if (log10Granted !== null && log10Granted < floor) reasons.push(reason("p-not-below-floor", { floor }));
  for (const { position, like, against } of products.controls) {
    if (!like) continue;
    const counts = (side: "original" | "suspect") => ({
      matched: against[side]?.matched ?? 0,
      of: against[side]?.of ?? 0,
    });
    reasons.push(
      reason("token-control", { position, original: counts("original"), suspect: counts("suspect") }),
    );
  }
  return reasons;
}

function searchReasons(search: InvariantStatistics["search"]): Reason[] {
  if (search === null) return [];
  const { agree, references, candidates, layer, by, ownIndex, calibratedBy, found, matchedRows } = search;
  const facts = { agree, references, candidates, layer, ownIndex };
  const reasons = [reason(by === "tokens" ? "neurons-searched-through-tokens" : "neurons-searched", facts)];
  const counts = search.controls.flatMap(({ agree: count }) => (count === null ? [] : [count]));
  if (counts.length > 0) reasons.push(reason("search-controls", { counts, references }));
  if (found) reasons.push(reason("control-calibrated", { controls: calibratedBy }));
  else if (matchedRows !== null)
    reasons.push(reason("control-calibrated-no-controls", { controls: calibratedBy }));
  if (matchedRows !== null) reasons.push(reason("matched-rows", { ...matchedRows }));
  return reasons;
}

function headReasons(heads: InvariantStatistics["heads"]): Reason[] {
  return heads === null || heads.agree === 0 ? [] : [reason("heads-matched", { ...heads })];
}
