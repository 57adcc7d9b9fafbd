import type { TensorTable } from "../../formats/tensor-table";
import type { Transformation } from "../../result/document";
import type { ConfigFile } from "./config-edits";
import type { NameMatch } from "./match-names";
import { groupOfPair } from "./roles";

/**
 * What metadata alone can establish about how one layout became the other. Only asked of structures that correspond;
 * the order is that of the published list.
 */
export function transformations(
  original: TensorTable,
  suspect: TensorTable,
  match: NameMatch,
  configs: readonly (ConfigFile | null)[],
): Transformation[] {
  const pairs = [...match.pairs];
  const facts = pairs.map(([a, b]) => [a, b, original.tensors.get(a), suspect.tensors.get(b)] as const);
  const recast = facts.some(
    ([, , a, b]) => a?.dtype && b?.dtype && a.dtype !== b.dtype && a.shape?.join() === b.shape?.join(),
  );
  const embeddings = facts.some(
    ([a, b, mine, theirs]) =>
      groupOfPair(a, b) === "embeddings" && mine?.shape && theirs?.shape && mine.shape[0] !== theirs.shape[0],
  );
  const found: Transformation[] = [];
  if (match.renames.length > 0) found.push("renamed");
  if (isReordered(original, suspect, match)) found.push("reordered");
  if (original.shards !== suspect.shards) found.push("resharded");
  if (recast) found.push("recast");
  if (embeddings || vocabularySizesDiffer(configs)) found.push("vocabulary-changed");
  return found;
}

function isReordered(original: TensorTable, suspect: TensorTable, match: NameMatch): boolean {
  if (original.byteOrder === null || suspect.byteOrder === null) return false;
  const paired = new Set(match.pairs.values());
  const mine = original.byteOrder.flatMap((name) => match.pairs.get(name) ?? []);
  const theirs = suspect.byteOrder.filter((name) => paired.has(name));
  return mine.some((name, at) => name !== theirs[at]);
}

function vocabularySizesDiffer([original, suspect]: readonly (ConfigFile | null)[]): boolean {
  const [a, b] = [original?.values.vocab_size, suspect?.values.vocab_size];
  return typeof a === "number" && typeof b === "number" && a !== b;
}
