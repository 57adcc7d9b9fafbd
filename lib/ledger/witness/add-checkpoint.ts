import {
  base64,
  type Cosignature,
  LogError,
  parseNote,
  parseSignature,
  text,
  utf8,
  verifyCosignatures,
} from "@/lib/engine/log";
import { boundedRequest, OutsideProblem } from "@/lib/platform/http/bounded-request";
import type { Witness } from "./configured";

/** Why a witness has not cosigned. Pages and operators are told in these words. */
export type WitnessProblem =
  | OutsideProblem["code"]
  /** 400: it cannot read what we send. */
  | "refused-request"
  /** 403: it trusts another key for this log. */
  | "refused-key"
  /** 404: it does not know this log; its operator has to add it. */
  | "unknown-log"
  /** 422: what it knows of this log does not fit ours. */
  | "inconsistent"
  /** 409 with a size beyond ours. */
  | "ahead"
  /** 409 again and again: somebody else submits at the same time. */
  | "busy"
  /** 429. */
  | "rate-limited"
  /** 5xx. */
  | "server-error"
  /** Any other answer, or one that is not as the specification says. */
  | "unexpected-answer"
  /** An answer without a line of its configured key. */
  | "no-cosignature"
  /** A line of its key that does not verify. */
  | "bad-cosignature"
  /** A time before the checkpoint was made, or after now. */
  | "wrong-time";

export type Submitted =
  | { readonly outcome: "cosigned"; readonly cosignature: Cosignature }
  /** 409: it has cosigned this size before. */
  | { readonly outcome: "conflict"; readonly size: number }
  | { readonly outcome: "problem"; readonly problem: WitnessProblem; readonly retryAfter?: number | null };

export interface Submission {
  /** Size of the checkpoint that it cosigned last; 0 when it is not known. */
  readonly old: number;
  /** Hashes from there to the checkpoint. */
  readonly proof: readonly Uint8Array[];
  /** The signed note. */
  readonly note: string;
}

/** Some kilobytes hold the lines of any witness; ML-DSA lines, which are passed over, have 3,300 characters each. */
const largestAnswer = 65_536;
const mostLines = 16;

/** Body of add-checkpoint (C2SP tlog-witness). */
export function formatAddCheckpoint({ old, proof, note }: Submission): string {
  return [`old ${old}`, ...proof.map(base64), "", note].join("\n");
}

/** Submits a checkpoint once. Throws only when `signal` ends it. */
export async function addCheckpoint(
  witness: Witness,
  submission: Submission,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Submitted> {
  try {
    const { status, body, retryAfter } = await boundedRequest({
      url: `${witness.url}/add-checkpoint`,
      type: "text/plain; charset=utf-8",
      body: utf8(formatAddCheckpoint(submission)),
      limit: largestAnswer,
      ...options,
    });
    if (status === 200) return readCosignature(witness, submission.note, body);
    if (status === 409) return readConflict(body);
    return { outcome: "problem", problem: problemOf(status), retryAfter };
  } catch (error) {
    if (error instanceof OutsideProblem) return { outcome: "problem", problem: error.code };
    throw error;
  }
}

function problemOf(status: number): WitnessProblem {
  if (status === 400) return "refused-request";
  if (status === 403) return "refused-key";
  if (status === 404) return "unknown-log";
  if (status === 422) return "inconsistent";
  if (status === 429) return "rate-limited";
  return status >= 500 ? "server-error" : "unexpected-answer";
}

/** The witness' own line, verified over the text that was sent. Lines of other keys are passed over. */
function readCosignature(witness: Witness, note: string, body: Uint8Array): Submitted {
  const problem = (code: WitnessProblem): Submitted => ({ outcome: "problem", problem: code });
  let lines: readonly string[];
  try {
    const answer = text(body);
    if (!answer.endsWith("\n")) return problem("unexpected-answer");
    lines = answer.slice(0, -1).split("\n");
    if (lines.length > mostLines) return problem("unexpected-answer");
    const signatures = lines.map(parseSignature);
    const [cosignature] = verifyCosignatures({ text: parseNote(note).text, signatures }, [witness.key]);
    return cosignature === undefined ? problem("no-cosignature") : { outcome: "cosigned", cosignature };
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    return problem(error.code === "bad-signature" ? "bad-cosignature" : "unexpected-answer");
  }
}

function readConflict(body: Uint8Array): Submitted {
  const digits = /^(0|[1-9]\d{0,15})\n$/.exec(Buffer.from(body).toString("latin1"))?.[1];
  const size = Number(digits ?? Number.NaN);
  return Number.isSafeInteger(size)
    ? { outcome: "conflict", size }
    : { outcome: "problem", problem: "unexpected-answer" };
}
