import type { Origin, ReferenceSet } from "./input";

/** Names a family: any of its members. */
export type Family = number;

/**
 * Which references are one observation: those of one stated family, of one base, of one maker, with weights in common
 * (`kin`), or `alike` in their errors as only copies are; and whoever is joined by these. A text can join references, and
 * never part them. What original and suspect share joins nobody: there the question is how such siblings agree. p_secret
 * assumes nothing of how models answer, so that only stated families count for it.
 */
export function familiesOf<T extends { readonly set: ReferenceSet }>(
  references: readonly T[],
  alike: readonly (readonly [T, T])[],
  primary: "secret" | "robust" | "rank",
  shared: Origin | null,
): Map<T, Family> {
  const parents = references.map((_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    while (parents[root] !== root) root = parents[root] as number;
    return root;
  };
  const join = (a: number, b: number) => {
    parents[rootOf(a)] = rootOf(b);
  };
  const first = new Map<string, number>();
  references.forEach(({ set }, at) => {
    for (const mark of primary === "secret" ? [`family:${nameKey(set.family)}`] : marksOf(set, shared)) {
      const known = first.get(mark);
      if (known === undefined) first.set(mark, at);
      else join(at, known);
    }
  });
  const positions = new Map(references.map((reference, at) => [reference, at]));
  for (const [a, b] of alike) join(positions.get(a) as number, positions.get(b) as number);
  return new Map(references.map((reference, at) => [reference, rootOf(at)]));
}

/** "base:Org/Name" as base:org/name. */
function markKey(mark: string): string {
  const end = mark.indexOf(":") + 1;
  return mark.slice(0, end) + nameKey(mark.slice(end));
}

function marksOf({ family, origin, kin = [] }: ReferenceSet, shared: Origin | null): string[] {
  const told = (["base", "vendor"] as const).flatMap((key) => {
    const value = origin?.[key];
    return value === undefined ? [] : [`${key}:${nameKey(value)}`];
  });
  const common = new Set(
    (["base", "vendor"] as const).flatMap((key) => {
      const value = shared?.[key];
      return value === undefined ? [] : [`${key}:${nameKey(value)}`];
    }),
  );
  return [`family:${nameKey(family)}`, ...[...told, ...kin.map(markKey)].filter((mark) => !common.has(mark))];
}

/** Names are compared without capitals, and what stands between words is one thing: "Example Lab" is example-lab. */
export const nameKey = (name: string) =>
  name
    .normalize("NFC")
    .trim()
    .toLowerCase()
    .replace(/[\s_.-]+/g, "-");
