import { canonicalJson, sha256Hex } from "../formats/canonical-json";
import { malformed, parseStrictJson } from "../formats/strict-json";
import { unpackFloats, unpackInt8 } from "./packed";
import {
  anyFingerprintSchema,
  type Fingerprint,
  fullSchemaName,
  lightSketchWidth,
  projectedWidth,
  sketchWidth,
} from "./schema";
import { signatureHolds } from "./signature";

/** A fingerprint without what depends on the rest of it. */
export type Unsigned<T extends Fingerprint = Fingerprint> = Omit<T, "digest" | "signature">;

/** Large enough for a model of 100 billion parameters with many experts; never read beyond. */
export const largestFingerprint = 64 * 1024 * 1024;

/** "sha256:" + SHA-256 of the canonical JSON (RFC 8785) of everything but digest and signature. */
export function fingerprintDigest(document: Unsigned | Fingerprint): string {
  const { digest: _digest, signature: _signature, ...content } = document as Fingerprint;
  return `sha256:${sha256Hex(canonicalJson(content))}`;
}

export function withDigest<T extends Fingerprint>(content: Unsigned<T>): T {
  return { ...content, digest: fingerprintDigest(content as unknown as Unsigned) } as unknown as T;
}

/**
 * A fingerprint file, judged: strict JSON, schema, packed numbers, sorted lists, digest, and the signature where there
 * is one. Any byte changed ends in EngineError "malformed-file" that says what does not hold.
 */
export function parseFingerprint(bytes: Uint8Array, path: string): Fingerprint {
  const parsed = anyFingerprintSchema.safeParse(parseStrictJson(bytes, path));
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join(".") || "schema";
    throw malformed(path, `it is not a Slipmark fingerprint (${place})`);
  }
  const document = parsed.data;
  const trouble = troubleWith(document);
  if (trouble !== null) throw malformed(path, trouble);
  if (document.digest !== fingerprintDigest(document))
    throw malformed(path, "its digest is not that of its content");
  if (document.signature !== undefined && !signatureHolds(document.digest, document.signature)) {
    throw malformed(path, "its signature does not hold");
  }
  return document;
}

/** One line of canonical JSON: the file that is written, downloaded and hashed. */
export function fingerprintText(document: Fingerprint): string {
  return `${canonicalJson(document)}\n`;
}

function troubleWith(document: Fingerprint): string | null {
  if (!ascending(document.tensors.map(({ name }) => name))) return "its tensors are not sorted by name";
  if (document.tokenizer && !ascending(document.tokenizer.hashes)) return "its token hashes are not sorted";
  if (!ascending(document.code)) return "its program files are not sorted";
  for (const { name, shape, rows, cols } of document.tensors) {
    const elements = shape.reduce((product, size) => product * size, 1);
    if (!Number.isSafeInteger(elements) || rows * cols !== elements)
      return `the shape of ${name} is impossible`;
  }
  return document.schema === fullSchemaName ? troubleInFull(document) : troubleInLight(document);
}

function troubleInFull(document: Extract<Fingerprint, { schema: typeof fullSchemaName }>): string | null {
  const byName = new Map(document.tensors.map((tensor) => [tensor.name, tensor]));
  for (const { name, sketch, rowNorms } of document.tensors) {
    if (unpackFloats(sketch, sketchWidth) === null) return `the sketch of ${name} is unusable`;
    if (rowNorms?.some((norm, index) => norm < (rowNorms[index - 1] ?? 0)))
      return `the row norms of ${name} are not sorted`;
  }
  if (!ascending(document.projected.map(({ tensor }) => tensor))) return "its projected rows are not sorted";
  for (const { tensor, rows, values } of document.projected) {
    if (rows > (byName.get(tensor)?.rows ?? 0)) return `${tensor} has no such rows`;
    if (unpackInt8(values, rows * projectedWidth) === null) return `the rows of ${tensor} are unusable`;
  }
  const { embeddings } = document;
  if (embeddings && unpackFloats(embeddings.sketch, sketchWidth) === null)
    return "the sketch of its embeddings is unusable";
  return null;
}

function troubleInLight(document: Exclude<Fingerprint, { schema: typeof fullSchemaName }>): string | null {
  for (const { name, run, rows, cols } of document.tensors) {
    if (run === null) continue;
    if (run.end <= run.start || run.end > rows * cols) return `the sampled run of ${name} is impossible`;
    if (unpackFloats(run.sketch, lightSketchWidth) === null) return `the sketch of ${name} is unusable`;
  }
  return null;
}

const ascending = (names: readonly string[]): boolean =>
  names.every((name, index) => index === 0 || (names[index - 1] as string) < name);
