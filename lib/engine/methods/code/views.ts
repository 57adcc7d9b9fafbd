import type { ReleaseReader } from "../../io/source/release";
import type { CodeIndex } from "./code-index";
import type { MatchedPair } from "./compare-code";
import type { CodePlace, CodeView } from "./schema";
import { kind } from "./tokens";

const limits = { lines: 60, columns: 160, fileBytes: 512 * 1024 } as const;

/** One side of a view: where the tokens are, what of them is matched, and what an ancestor explains. */
export interface ViewSide {
  readonly index: CodeIndex;
  readonly reader: ReleaseReader;
  readonly explained: Uint8Array;
}

export function placeOf(index: CodeIndex, unit: number): CodePlace {
  const { file, name, startLine, endLine } = index.units[unit] as CodeIndex["units"][number];
  return { path: index.files[file] ?? "", function: name, startLine, endLine };
}

/** Side-by-side data of one matched pair: lines with marked tokens, and the line of the other side each belongs to. */
export async function viewOf(
  pair: MatchedPair,
  a: ViewSide,
  b: ViewSide,
  signal?: AbortSignal,
): Promise<CodeView | null> {
  const partnerA = new Map<number, number>();
  const partnerB = new Map<number, number>();
  for (const tile of pair.tiles) {
    for (let i = 0; i < tile.length; i++) {
      partnerA.set(tile.a + i, tile.b + i);
      partnerB.set(tile.b + i, tile.a + i);
    }
  }
  const mine = await linesOf(pair.unitA, a, b.index, partnerA, signal);
  const theirs = await linesOf(pair.unitB, b, a.index, partnerB, signal);
  if (mine === null || theirs === null) return null;
  return {
    original: placeOf(a.index, pair.unitA),
    suspect: placeOf(b.index, pair.unitB),
    lines: { original: mine.lines, suspect: theirs.lines },
    cut: mine.cut || theirs.cut,
  };
}

type Lines = CodeView["lines"]["original"];

async function linesOf(
  unit: number,
  { index, reader, explained }: ViewSide,
  other: CodeIndex,
  partners: ReadonlyMap<number, number>,
  signal?: AbortSignal,
): Promise<{ lines: Lines; cut: boolean } | null> {
  const { from, to, file, startLine, endLine } = index.units[unit] as CodeIndex["units"][number];
  const bytes = await reader.readWhole(index.files[file] ?? "", limits.fileBytes, signal);
  if (bytes === null) return null;
  const source = new TextDecoder().decode(bytes).split("\n");
  const offsets = [0];
  for (const line of source) offsets.push((offsets.at(-1) as number) + line.length + 1);
  // A file's outer statements may be far apart: begin where the first match stands.
  const matched = [...partners.keys()].map((at) => index.lines[at] as number);
  const first = Math.max(startLine, matched.reduce((least, line) => Math.min(least, line), endLine) - 2);
  const last = Math.min(endLine, first + limits.lines - 1);
  const lines: Lines = [];
  for (let line = first; line <= last; line++) {
    const text = (source[line - 1] ?? "").slice(0, limits.columns).toWellFormed();
    lines.push({ line, text, partner: null, marks: [] });
  }
  const votes = lines.map(() => new Map<number, number>());
  for (let at = from; at < to; at++) {
    const row = (index.lines[at] as number) - first;
    const shown = lines[row];
    if (shown === undefined) continue;
    const partner = partners.get(at);
    if (partner !== undefined) {
      const line = other.lines[partner] as number;
      const vote = votes[row] as Map<number, number>;
      vote.set(line, (vote.get(line) ?? 0) + 1);
    }
    if (index.kinds[at] === kind.structure) continue;
    const column = (index.starts[at] as number) - (offsets[shown.line - 1] as number);
    if (column < 0 || column >= shown.text.length) continue;
    const length = Math.min(index.lengths[at] as number, shown.text.length - column);
    const same =
      partner !== undefined &&
      index.texts[index.textOf[at] as number] === other.texts[other.textOf[partner] as number];
    const mark =
      explained[at] === 1 ? "ancestor" : partner === undefined ? "here" : same ? "same" : "renamed";
    shown.marks.push([column, length, mark]);
  }
  for (const [row, vote] of votes.entries()) {
    const best = [...vote].sort((x, y) => y[1] - x[1] || x[0] - y[0])[0];
    if (best !== undefined && lines[row] !== undefined) lines[row].partner = best[0];
  }
  return { lines, cut: first > startLine || last < endLine };
}
