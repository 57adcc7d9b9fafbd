import { createHash } from "node:crypto";

/** What a sketch is keyed by, beside row and column: 64 bits. */
export interface SketchKey {
  readonly low: number;
  readonly high: number;
}

/** The key of a public seed and the words that say which tensor it is (its role, its expert; not its name or layer). */
export function sketchKey(seed: string, words: readonly (string | number)[]): SketchKey {
  const digest = createHash("sha256")
    .update([seed, ...words].join("\n"))
    .digest();
  return { low: digest.readUInt32LE(0), high: digest.readUInt32LE(4) };
}
