import { parseHeaderLine, readTranscript } from "@/lib/engine/canary/transcript";
import { answersOfTranscript } from "./answer-files";
import { atField } from "./app-error";
import type { Adapter } from "./schema";

/** A file somebody hands in: a transcript, with the answers that it comes to, or answers alone. */
export function splitTranscript(bytes: Uint8Array): {
  readonly answers: Uint8Array;
  readonly transcript: Uint8Array | null;
  readonly header: { readonly adapter?: Adapter };
} {
  const end = bytes.indexOf(0x0a);
  const first = Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString("utf8");
  // Answers have no schema; whatever claims to be a transcript is read as one, or refused as one.
  if (!/"schema"\s*:\s*"slipmark\.canary-transcript\//.test(first.slice(0, 100_000)))
    return { answers: bytes, transcript: null, header: {} };
  return atField("file", () => {
    const { adapter } = parseHeaderLine(bytes.subarray(0, end < 0 ? bytes.length : end));
    const summary = readTranscript(bytes, { items: null });
    const answers = new Uint8Array(Buffer.from(answersOfTranscript(summary).text, "utf8"));
    return { answers, transcript: bytes, header: { adapter } };
  });
}
