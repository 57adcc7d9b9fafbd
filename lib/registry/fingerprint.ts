import { canonicalJson, sha256Hex } from "@/lib/engine/formats/canonical-json";
import { baseName, locate } from "@/lib/engine/formats/metadata-files";
import type { ListedFile } from "@/lib/engine/io/source/release";
import type { ReleaseSource } from "./dto";
import type { MetadataFile, TensorSummary } from "./schema";

export const fingerprintSchema = "slipmark.fingerprint-metadata/v1";

/** One tensor as a header or an index states it; dtype and shape are null where only the name is known. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: string | null;
  readonly shape: readonly number[] | null;
}

/** The canonical tensor table: [[name, dtype, shape], …] by name in code-unit order. Its SHA-256 names it. */
export function tensorTable(tensors: readonly TensorEntry[]): string {
  const sorted = [...tensors].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return canonicalJson(sorted.map(({ name, dtype, shape }) => [name, dtype, shape]));
}

const tokenizerFiles = new Set([
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.json",
  "merges.txt",
  "tokenizer.model",
]);

export interface FingerprintInput {
  readonly source: ReleaseSource;
  readonly repository: string;
  readonly commit: string;
  readonly files: readonly ListedFile[];
  readonly metadata: readonly MetadataFile[];
  readonly tensors: TensorSummary | null;
  /** Bytes of a kept file, or null. */
  readonly bytesOf: (sha256: string) => Promise<Uint8Array | null>;
}

/**
 * The metadata fingerprint of a release as a canonical document and its SHA-256. Nothing in it depends on who looks,
 * when, or through which mirror, so two people who register the same commit get the same digest.
 */
export async function metadataFingerprint(
  input: FingerprintInput,
): Promise<{ readonly document: string; readonly sha256: string }> {
  const contents: [path: string, content: string][] = [];
  for (const file of input.files)
    if (tokenizerFiles.has(baseName(file.path))) contents.push([file.path, await contentKey(file, input)]);
  contents.sort(([a], [b]) => (a < b ? -1 : 1));
  const { source, repository, commit, tensors, files } = input;
  const configPath = locate({ kind: source, repository, commit, files }, "config.json")?.path;
  const config = input.metadata.find(({ path }) => path === configPath);
  const document = canonicalJson({
    schema: fingerprintSchema,
    release: { source, repository, commit },
    files: filesDigest(input.files),
    config: config ? await jsonDigest(await input.bytesOf(config.sha256)) : null,
    tokenizer: contents.length === 0 ? null : sha256Hex(canonicalJson(contents)),
    tensors: tensors && {
      source: tensors.source,
      count: tensors.count,
      parameters: tensors.parameters,
      table: tensors.table,
      structure: tensors.structure,
    },
  });
  return { document, sha256: sha256Hex(document) };
}

/** SHA-256 of the canonical listing: path, size and ids of every file, in code-unit order of the paths. */
export function filesDigest(files: readonly ListedFile[]): string {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return sha256Hex(
    canonicalJson(sorted.map(({ path, size, gitOid, lfsSha256 }) => ({ path, size, gitOid, lfsSha256 }))),
  );
}

/** "json:" for kept JSON (layout does not count), "sha256:" for other kept bytes, else the id the listing gives. */
async function contentKey(file: ListedFile, input: FingerprintInput): Promise<string> {
  const kept = input.metadata.find(({ path }) => path === file.path);
  if (kept) {
    const json = file.path.endsWith(".json") ? await jsonDigest(await input.bytesOf(kept.sha256)) : null;
    return json === null ? `sha256:${kept.sha256}` : `json:${json}`;
  }
  if (file.lfsSha256 !== null) return `sha256:${file.lfsSha256}`;
  return file.gitOid === null ? "unknown" : `git:${file.gitOid}`;
}

async function jsonDigest(bytes: Uint8Array | null): Promise<string | null> {
  if (bytes === null) return null;
  try {
    return sha256Hex(canonicalJson(JSON.parse(Buffer.from(bytes).toString("utf8"))));
  } catch {
    return null;
  }
}
