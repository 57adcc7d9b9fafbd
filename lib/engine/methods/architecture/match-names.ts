import { prefixRenames } from "./prefix-renames";
import type { Rename } from "./schema";
import type { Rest, Spelling } from "./spellings";
import { wordRenames } from "./word-renames";

export interface NameMatch {
  /** Original name → suspect name, one to one. */
  readonly pairs: ReadonlyMap<string, string>;
  readonly renames: readonly Rename[];
  readonly unpaired: { readonly original: readonly string[]; readonly suspect: readonly string[] };
}

/** Beyond so many names, or parts of one name, only equal names are paired: nothing real comes near, and the search must end. */
const maxNames = 200_000;
const maxParts = 32;

/**
 * Pairs the tensors of two releases: equal names first, then under the fewest and shortest renames that explain the
 * rest. A rename is only taken when it is the one possibility; what stays ambiguous stays unpaired.
 */
export function matchNames(original: readonly Spelling[], suspect: readonly Spelling[]): NameMatch {
  const pairs = new Map<string, string>();
  const theirs = new Set(suspect.map(({ name }) => name));
  for (const { name } of original) if (theirs.has(name)) pairs.set(name, name);
  let state: Rest = {
    original: original.filter(({ name }) => !pairs.has(name)),
    suspect: suspect.filter(({ name }) => !pairs.has(name)),
  };
  const renames: Rename[] = [];
  const short = ({ name }: Spelling) => name.split(".", maxParts + 1).length <= maxParts;
  if (original.length + suspect.length <= maxNames && [...original, ...suspect].every(short)) {
    const common = [...pairs.keys()];
    for (const step of [wordRenames, prefixRenames]) {
      const found = step(state, common);
      for (const [mine, other] of found.pairs) pairs.set(mine, other);
      renames.push(...found.renames);
      state = found.rest;
    }
  }
  return {
    pairs,
    renames: renames.sort((a, b) => b.tensors - a.tensors || (a.original < b.original ? -1 : 1)),
    unpaired: {
      original: state.original.map(({ name }) => name).sort(),
      suspect: state.suspect.map(({ name }) => name).sort(),
    },
  };
}
