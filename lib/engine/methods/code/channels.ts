import { rounded } from "../../statistics/round";
import type { CodeIndex } from "./code-index";
import { mappedWeight, oneToOne, type TextPairs } from "./name-map";
import type { Tile } from "./tiles";
import { kind } from "./tokens";

/** What matched tokens say beyond their structure. Every count is in token weights (rarity.ts). */
export interface Channels {
  /** Matched, on each side. */
  readonly massA: number;
  readonly massB: number;
  readonly identifiers: Agreement;
  readonly operators: Agreement;
  readonly literals: Agreement;
  /** Of identifier pairs, those that a one-to-one map explains. */
  readonly mapped: number;
}

export interface Agreement {
  readonly compared: number;
  readonly equal: number;
}

/** Channels of the matched tokens of one pair of functions; its pairs of names are added to `names`. */
export function channelsOf(
  tiles: readonly Tile[],
  a: CodeIndex,
  b: CodeIndex,
  weightA: Uint16Array,
  weightB: Uint16Array,
  sameText: Uint32Array,
  names: TextPairs,
): Channels {
  const sums = { massA: 0, massB: 0, ids: 0, sameIds: 0, ops: 0, sameOps: 0, lits: 0, sameLits: 0 };
  const pairs: TextPairs = new Map();
  for (const tile of tiles) {
    for (let i = 0; i < tile.length; i++) {
      const [at, to] = [tile.a + i, tile.b + i];
      // What an ancestor explains on one side (weight 0) is not evidence on the other.
      const [wa, wb] = [weightA[at] as number, weightB[to] as number];
      if (wa === 0 || wb === 0) continue;
      sums.massA += wa;
      sums.massB += wb;
      const tokenKind = a.kinds[at];
      if (tokenKind === kind.structure) continue;
      const weight = wa + wb;
      const [textA, textB] = [a.textOf[at] as number, b.textOf[to] as number];
      const same = sameText[textA] === textB;
      if (tokenKind === kind.identifier) {
        sums.ids += weight;
        if (same) sums.sameIds += weight;
        const key = textA * b.texts.length + textB;
        pairs.set(key, (pairs.get(key) ?? 0) + weight);
      } else if (tokenKind === kind.operator) {
        sums.ops += weight;
        if (same) sums.sameOps += weight;
      } else {
        sums.lits += weight;
        if (same) sums.sameLits += weight;
      }
    }
  }
  for (const [key, weight] of pairs) names.set(key, (names.get(key) ?? 0) + weight);
  return {
    massA: sums.massA,
    massB: sums.massB,
    identifiers: { compared: sums.ids, equal: sums.sameIds },
    operators: { compared: sums.ops, equal: sums.sameOps },
    literals: { compared: sums.lits, equal: sums.sameLits },
    mapped: mappedWeight(oneToOne(pairs, b.texts.length)),
  };
}

/** Channels of several matches, no token of which is in two; `mapped` is what one map explains of all their names. */
export function together(matches: readonly { readonly channels: Channels }[], mapped: number): Channels {
  const sum = (of: (channels: Channels) => number) =>
    matches.reduce((all, { channels }) => all + of(channels), 0);
  const agreement = (of: (channels: Channels) => Agreement) => ({
    compared: sum((channels) => of(channels).compared),
    equal: sum((channels) => of(channels).equal),
  });
  return {
    massA: sum(({ massA }) => massA),
    massB: sum(({ massB }) => massB),
    identifiers: agreement(({ identifiers }) => identifiers),
    operators: agreement(({ operators }) => operators),
    literals: agreement(({ literals }) => literals),
    mapped,
  };
}

/** For each text number of A the number of the equal text in B, or 0. */
export function equalTexts(a: CodeIndex, b: CodeIndex): Uint32Array {
  const numbers = new Map<string, number>();
  for (const [number, text] of b.texts.entries()) numbers.set(text, number);
  const equal = new Uint32Array(a.texts.length);
  for (const [number, text] of a.texts.entries()) equal[number] = numbers.get(text) ?? 0;
  return equal;
}

/** A share of what was compared; 1 where nothing was, since nothing disagrees. */
export function share({ compared, equal }: Agreement): number {
  return compared === 0 ? 1 : rounded(equal / compared);
}
