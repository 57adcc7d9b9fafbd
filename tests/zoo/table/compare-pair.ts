import { compare } from "@/lib/engine/compare";
import type { ResultDocument } from "@/lib/engine/result/document";
import type { ZooPair } from "../truth";
import { zooRelease } from "../zoo";

const methods = [
  "identity",
  "architecture",
  "tokenizer",
  "weights/aligned",
  "weights/independence",
  "weights/invariant",
  "weights/full",
  "lineage",
];

/** The result of one pair as anybody would get it; every byte is read where only that can tell. */
export async function comparePair({
  original,
  suspect,
  ancestors,
  controls,
  truth,
}: ZooPair): Promise<ResultDocument> {
  const level = truth.kind === "same" ? 3 : 2;
  const open = (names: readonly string[]) => Promise.all(names.map(zooRelease));
  const { result } = await compare(
    {
      original: await zooRelease(original),
      suspect: await zooRelease(suspect),
      ancestors: await open(ancestors),
      controls: await open(controls),
    },
    { methods, nonce: "", screened: 1, level },
  );
  return result;
}

/** Transformations that a result names beyond what is right or tolerated, and those that it misses. */
export function transformationErrors({ truth }: ZooPair, { summary }: ResultDocument): readonly string[] {
  const right = truth.transformations;
  if (right === null) return [];
  const missed = right.filter((code) => !summary.transformations.includes(code));
  const wrong = summary.transformations.filter(
    (code) => !right.includes(code) && !truth.tolerated.includes(code),
  );
  return [...missed.map((code) => `-${code}`), ...wrong.map((code) => `+${code}`)];
}
