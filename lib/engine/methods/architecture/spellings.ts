import type { Rename } from "./schema";

/** A tensor on its way to a partner: its own name, and how it is spelt after the renames found so far. */
export interface Spelling {
  readonly name: string;
  readonly spelt: string;
  /** "768x768" where known, else "". */
  readonly shape: string;
}

export interface Rest {
  readonly original: readonly Spelling[];
  readonly suspect: readonly Spelling[];
}

export interface Step {
  readonly pairs: ReadonlyMap<string, string>;
  readonly renames: readonly Rename[];
  readonly rest: Rest;
}

/** Takes out of both sides what is now spelt alike. */
export function pairEqualSpellings(rest: Rest): { readonly pairs: Map<string, string>; readonly rest: Rest } {
  const theirs = new Map(rest.suspect.map(({ spelt, name }) => [spelt, name]));
  const pairs = new Map<string, string>();
  const taken = new Set<string>();
  for (const { spelt, name } of rest.original) {
    const other = theirs.get(spelt);
    if (other === undefined || taken.has(other)) continue;
    pairs.set(name, other);
    taken.add(other);
  }
  return {
    pairs,
    rest: {
      original: rest.original.filter(({ name }) => !pairs.has(name)),
      suspect: rest.suspect.filter(({ name }) => !taken.has(name)),
    },
  };
}

export function isNumber(segment: string): boolean {
  return /^[0-9]+$/.test(segment);
}
