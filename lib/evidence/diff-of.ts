import { diffArrays } from "diff";
import type { DiffPart } from "./dto";
import { remembered } from "./remembered";

// Words by Unicode's rules with a dictionary for Chinese, so that a Chinese sentence is not one single word.
const words = new Intl.Segmenter("zh", { granularity: "word" });
const split = (text: string): string[] => [...words.segment(text)].map((part) => part.segment);

/** Past so many changed words the two texts have little in common and are shown one after the other. */
const longest = 2_000;

/** What changed from one version to the next, as parts in order: joined without the removed ones they are the new text. */
export const diffOf: (before: string, after: string) => readonly DiffPart[] = remembered(compare, (parts) =>
  parts.reduce((size, { text }) => size + text.length, 0),
);

function compare(before: string, after: string): readonly DiffPart[] {
  const changes = diffArrays(split(before), split(after), { maxEditLength: longest });
  if (!changes)
    return [
      { kind: "removed", text: before },
      { kind: "added", text: after },
    ];
  return changes.map((change) => ({
    kind: change.added ? "added" : change.removed ? "removed" : "same",
    text: change.value.join(""),
  }));
}
