import type { Rename } from "./schema";
import { isNumber, type Rest, type Spelling, type Step } from "./spellings";

const maxDepth = 3;
const maxPrefixes = 64;
const maxRounds = 32;

interface Candidate {
  readonly mine: string;
  readonly other: string;
  readonly pairs: ReadonlyMap<string, string>;
  /** How many of the pairs have one shape, where shapes are known. */
  readonly alike: number;
}

/**
 * Finds beginnings that were put in front, taken away or exchanged ("" for none): "model." → "base_model.model.".
 * Each round takes the pair of beginnings that brings most names together, of equals the one whose shapes agree more
 * often, then the shorter one; it must bring together at least two names and half of what the smaller side still has
 * under it.
 */
export function prefixRenames(start: Rest, earlier: readonly Rename[]): Step {
  let rest = start;
  const usedMine = new Set(earlier.map(({ original }) => original));
  const usedTheirs = new Set(earlier.map(({ suspect }) => suspect));
  const pairs = new Map<string, string>();
  const renames: Rename[] = [];
  for (let round = 0; round < maxRounds; round++) {
    const best = bestCandidate(rest, usedMine, usedTheirs);
    if (best === null) break;
    usedMine.add(best.mine);
    usedTheirs.add(best.other);
    for (const [mine, other] of best.pairs) pairs.set(mine, other);
    renames.push({ original: best.mine, suspect: best.other, kind: "prefix", tensors: best.pairs.size });
    const taken = new Set(best.pairs.values());
    rest = {
      original: rest.original.filter(({ name }) => !best.pairs.has(name)),
      suspect: rest.suspect.filter(({ name }) => !taken.has(name)),
    };
  }
  return { pairs, renames, rest };
}

function bestCandidate(
  rest: Rest,
  usedMine: ReadonlySet<string>,
  usedTheirs: ReadonlySet<string>,
): Candidate | null {
  const candidates: Candidate[] = [];
  const theirs = beginnings(rest.suspect);
  for (const [mine, endings] of beginnings(rest.original)) {
    for (const [other, otherEndings] of theirs) {
      if (mine === other || usedMine.has(mine) || usedTheirs.has(other)) continue;
      const pairs = new Map<string, string>();
      let alike = 0;
      for (const [ending, { name, shape }] of endings) {
        const partner = otherEndings.get(ending);
        if (partner === undefined) continue;
        pairs.set(name, partner.name);
        if (partner.shape === shape) alike += 1;
      }
      const enough = Math.max(2, Math.min(endings.size, otherEndings.size) / 2);
      if (pairs.size >= enough) candidates.push({ mine, other, pairs, alike });
    }
  }
  candidates.sort((a, b) => byRank(a, b) || order(a, b));
  const [best, second] = candidates;
  if (best === undefined) return null;
  const rivals =
    second !== undefined &&
    byRank(best, second) === 0 &&
    (best.mine === second.mine || best.other === second.other);
  return rivals ? null : best;
}

function byRank(a: Candidate, b: Candidate): number {
  return (
    b.pairs.size - a.pairs.size ||
    b.alike - a.alike ||
    depth(a.mine) + depth(a.other) - depth(b.mine) - depth(b.other)
  );
}

/** Beginning → (ending → tensor), for the most frequent beginnings of up to three words that hold no number. */
function beginnings(tensors: readonly Spelling[]): [string, Map<string, Spelling>][] {
  const all = new Map<string, Map<string, Spelling>>();
  for (const tensor of tensors) {
    const segments = tensor.spelt.split(".");
    for (let length = 0; length <= maxDepth && length < segments.length; length++) {
      if (length > 0 && isNumber(segments[length - 1] as string)) break;
      const beginning = segments.slice(0, length).join(".");
      const endings = all.get(beginning) ?? new Map<string, Spelling>();
      endings.set(segments.slice(length).join("."), tensor);
      all.set(beginning, endings);
    }
  }
  return [...all].sort((a, b) => b[1].size - a[1].size || (a[0] < b[0] ? -1 : 1)).slice(0, maxPrefixes);
}

function depth(beginning: string): number {
  return beginning === "" ? 0 : beginning.split(".").length;
}

function order(a: Candidate, b: Candidate): number {
  return a.mine < b.mine || (a.mine === b.mine && a.other < b.other) ? -1 : 1;
}
