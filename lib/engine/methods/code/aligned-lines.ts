import type { CodeView } from "./schema";

type Line = CodeView["lines"]["original"][number];

/** Lines in the original's order, each beside its partner; lines between two partners stand alone, side by side. */
export function alignedLines({ lines }: CodeView): readonly (readonly [Line | null, Line | null])[] {
  const rows: (readonly [Line | null, Line | null])[] = [];
  const theirs = lines.suspect;
  let next = 0;
  for (const mine of lines.original) {
    const found = mine.partner === null ? -1 : theirs.findIndex(({ line }) => line === mine.partner);
    if (found < next) {
      rows.push([mine, null]);
      continue;
    }
    for (; next < found; next++) rows.push([null, theirs[next] as Line]);
    rows.push([mine, theirs[found] as Line]);
    next = found + 1;
  }
  for (; next < theirs.length; next++) rows.push([null, theirs[next] as Line]);
  return rows;
}
