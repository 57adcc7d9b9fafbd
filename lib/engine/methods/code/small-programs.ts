import type { CodeIndex } from "./code-index";
import { kind } from "./tokens";

/**
 * Resemblance of programs too small for their structure to tell (0 … 1): two thirds the literals they share, one third
 * their tokens without order. Ranks such pairs, and nothing else: what it finds is never called the same program.
 * Dice's coefficient 2|A∩B| / (|A|+|B|), of sets for literals and of multisets for tokens; 0 for two empty ones.
 */
export function smallResemblance(a: CodeIndex, b: CodeIndex): number {
  return (2 * setDice(literalsOf(a), literalsOf(b)) + bagDice(bagOf(a), bagOf(b))) / 3;
}

/** Numbers by value, texts without case and layout. */
function literalsOf(index: CodeIndex): Set<string> {
  const literals = new Set<string>();
  for (let at = 0; at < index.kinds.length; at++) {
    const text = index.texts[index.textOf[at] as number] ?? "";
    if (index.kinds[at] === kind.number) literals.add(`#${numberText(text)}`);
    else if (index.kinds[at] === kind.string) {
      const plain = text
        .replace(/\\[nrt]/g, " ")
        .replace(/\s+/g, " ")
        .trim()
        .toLowerCase();
      if (plain !== "") literals.add(plain);
    }
  }
  return literals;
}

function numberText(text: string): string {
  const value = Number(text.replaceAll("_", "").replace(/[lLfFdDnjJ]$/, ""));
  return Number.isFinite(value) ? String(value) : text;
}

/** Node kinds, operators and literals with their text; every identifier as the same. */
function bagOf(index: CodeIndex): Map<string, number> {
  const bag = new Map<string, number>();
  for (let at = 0; at < index.kinds.length; at++) {
    const named = index.kinds[at] !== kind.structure && index.kinds[at] !== kind.identifier;
    const text = named ? (index.texts[index.textOf[at] as number] ?? "") : "";
    const token = `${index.symbols[at]} ${text}`;
    bag.set(token, (bag.get(token) ?? 0) + 1);
  }
  return bag;
}

function setDice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const item of a) if (b.has(item)) common += 1;
  return a.size + b.size === 0 ? 0 : (2 * common) / (a.size + b.size);
}

function bagDice(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let [common, all] = [0, 0];
  for (const [item, count] of a) {
    all += count;
    common += Math.min(count, b.get(item) ?? 0);
  }
  for (const count of b.values()) all += count;
  return all === 0 ? 0 : (2 * common) / all;
}
