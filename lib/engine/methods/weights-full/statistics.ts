import { sha256Hex } from "../../formats/canonical-json";
import { byCodeUnit } from "../../formats/metadata-files";
import {
  type FullRead,
  groupOrder,
  isCounted,
  type ReadPair,
  type ReadSide,
  type ReadTensor,
} from "../../weights/full-read";
import { beyondAncestors, comparedOver, roundedShape } from "./pair-sums";
import type { WeightsFullStatistics } from "./schema";

const mostTensors = 400;

export function weightsFullStatistics(read: FullRead): WeightsFullStatistics {
  const { original, suspect, ancestors } = read;
  // A table that anybody computes is nothing that the two share.
  const pairs = read.pairs.filter((pair) => !isConstructed(pair, read));
  const compared = pairs.filter(({ pass }) => pass !== null);
  const listed = compared.map((pair) => tensorRow(pair, read)).sort(byCorrelation);
  return {
    read: {
      original: readSide(original),
      suspect: readSide(suspect),
      ancestors: ancestors.map(readSide),
    },
    leaves: leafCounts(read),
    unpaired: read.unpaired,
    notCompared: pairs.length - compared.length,
    constructed: read.pairs.length - pairs.length,
    compared: comparedOver(compared),
    groups: groupOrder.flatMap((group) => {
      const own = compared.filter((pair) => pair.group === group);
      return own.length === 0 ? [] : [{ group, compared: comparedOver(own) }];
    }),
    beyondAncestors: beyondAncestors(compared, read.subtracted),
    tensors: listed.slice(0, mostTensors),
    tensorsNotListed: Math.max(0, listed.length - mostTensors),
  };
}

function isConstructed(pair: ReadPair, { original, suspect }: FullRead): boolean {
  const [mine, theirs] = [original.tensors.get(pair.original.name), suspect.tensors.get(pair.suspect.name)];
  return mine?.constructed === true && theirs?.constructed === true;
}

function readSide({ files, tensors }: ReadSide) {
  const roots = [...tensors.values()].map(({ root }) => root);
  return {
    files: files.length,
    incomplete: files.filter(({ root }) => root === null).length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    tensors: tensors.size,
    leaves: files.reduce((sum, { leaves }) => sum + leaves, 0),
    digest:
      roots.includes(null) || roots.length === 0 ? null : sha256Hex((roots as string[]).sort().join("\n")),
  };
}

/** Leaves of counted tensors by their digest, wherever they stand. Each stretch once, however many tensors share it. */
function leafCounts({ original, suspect, ancestors }: FullRead): WeightsFullStatistics["leaves"] {
  const [mine, theirs] = [countedLeaves(original), countedLeaves(suspect)];
  const [a, b, older] = [new Set(mine), new Set(theirs), new Set(ancestors.flatMap(countedLeaves))];
  const equal = {
    original: mine.filter((leaf) => b.has(leaf)),
    suspect: theirs.filter((leaf) => a.has(leaf)),
  };
  const inAncestor = (leaves: readonly string[]) => leaves.filter((leaf) => older.has(leaf)).length;
  return {
    counted: { original: mine.length, suspect: theirs.length },
    equal: { original: equal.original.length, suspect: equal.suspect.length },
    inAncestor: { original: inAncestor(equal.original), suspect: inAncestor(equal.suspect) },
  };
}

function countedLeaves({ tensors }: ReadSide): string[] {
  const stretches = new Map<string, Uint8Array>();
  for (const tensor of tensors.values()) {
    if (!isCounted(tensor) || tensor.at === null || tensor.leaves === null) continue;
    stretches.set(`${tensor.at.start} ${tensor.at.path}`, tensor.leaves);
  }
  return [...stretches.values()].flatMap(leafList);
}

function leafList(leaves: Uint8Array): string[] {
  const hex = Buffer.from(leaves).toString("hex");
  return Array.from({ length: leaves.length / 32 }, (_, i) => hex.slice(i * 64, (i + 1) * 64));
}

function tensorRow(
  pair: ReadPair,
  { original, suspect }: FullRead,
): WeightsFullStatistics["tensors"][number] {
  const mine = original.tensors.get(pair.original.name);
  const theirs = suspect.tensors.get(pair.suspect.name);
  return {
    original: pair.original.name,
    suspect: pair.suspect.name,
    compared: comparedOver([pair]),
    leaves: leavesOf(mine, theirs),
    sketches: { original: mine?.sketch ?? null, suspect: theirs?.sketch ?? null },
    shapes: { original: roundedShape(mine?.shape ?? null), suspect: roundedShape(theirs?.shape ?? null) },
  };
}

/** Leaves at equal places, of tensors with bytes of one length. */
function leavesOf(mine: ReadTensor | undefined, theirs: ReadTensor | undefined) {
  if (!mine?.leaves || !theirs?.leaves || mine.leaves.length !== theirs.leaves.length) return null;
  const [a, b] = [leafList(mine.leaves), leafList(theirs.leaves)];
  return { of: a.length, equal: a.filter((leaf, i) => leaf === b[i]).length };
}

type Row = WeightsFullStatistics["tensors"][number];

/** Lowest correlation first, those without one before all; then by names, whichever side they are on. */
function byCorrelation(a: Row, b: Row): number {
  const [x, y] = [a.compared.cosine ?? -2, b.compared.cosine ?? -2];
  const names = ({ original, suspect }: Row) => [original, suspect].sort().join("\n");
  return x - y || byCodeUnit(names(a), names(b));
}
