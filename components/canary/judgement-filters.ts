import type { Judgement } from "@/lib/engine/canary/judge";

export type JudgedRow = Judgement["table"][number];

/** Which rows of the answer table are shown; the codes stand in the address. */
export const rowFilters = [
  "all",
  "same-wrong",
  "both-wrong",
  "original-wrong",
  "suspect-wrong",
  "both-right",
  "unanswered",
  "unrevealed",
] as const;
export type RowFilter = (typeof rowFilters)[number];

const unanswered = (mark: string) => mark === "blank" || mark === "unstable";

const tests: Readonly<Record<RowFilter, (marks: JudgedRow["marks"]) => boolean>> = {
  all: () => true,
  "same-wrong": ({ sameWrong }) => sameWrong,
  "both-wrong": ({ original, suspect }) => original === "wrong" && suspect === "wrong",
  "original-wrong": ({ original }) => original === "wrong",
  "suspect-wrong": ({ suspect }) => suspect === "wrong",
  "both-right": ({ original, suspect }) => original === "right" && suspect === "right",
  unanswered: ({ original, suspect }) => unanswered(original) || unanswered(suspect),
  unrevealed: ({ original }) => original === "unrevealed",
};

/** Rows of one kind that hold the words; letters of either width and case are the same. */
export function filterRows(rows: readonly JudgedRow[], filter: RowFilter, words: string): JudgedRow[] {
  const wanted = plain(words);
  return rows.filter(
    ({ marks, id, truth, original, suspect }) =>
      tests[filter](marks) &&
      (wanted === "" || [id, truth ?? "", original, suspect].some((text) => plain(text).includes(wanted))),
  );
}

const plain = (text: string) => text.normalize("NFKC").toLowerCase().trim();
