import { byCodeUnit } from "../../formats/metadata-files";
import type { ReleaseCode } from "./load-code";
import { kind } from "./tokens";

/** A name of one side that the other side no longer uses, but still mentions. */
export interface Leftover {
  readonly name: string;
  /** Where it was left: comment or docstring, text literal, or an identifier used once. */
  readonly where: "remark" | "string" | "identifier";
  readonly path: string;
  readonly line: number;
  /** How often the side it belongs to uses it as an identifier. */
  readonly uses: number;
}

const limits = { names: 50_000, shown: 40, minUses: 2 } as const;

/** Names a person had to think of: long enough, and of two words or more, or oddly written. */
function isDistinctive(name: string): boolean {
  if (name.length < 6 || name.length > 80) return false;
  return /[a-z][A-Z]|[A-Za-z0-9]_[A-Za-z0-9]|[A-Za-z]\d/.test(name) && /[A-Za-z]{3}/.test(name);
}

const words = /[A-Za-z_$][A-Za-z0-9_$]{5,79}/g;

/**
 * Leftovers in `here` of names that belong to `there`: used there as identifiers at least twice, mentioned here in a
 * remark, in a text or once as an identifier, and known neither to ancestors nor to the background corpus.
 */
export function leftoversOf(
  here: ReleaseCode,
  there: ReleaseCode,
  isKnown: (name: string) => boolean,
): Leftover[] {
  const usesThere = identifierUses(there);
  const usesHere = identifierUses(here);
  const wanted = new Set<string>();
  for (const [name, uses] of usesThere) {
    if (wanted.size >= limits.names) break;
    if (uses < limits.minUses || (usesHere.get(name) ?? 0) > 1) continue;
    if (isDistinctive(name) && !isKnown(name)) wanted.add(name);
  }
  if (wanted.size === 0) return [];
  const found = new Map<string, Leftover>();
  const note = (name: string, where: Leftover["where"], file: number, line: number) => {
    if (!wanted.has(name) || found.has(name)) return;
    const path = here.index.files[file] ?? "";
    found.set(name, { name, where, path, line, uses: usesThere.get(name) ?? 0 });
  };
  for (const { text, file, line } of here.remarks) {
    for (const [word] of text.matchAll(words)) note(word, "remark", file, line);
  }
  const { index } = here;
  // Where a text stands first is where its words are found.
  const seen = new Uint8Array(index.texts.length);
  for (const unit of index.units) {
    for (let at = unit.from; at < unit.to; at++) {
      const [tokenKind, number] = [index.kinds[at] as number, index.textOf[at] as number];
      if (tokenKind !== kind.string && tokenKind !== kind.identifier) continue;
      const mark = tokenKind === kind.string ? 1 : 2;
      if (((seen[number] as number) & mark) !== 0) continue;
      seen[number]! |= mark;
      const [text, line] = [index.texts[number] ?? "", index.lines[at] as number];
      if (tokenKind === kind.identifier) note(text, "identifier", unit.file, line);
      else for (const [word] of text.matchAll(words)) note(word, "string", unit.file, line);
    }
  }
  return [...found.values()]
    .sort((a, b) => b.uses - a.uses || byCodeUnit(a.name, b.name))
    .slice(0, limits.shown);
}

function identifierUses({ index }: ReleaseCode): Map<string, number> {
  const counts = new Uint32Array(index.texts.length);
  for (let at = 0; at < index.kinds.length; at++) {
    if (index.kinds[at] === kind.identifier) counts[index.textOf[at] as number]! += 1;
  }
  const uses = new Map<string, number>();
  for (const [text, count] of counts.entries()) if (count > 0) uses.set(index.texts[text] as string, count);
  return uses;
}
