import { fromBase64, text } from "./bytes";
import { LogError } from "./errors";
import { parseVerifierKey, type VerifierKey } from "./note";
import { requireKeys, strictJson } from "./strict-json";

/** Files of a bundle by their names, as they stand in the zip. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>;

export const refused = (name: string, problem: string) => new LogError("malformed", `${name}: ${problem}`);

export function fileOf(files: BundleFiles, name: string): Uint8Array {
  const bytes = files.get(name);
  if (bytes === undefined) throw refused(name, "is missing");
  return bytes;
}

/** Names the file in which something was wrong. */
export function within<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof LogError) throw new LogError(error.code, `${name}: ${error.message}`);
    throw error;
  }
}

const begins = "-----BEGIN PUBLIC KEY-----\n";
const ends = "-----END PUBLIC KEY-----\n";

/** RFC 7468 in its one strict form: lines of 64. */
export function spkiOfPem(pem: string): Uint8Array {
  const body = pem.slice(begins.length, -ends.length);
  const lines = body.replaceAll("\n", "").replace(/.{1,64}/g, "$&\n");
  if (pem !== begins + lines + ends) throw new LogError("malformed", "is not a public key in PEM");
  return fromBase64(lines.replaceAll("\n", ""));
}

/** Verifier keys, one a line. */
export function verifierKeys(files: BundleFiles, name: string, type: number): readonly VerifierKey[] {
  return within(name, () => {
    const lines = text(fileOf(files, name)).split("\n");
    if (lines.pop() !== "") throw new LogError("malformed", "does not end with a line");
    const keys = lines.map(parseVerifierKey);
    if (keys.some((key) => key.type !== type)) throw new LogError("bad-key", "is a key of another kind");
    return keys;
  });
}

export interface Redaction {
  readonly statement: boolean;
  readonly payloads: readonly string[];
  readonly tombstone: number;
}

/** What was taken down of the entry; null for nothing. */
export function redactionOf(files: BundleFiles): Redaction | null {
  const bytes = files.get("redacted.json");
  if (bytes === undefined) return null;
  return within("redacted.json", () => {
    const value = requireKeys(strictJson(bytes), ["payloads", "statement", "tombstone"], "the note");
    const { payloads: gone, statement, tombstone } = value;
    if (typeof statement !== "boolean" || typeof tombstone !== "number" || !Array.isArray(gone))
      throw new LogError("malformed", "is not a note of a redaction");
    return { statement, tombstone, payloads: gone.filter((one) => typeof one === "string") };
  });
}
