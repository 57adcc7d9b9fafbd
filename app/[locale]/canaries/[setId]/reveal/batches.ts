import type { Opening } from "@/lib/engine/canary";

/** What one request carries at most: bytes of JSON Lines, and openings. Each request is one entry of the log. */
const most = { bytes: 12_000_000, openings: 10_000 } as const;

/** Openings as JSON Lines in as few requests as they fit in. */
export function* batches(
  indices: readonly number[],
  open: (index: number) => Opening,
): Generator<{ readonly text: string; readonly count: number }> {
  let lines: string[] = [];
  let bytes = 0;
  for (const index of indices) {
    const line = `${JSON.stringify(open(index))}\n`;
    // A character takes at most three bytes per UTF-16 unit.
    const size = line.length * 3;
    if (lines.length > 0 && (bytes + size > most.bytes * 3 || lines.length === most.openings)) {
      yield { text: lines.join(""), count: lines.length };
      lines = [];
      bytes = 0;
    }
    lines.push(line);
    bytes += size;
  }
  if (lines.length > 0) yield { text: lines.join(""), count: lines.length };
}

/** "0, 4, 7-12" as numbers below `size`, in order, none twice; null where it is no such list. */
export function parseIndices(text: string, size: number): number[] | null {
  const found = new Set<number>();
  for (const part of text.split(/[,，、\s]+/).filter((one) => one !== "")) {
    const range = /^(\d{1,6})(?:[-–—](\d{1,6}))?$/.exec(part);
    if (range === null) return null;
    const from = Number(range[1]);
    const to = range[2] === undefined ? from : Number(range[2]);
    if (from > to || to >= size) return null;
    for (let index = from; index <= to; index += 1) found.add(index);
  }
  return found.size === 0 ? null : [...found].sort((a, b) => a - b);
}
