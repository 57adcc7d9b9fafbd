import type { ListedFile } from "@/lib/engine/io/source/release";
import type { CaptureNote } from "./schema";

const MiB = 1024 * 1024;
export const metadataBounds = { file: 20 * MiB, total: 60 * MiB, files: 48 } as const;

// In the order of their worth: what falls over the bounds is what comes last.
const wanted: readonly RegExp[] = [
  /^config\.json$/,
  /^readme\.md$/i,
  /^(licen[cs]e|notice|copying)([._-][\w-]*)?(\.(txt|md|rst|pdf))?$/i,
  /^.*\.safetensors\.index\.json$/,
  /^tokenizer_config\.json$/,
  /^special_tokens_map\.json$/,
  /^added_tokens\.json$/,
  /^generation_config\.json$/,
  /^(pre)?processor_config\.json$/,
  /^adapter_config\.json$/,
  /^citation\.cff$/i,
  /^chat_template\.(jinja|json)$/,
  /^tokenizer\.json$/,
  /^(vocab\.json|merges\.txt|tokenizer\.model)$/,
];

/**
 * Which files of a listing are kept as bytes: descriptions of the model at the root or one folder down, within bounds.
 * Weights and programs are never taken. Ordered by worth, then by path in code-unit order.
 */
export function selectMetadata(files: readonly ListedFile[]): {
  readonly take: readonly ListedFile[];
  readonly notes: readonly CaptureNote[];
} {
  const ranked = files
    .map((file) => ({ file, rank: rankOf(file.path) }))
    .filter(({ rank }) => rank !== -1)
    .sort((a, b) => a.rank - b.rank || (a.file.path < b.file.path ? -1 : 1));
  const take: ListedFile[] = [];
  const notes: CaptureNote[] = [];
  let total = 0;
  for (const { file } of ranked) {
    const { path } = file;
    const size = file.size ?? 0;
    if (size > metadataBounds.file) notes.push({ code: "file-too-large", path, size });
    else if (take.length >= metadataBounds.files) notes.push({ code: "too-many-files", path });
    else if (total + size > metadataBounds.total) notes.push({ code: "total-too-large", path, size });
    else {
      take.push(file);
      total += size;
    }
  }
  return { take, notes };
}

function rankOf(path: string): number {
  const parts = path.split("/");
  if (parts.length > 2) return -1;
  const name = parts.at(-1) ?? "";
  return wanted.findIndex((pattern) => pattern.test(name));
}
