import { locate } from "../../formats/metadata-files";
import { contentKey } from "../identity/equal-files";
import type { MethodInput } from "../method";
import type { TokenizerFilePair } from "./schema";

const names = [
  "tokenizer.json",
  "tokenizer_config.json",
  "tokenizer.model",
  "vocab.json",
  "merges.txt",
  "vocab.txt",
  "added_tokens.json",
  "special_tokens_map.json",
];

/** Tokenizer files of both sides, compared by the listings' hashes. */
export function filePairs({ original, suspect, ancestors }: MethodInput): TokenizerFilePair[] {
  return names.flatMap((name) => {
    const a = locate(original.release, name);
    const b = locate(suspect.release, name);
    if (a === null && b === null) return [];
    const hash = a && contentKey(a)?.hash;
    const equal = a !== null && b !== null && hash != null && hash === contentKey(b)?.hash;
    const inAncestor =
      equal && ancestors.some(({ release }) => release.files.some((file) => contentKey(file)?.hash === hash));
    return [
      {
        name,
        original: a?.path ?? null,
        suspect: b?.path ?? null,
        same: a === null || b === null ? "one-side" : equal ? "hash" : "not-by-hash",
        hash: equal ? hash : null,
        inAncestor,
      } satisfies TokenizerFilePair,
    ];
  });
}
