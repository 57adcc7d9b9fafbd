import { EngineError } from "../errors";
import { makeFullFingerprint } from "../fingerprint/make-full";
import { makeLightFingerprint } from "../fingerprint/make-light";
import type { Fingerprint } from "../fingerprint/schema";
import type { LeafStore } from "../weights/full-pass-store";
import { openWeights } from "../weights/open-weights";
import type { ReleaseReader } from "./source/release";

export interface FingerprintOptions {
  readonly light: boolean;
  /** Keeps what a full one has read, so that it goes on after a stop. */
  readonly store?: LeafStore;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { phase: string; done: number; total: number }) => void;
}

/**
 * The fingerprint of an opened release. @throws EngineError "bad-input" for a release without weights that can be read,
 * and whatever the reader and the formats throw
 */
export async function fingerprintRelease(
  reader: ReleaseReader,
  { light, signal, onProgress, store, threads }: FingerprintOptions,
): Promise<Fingerprint> {
  if (reader.release.kind === "fingerprint")
    throw new EngineError("bad-input", "This is a fingerprint already");
  onProgress?.({ phase: "headers", done: 0, total: 1 });
  const weights = await openWeights(reader, signal);
  if (weights === null || weights.tensors.size === 0) {
    throw new EngineError("bad-input", "The release has no weights that can be read");
  }
  const hooks = {
    ...(signal ? { signal } : {}),
    onProgress: (part: number) =>
      onProgress?.({ phase: light ? "samples" : "weights", done: part, total: 1 }),
  };
  if (light) return makeLightFingerprint(reader, weights, hooks);
  return makeFullFingerprint(reader, weights, {
    ...hooks,
    ...(store ? { store } : {}),
    ...(threads === undefined ? {} : { threads }),
  });
}
