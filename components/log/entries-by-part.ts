import type { EntryLine } from "@/lib/ledger";

/** Entries about a case by the part of its page they belong to: post id, run id, "claim-1". */
export type EntriesByPart = ReadonlyMap<string, EntryLine>;

export function entriesByPart(lines: readonly EntryLine[]): EntriesByPart {
  const found = new Map<string, EntryLine>();
  for (const line of lines) {
    const part = partOf(line);
    if (part !== null && !found.has(part)) found.set(part, line);
  }
  return found;
}

/** The key of an act names its part: "verify:run_…", "claim:SLP-…:1", "reply:SLP-…:pst_…:1". */
function partOf({ kind, dedupKey }: EntryLine): string | null {
  const [, first = "", second = ""] = dedupKey.split(":");
  if (kind === "verify") return first;
  if (kind === "claim") return `claim-${second}`;
  return kind === "evidence" || kind === "reply" ? second : null;
}

/** Entries about one post: it and its later versions. */
export function entriesOfPost(lines: readonly EntryLine[], postId: string): readonly EntryLine[] {
  return lines.filter(({ dedupKey }) => dedupKey.split(":").includes(postId));
}
