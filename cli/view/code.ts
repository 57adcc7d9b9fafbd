import { alignedLines } from "../../lib/engine/methods/code/aligned-lines";
import { type CodeView, codeStatisticsSchema } from "../../lib/engine/methods/code/schema";
import { fitted } from "./text";

const mostRenames = 8;
const mostLines = 14;
const sideColumns = 43;

/** code on a terminal: the names that most tokens support, and the best match side by side. */
export function codeView(statistics: unknown): string[] {
  const { data: found } = codeStatisticsSchema.safeParse(statistics);
  if (found === undefined || found.score === null) return [];
  const renames = found.identifierMap.toSorted((a, b) => b.tokens - a.tokens);
  const [view] = found.views;
  return [
    ...(renames.length > 0
      ? [
          "",
          "  renamed identifiers (original → suspect, matched tokens)",
          ...renames
            .slice(0, mostRenames)
            .map(
              ({ original, suspect, tokens }) =>
                `  ${fitted(original, 36)} → ${fitted(suspect, 36)} ${tokens}`,
            ),
          ...(renames.length > mostRenames ? [`  … and ${renames.length - mostRenames} more`] : []),
        ]
      : []),
    ...(view ? excerpt(view) : []),
  ];
}

/** = both lines stand for each other, ~ with other names, a an ancestor has it; a bar alone: on one side only. */
function excerpt(view: CodeView): string[] {
  const rows = alignedLines(view);
  const start = Math.max(0, rows.findIndex(([mine, theirs]) => mine !== null && theirs !== null) - 1);
  const side = (line: CodeView["lines"]["original"][number] | null) =>
    line === null ? " ".repeat(sideColumns + 5) : `${String(line.line).padStart(4)} ${tabless(line.text)}`;
  const place = ({ path, function: name, startLine }: CodeView["original"]) =>
    `${path}:${startLine}${name === null ? "" : ` ${name}`}`;
  return [
    "",
    "  best match, side by side: = the same, ~ other names, a an ancestor has it",
    `  ${fitted(place(view.original), sideColumns + 4)}   ${fitted(place(view.suspect), sideColumns)}`.trimEnd(),
    ...rows
      .slice(start, start + mostLines)
      .map(([mine, theirs]) =>
        `${side(mine)} ${signOf(mine, theirs)} ${theirs ? side(theirs) : ""}`.trimEnd(),
      ),
    ...(rows.length > start + mostLines ? [`  … and ${rows.length - start - mostLines} more lines`] : []),
  ];
}

type Line = CodeView["lines"]["original"][number];

function signOf(mine: Line | null, theirs: Line | null): string {
  if (mine === null || theirs === null) return "|";
  const marks = [...mine.marks, ...theirs.marks].map(([, , mark]) => mark);
  if (marks.includes("renamed")) return "~";
  if (marks.includes("same")) return "=";
  return marks.includes("ancestor") ? "a" : "|";
}

function tabless(text: string): string {
  return fitted(text.replaceAll("\t", "    "), sideColumns);
}
