import { log10 } from "../../statistics/elementary";
import type { Column } from "./coding";
import { copiesAmong, type Left, sameWeights } from "./copies";
import { type Family, familiesOf } from "./families";
import type { JudgeInput, Origin, ReferenceSet } from "./input";
import { type Closeness, rankP } from "./rank";
import { fewestReferences, type Robust, robustP } from "./robust";

/** Chance hits of a reference below this, divided by the number of references, are no chance. */
const knowsTargets = 1e-3;

/** A reference that counts, held against the original. */
export interface Candidate {
  readonly set: ReferenceSet;
  readonly column: Column;
  /** Shares what original and suspect share. */
  readonly matched: boolean;
  readonly close: Closeness;
}

/** What a panel is held against. */
export interface Sides {
  readonly input: JudgeInput;
  readonly original: Column;
  readonly suspect: Column;
  /** How close the suspect stands to the original. */
  readonly close: Closeness;
  readonly shared: Origin | null;
  /** Committed items that nothing can be held against. */
  readonly missing: number;
  /** log10 of the chance of a column's hits; null for sets without labels. */
  readonly labelTail: ((column: Column) => number) | null;
}

/** What a panel of references comes to. */
export interface Weighed {
  readonly left: ReadonlyMap<Candidate, Left>;
  /** Of each family the usable member closest to the original. */
  readonly speaking: ReadonlySet<Candidate>;
  readonly families: number;
  readonly matched: number;
  readonly robust: Robust | null;
  readonly rank: Rank | null;
}

export type Rank = ReturnType<typeof rankP> & { readonly references: number };

/** Leaves copies out, lets one member of each family speak, and computes what rests on references. */
export function weigh(sides: Sides, panel: readonly Candidate[]): Weighed {
  const { left, alike } = leftOut(sides, panel);
  const families = familiesOf(panel, alike, sides.input.terms.primary, sides.shared);
  const speaking = closestOf(
    panel.filter((one) => !left.has(one)),
    families,
  );
  const matched = [...speaking].filter((one) => one.matched).length;
  // A model with other origins than both sides is not exchangeable with the suspect. Copies found by their answers
  // stay in the rank: leaving out what looks close would make it inexact.
  const peers = closestOf(
    panel.filter((one) => one.matched && left.get(one)?.excluded !== "same-weights"),
    families,
  );
  return {
    left,
    speaking,
    families: speaking.size,
    matched,
    robust: robustOf(sides, speaking, matched),
    rank: peers.size === 0 ? null : rankOf(sides.close, [...peers]),
  };
}

function rankOf(close: Closeness, peers: readonly Candidate[]): Rank {
  return {
    ...rankP(
      close,
      peers.map((peer) => peer.close),
    ),
    references: peers.length,
  };
}

function robustOf(
  { input, original, suspect, shared, missing }: Sides,
  speaking: ReadonlySet<Candidate>,
  matched: number,
): Robust | null {
  if (input.terms.kind === "random-label") return null;
  if (shared !== null && matched < input.terms.needsReferences) return null;
  if (matched < fewestReferences) return null;
  const known = [...speaking].map(({ column, matched: counts }) => ({ coded: column.coded, counts }));
  return robustP(original.coded, suspect.coded, known, missing);
}

function leftOut(
  { input, original, suspect, labelTail }: Sides,
  panel: readonly Candidate[],
): {
  readonly left: Map<Candidate, Left>;
  readonly alike: readonly (readonly [Candidate, Candidate])[];
} {
  const left = new Map<Candidate, Left>();
  const sets = panel.map(({ set }) => set);
  for (const [at, why] of sameWeights(input.original, input.suspect, sets))
    left.set(panel[at] as Candidate, why);
  const rest = panel.filter((one) => !left.has(one));
  if (labelTail !== null) {
    const bound = log10(knowsTargets / Math.max(rest.length, 1));
    for (const one of rest)
      if (labelTail(one.column) <= bound) left.set(one, { excluded: "knows-targets", by: null });
    return { left, alike: [] };
  }
  const copies = copiesAmong(
    { name: input.original.name, coded: original.coded },
    { name: input.suspect.name, coded: suspect.coded },
    rest.map(({ set, column }) => ({ name: set.name, coded: column.coded })),
  );
  for (const [at, why] of copies.left) left.set(rest[at] as Candidate, why);
  return { left, alike: copies.alike.map(([a, b]) => [rest[a] as Candidate, rest[b] as Candidate]) };
}

/**
 * Of each family the member closest to the original: variants of one model are one observation, and whatever else were
 * taken of them would make the panel look larger or more distant than it is (ADR 22).
 */
function closestOf(
  references: readonly Candidate[],
  families: ReadonlyMap<Candidate, Family>,
): Set<Candidate> {
  const closest = new Map<Family, Candidate>();
  for (const reference of references) {
    const family = families.get(reference) as Family;
    const known = closest.get(family);
    if (known === undefined || closer(reference.close, known.close)) closest.set(family, reference);
  }
  return new Set(closest.values());
}

const closer = (a: Closeness, b: Closeness) => a.numerator * b.denominator > b.numerator * a.denominator;
