import type { ReleaseReader } from "../io/source/release";
import { largestFingerprint, parseFingerprint } from "./document";
import type { Fingerprint } from "./schema";

/** The one file of a release that is a fingerprint. */
export const fingerprintFile = "fingerprint.json";

const read = new WeakMap<ReleaseReader, Promise<Fingerprint | null>>();

/**
 * The fingerprint that a release is, or null for a release of any other kind. Read once a reader.
 * @throws EngineError "malformed-file"
 */
export function fingerprintOf(reader: ReleaseReader, signal?: AbortSignal): Promise<Fingerprint | null> {
  const known = read.get(reader);
  if (known !== undefined) return known;
  const { kind, files } = reader.release;
  const made =
    kind === "fingerprint" && files.length === 1
      ? reader
          .readWhole(fingerprintFile, largestFingerprint, signal)
          .then((bytes) => bytes && parseFingerprint(bytes, fingerprintFile))
      : Promise.resolve(null);
  read.set(reader, made);
  return made;
}
