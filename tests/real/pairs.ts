import type { Relation } from "@/lib/engine/result/document";
import type { RealName } from "./models";

/** What is known of a pair before anything is compared. */
export type RealTruth =
  /** The same bytes from two packages. */
  | "same-file"
  /** The same trained numbers, exported in another way, or a part of them. */
  | "same-weights"
  /** Versions of one model by one author; whether one was trained from the other is not stated. */
  | "versions"
  /** Other tasks, authors or recipes: nothing is shared that was trained. */
  | "unrelated";

export interface RealPair {
  readonly original: RealName;
  readonly suspect: RealName;
  readonly truth: RealTruth;
  readonly known: string;
  readonly source: string;
  /** Relations that a right answer may be; the others of the truth's kind are wrong. */
  readonly right: readonly Relation[];
  /** Relations that leave the question open. */
  readonly open: readonly Relation[];
}

const undecided: readonly Relation[] = ["inconclusive", "incomparable"];
const innocent: Pick<RealPair, "right" | "open"> = { right: ["independent"], open: undecided };
const copied: Pick<RealPair, "right" | "open"> = { right: ["derived", "identical"], open: undecided };
const sameFile = {
  truth: "same-file",
  known: "the same bytes",
  source: "SHA-256 of both files",
  right: ["identical"],
  open: [],
} as const;
const versions: Pick<RealPair, "truth" | "right" | "open"> = {
  truth: "versions",
  right: ["independent", "related"],
  open: undecided,
};
const sixth =
  "release notes of v6.0 (snakers4/silero-vad): v5 features kept, training algorithm changed; a start from v5's weights is neither stated nor ruled out";
const exported = "file names of the package and equal SHA-256 of the tensors' values";
const tasks =
  "PaddleOCR releases detection, recognition and direction as models trained for their own tasks; whether two of them started from one pretrained backbone is not known";
const words = "openWakeWord trains one small network per phrase on frozen speech embeddings (its README)";

export const realPairs: readonly RealPair[] = [
  { original: "silero-v6", suspect: "silero-v6-again", ...sameFile },
  { original: "silero-v6", suspect: "silero-livekit", ...sameFile },
  { original: "silero-v5", suspect: "silero-v5-avr", ...sameFile },
  { original: "silero-legacy", suspect: "silero-node", ...sameFile },
  { original: "silero-legacy", suspect: "silero-wake", ...sameFile },
  {
    original: "silero-v6",
    suspect: "silero-16k-op15",
    truth: "same-weights",
    known: "the 16 kHz half of v6 alone, exported for opset 15",
    source: `${exported}; issue 680 of snakers4/silero-vad calls both v6`,
    ...copied,
  },
  {
    original: "silero-v5",
    suspect: "silero-half",
    truth: "same-weights",
    known: "the 16 kHz half of v5 alone; stored as float32 in spite of its name",
    source: `${exported}; no document says which version it is`,
    ...copied,
  },
  {
    original: "silero-v6",
    suspect: "silero-op18",
    truth: "same-weights",
    known: "16 kHz numbers equal, 8 kHz numbers from another state of training; “an older ifless model”",
    source: "issue 783 of snakers4/silero-vad, answer of 10 July 2026; equal SHA-256 of the 16 kHz tensors",
    right: ["related", "derived"],
    open: undecided,
  },
  { original: "silero-v5", suspect: "silero-v6", known: "two versions", source: sixth, ...versions },
  {
    original: "silero-legacy",
    suspect: "silero-v5",
    known: "two versions, another network",
    source: "the tensors' shapes; how v5 was started is not known",
    ...versions,
  },
  {
    original: "silero-half",
    suspect: "silero-16k-op15",
    known: "the 16 kHz halves of v5 and v6",
    source: sixth,
    ...versions,
  },
  {
    original: "wake-deepa-old",
    suspect: "wake-deepa",
    known: "an older and a newer model for one phrase, windows of another length",
    source: "file names; whether one was trained from the other is not known",
    ...versions,
  },
  {
    original: "ocr-det",
    suspect: "ocr-rec",
    truth: "unrelated",
    known: "other tasks, one family",
    source: tasks,
    ...innocent,
  },
  {
    original: "ocr-det",
    suspect: "ocr-cls",
    truth: "unrelated",
    known: "other tasks, one family",
    source: tasks,
    ...innocent,
  },
  {
    original: "ocr-rec",
    suspect: "ocr-cls",
    truth: "unrelated",
    known: "other tasks, one family",
    source: tasks,
    ...innocent,
  },
  {
    original: "silero-v6",
    suspect: "ocr-det",
    truth: "unrelated",
    known: "speech and images",
    source: "other authors, data and networks",
    ...innocent,
  },
  {
    original: "silero-v6",
    suspect: "wake-alexa",
    truth: "unrelated",
    known: "speech models of two authors",
    source: "other authors, data and networks",
    ...innocent,
  },
  {
    original: "wake-alexa",
    suspect: "wake-mycroft",
    truth: "unrelated",
    known: "two phrases, one recipe",
    source: words,
    ...innocent,
  },
  {
    original: "wake-jarvis",
    suspect: "wake-mycroft",
    truth: "unrelated",
    known: "two phrases, one recipe",
    source: words,
    ...innocent,
  },
  {
    original: "wake-weather",
    suspect: "wake-timer",
    truth: "unrelated",
    known: "two phrases, one recipe",
    source: words,
    ...innocent,
  },
  {
    original: "wake-deepa-old",
    suspect: "wake-namaste",
    truth: "unrelated",
    known: "two phrases, one recipe, equal shapes",
    source: "file names of openwakeword-js; a common start is neither stated nor ruled out",
    ...innocent,
  },
];

/** What a relation is worth where the truth is known. */
export type Verdict = "right" | "open" | "wrong" | "unanswerable";

export function verdictOf({ truth, right, open }: RealPair, relation: Relation): Verdict {
  if (open.includes(relation)) return "open";
  if (!right.includes(relation)) return "wrong";
  return truth === "versions" ? "unanswerable" : "right";
}
