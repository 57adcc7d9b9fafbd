import { compare } from "@/lib/engine/compare";
import type { ReleaseReader } from "@/lib/engine/io/source/release";
import type { ResultDocument } from "@/lib/engine/result/document";

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

/** The result that anybody gets who compares the two files, without ancestors: none is known of any of them. */
export async function compareReal(
  original: ReleaseReader,
  suspect: ReleaseReader,
  level: 2 | 3,
): Promise<ResultDocument> {
  const sides = { original, suspect, ancestors: [], controls: [] };
  const { result } = await compare(sides, { methods, nonce: "", screened: 1, level });
  return result;
}
