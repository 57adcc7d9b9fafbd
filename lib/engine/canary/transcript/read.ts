import { hex, leafHash, rootOfHashes } from "../../log";
import { CanaryError } from "../errors";
import type { AskedItem } from "./exchange";
import { TranscriptFold, type TranscriptSummary } from "./fold";
import { edited, malformedLine, parseCallLine, parseHeaderLine } from "./lines";
import type { Call, TranscriptHeader } from "./schema";

export interface ReadTranscriptOptions {
  /** The items that were to be asked; null when they are not known yet (before the reveal). */
  readonly items: readonly AskedItem[] | null;
  /** SHA-256 of what is sent for the items with images, by id, where the images are there (sentDigest). */
  readonly sent?: ReadonlyMap<string, string>;
  /** The root that was registered: a transcript of another one is refused. */
  readonly root?: string;
  /** Leaf hashes noted when it was registered, in hex: with them a change names its line whoever made it. */
  readonly leaves?: readonly string[];
  /** Looks at every call once it was checked; what it throws ends the reading. */
  readonly eachCall?: (header: TranscriptHeader, call: Call) => void;
}

/**
 * Reads a whole transcript and checks all of it. Throws CanaryError with one sentence: "bad-transcript",
 * "edited-transcript", "unknown-item", "duplicate-answer", "missing-answer".
 */
export function readTranscript(bytes: Uint8Array, options: ReadTranscriptOptions): TranscriptSummary {
  requireUtf8(bytes);
  let fold: TranscriptFold | null = null;
  let number = 0;
  for (const line of linesOf(bytes)) {
    number += 1;
    const taken = { text: "", leaf: leafHash(line) };
    const registered = options.leaves?.[number - 1];
    if (registered !== undefined && registered !== hex(taken.leaf))
      throw edited(number, "it is not the line that was registered");
    if (fold === null) fold = new TranscriptFold(parseHeaderLine(line), taken, options.items, options.sent);
    else {
      const call = parseCallLine(line, number);
      fold.add(call, taken);
      options.eachCall?.(fold.header, call);
    }
  }
  if (fold === null) throw malformedLine(1, "there is none");
  if (options.root !== undefined && hex(rootOfHashes(fold.leaves)) !== options.root) {
    throw new CanaryError(
      "edited-transcript",
      "the transcript is not the one that was registered: every line agrees with itself, but the root is another one",
    );
  }
  return fold.finish();
}

/** The lines of a transcript; the last one ends with a line feed like all others. */
function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  let number = 1;
  for (let start = 0; start < bytes.length; number += 1) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0) throw malformedLine(number, "it is cut off");
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}

function requireUtf8(bytes: Uint8Array): void {
  const [first, second] = bytes;
  if (
    (first === 0xff && second === 0xfe) ||
    (first === 0xfe && second === 0xff) ||
    first === 0 ||
    second === 0
  )
    throw new CanaryError("bad-transcript", "the transcript is UTF-16; it is written in UTF-8");
}
