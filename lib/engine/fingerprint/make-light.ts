import type { ReleaseReader } from "../io/source/release";
import type { ReleaseWeights } from "../weights/release-weights";
import { commonParts, namedTensor } from "./common-parts";
import { withDigest } from "./document";
import { sampleRuns } from "./sampled-runs";
import { type LightFingerprint, lightSchemaName } from "./schema";
import { tokenHashes } from "./token-hashes";

/**
 * The light fingerprint: headers, the tokenizer, and at most 0.5 % of the weights' bytes at fixed public positions. It
 * proposes candidates and nothing else: who knows the positions can change what lies there.
 */
export async function makeLightFingerprint(
  reader: ReleaseReader,
  weights: ReleaseWeights,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (part: number) => void } = {},
): Promise<LightFingerprint> {
  const tokens = await tokenHashes(reader, options.signal);
  const { runs, simhash } = await sampleRuns(weights, options);
  return withDigest<LightFingerprint>({
    schema: lightSchemaName,
    ...commonParts(reader, weights, tokens),
    sampledSimhash: simhash,
    tensors: [...weights.tensors.values()].map((tensor) => ({
      ...namedTensor(tensor),
      run: runs.get(tensor.name) ?? null,
    })),
  });
}
