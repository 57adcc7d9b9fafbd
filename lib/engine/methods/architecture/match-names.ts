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
/** More renames than this explain nothing: every name would have a rule of its own. */
const maxRenames = 256;

/**
 * Pairs the tensors of two releases: equal names first, then under the fewest and shortest renames that explain the
 * rest. A rename is only taken when it is the one possibility; what stays ambiguous stays unpaired.
 */
export function matchNames(original: readonly Spelling[], suspect: readonly Spelling[]): NameMatch {
  const theirs = new Set(suspect.map(({ name }) => name));
  const equal = original.map(({ name }) => name).filter((name) => theirs.has(name));
  const kept = new Set(equal);
  const rest: Rest = {
    original: original.filter(({ name }) => !kept.has(name)),
    suspect: suspect.filter(({ name }) => !kept.has(name)),
  };
  const found = isSearchable(original, suspect) ? explainRest(rest, equal) : { pairs: [], renames: [], rest };
  return {
    pairs: new Map([...equal.map((name) => [name, name] as const), ...found.pairs]),
    renames: found.renames,
    unpaired: {
      original: found.rest.original.map(({ name }) => name).sort(),
      suspect: found.rest.suspect.map(({ name }) => name).sort(),
    },
  };
}

function isSearchable(original: readonly Spelling[], suspect: readonly Spelling[]): boolean {
  const short = ({ name }: Spelling) => name.split(".", maxParts + 1).length <= maxParts;
  return original.length + suspect.length <= maxNames && [...original, ...suspect].every(short);
}

/** Words first, then prefixes. No beginning or word is renamed twice, so that the renames can be read as a map. */
function explainRest(start: Rest, equal: readonly string[]) {
  const words = wordRenames(start, equal);
  const prefixes = prefixRenames(words.rest, words.renames);
  const renames = [...words.renames, ...prefixes.renames];
  if (renames.length > maxRenames) return { pairs: [], renames: [], rest: start };
  return {
    pairs: [...words.pairs, ...prefixes.pairs],
    renames: renames.sort((a, b) => b.tensors - a.tensors || (a.original < b.original ? -1 : 1)),
    rest: prefixes.rest,
  };
}
