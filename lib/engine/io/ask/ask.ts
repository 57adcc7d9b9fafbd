import {
  type AskedItem,
  answerIn,
  type Call,
  lineOf,
  replyText,
  requestText,
  TranscriptFold,
  type TranscriptHeader,
  type TranscriptSummary,
} from "../../canary/transcript";
import { EngineError } from "../../errors";
import { sha256Hex } from "../../formats/canonical-json";
import { throwIfCancelled } from "../net/cancelled";
import { pause } from "../net/pause";
import type { AskAdapter, Outcome } from "./adapter";

export interface AskOptions {
  /** From transcriptHeader(), or the one of the transcript that goes on. */
  readonly header: TranscriptHeader;
  readonly items: readonly AskedItem[];
  readonly adapter: AskAdapter;
  /** Bytes of an item's image; asked for again with every call. */
  readonly image?: (item: AskedItem) => Promise<Uint8Array>;
  /** Calls made earlier, in their order: none of them is made again. */
  readonly done?: Iterable<Call> | AsyncIterable<Call>;
  /** Requests in all, those of earlier runs and those that were tried again included. Null: as many as it takes. */
  readonly budget?: number | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: AskProgress) => void;
  /** Each call as it is made, with its line of the transcript. The next request waits until this has kept it. */
  readonly onCall?: (call: Call, line: string) => Promise<void> | void;
  readonly now?: () => Date;
}

export interface AskProgress {
  /** Calls made, and calls in all. */
  readonly done: number;
  readonly total: number;
  /** Set while a far side's wish to wait is honoured, in milliseconds. */
  readonly waitingMs?: number;
}

const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** As many calls in a row without an answer mean that the far side, not an item, is the trouble. */
const tooManyInARow = 3;

/**
 * Asks every item as often as the header says, one request at a time: all items once, then all again. Returns what the
 * transcript comes to. Throws EngineError ("source-unreachable", "rate-limited", "too-large" when the budget is used
 * up, "bad-input", "cancelled"); what was answered until then has gone through onCall, and `done` takes it up again.
 */
export async function ask(options: AskOptions): Promise<TranscriptSummary> {
  const { header, items, adapter, signal, onProgress } = options;
  const fold = new TranscriptFold(header, lineOf(header), items);
  let sent = 0;
  let answered = false;
  for await (const call of options.done ?? []) {
    fold.add(call, lineOf(call));
    sent += call.attempts;
    answered ||= call.problem === null;
  }
  onProgress?.({ done: fold.calls, total: fold.total });
  let row = 0;
  for (let repeat = 1; repeat <= header.repeats; repeat += 1) {
    for (const item of items) {
      if (fold.has(item.id, repeat)) continue;
      const image = await imageOf(item, options);
      const { outcome, attempts } = await untilOutcome(options, item, image, sent, (waitingMs) =>
        onProgress?.({ done: fold.calls, total: fold.total, waitingMs }),
      );
      sent += attempts;
      const call = callOf(options, { n: fold.calls + 1, id: item.id, repeat, attempts }, item, outcome);
      const line = lineOf(call);
      fold.add(call, line);
      await options.onCall?.(call, line.text);
      onProgress?.({ done: fold.calls, total: fold.total });
      row = call.problem === null ? 0 : row + 1;
      answered ||= call.problem === null;
      // A content filter may refuse many items that follow each other; a far side that fails does so for all.
      if (row >= tooManyInARow && (call.problem !== "refused" || !answered) && fold.calls < fold.total)
        throw noAnswers(adapter, row, outcome);
    }
  }
  throwIfCancelled(signal);
  return fold.finish();
}

/**
 * Calls to take up again after a stop: without the last ones that had no answer, so that a far side which was in
 * trouble is asked again. A transcript that is complete is returned whole.
 */
export function resumable(header: TranscriptHeader, calls: readonly Call[]): readonly Call[] {
  if (calls.length >= header.items.count * header.repeats) return calls;
  return calls.slice(0, calls.findLastIndex((call) => call.problem === null) + 1);
}

async function imageOf(item: AskedItem, { image }: AskOptions): Promise<Uint8Array | null> {
  if (item.image === undefined) return null;
  if (image === undefined) throw new EngineError("bad-input", `The image of item ${name(item)} is not there`);
  const bytes = await image(item);
  if (sha256Hex(bytes) !== item.image.sha256)
    throw new EngineError("bad-input", `The image of item ${name(item)} is not the one with its SHA-256`);
  return bytes;
}

async function untilOutcome(
  { header, adapter, budget, signal }: AskOptions,
  item: AskedItem,
  image: Uint8Array | null,
  sent: number,
  waiting: (milliseconds: number) => void,
): Promise<{ outcome: Outcome; attempts: number }> {
  const { maxRetries, retryBaseMs, maxWaitMs } = adapter.patience;
  for (let attempts = 1; ; attempts += 1) {
    if (typeof budget === "number" && sent + attempts > budget)
      throw new EngineError("too-large", `The budget of ${budget} requests is used up`, { limit: budget });
    const attempt = await adapter.send(header, item, image, signal);
    if ("outcome" in attempt) return { outcome: attempt.outcome, attempts };
    if (attempts > maxRetries || attempt.waitMs > maxWaitMs) {
      if (attempt.otherwise !== undefined) return { outcome: attempt.otherwise, attempts };
      throw attempt.later;
    }
    const waitMs = Math.max(attempt.waitMs, retryBaseMs * 2 ** (attempts - 1) * (0.5 + Math.random()));
    if (waitMs > 2_000) waiting(waitMs);
    await pause(waitMs, signal);
  }
}

function callOf(
  { header, now }: AskOptions,
  place: Pick<Call, "n" | "id" | "repeat" | "attempts">,
  item: AskedItem,
  outcome: Outcome,
): Call {
  const { response, requestSha256, status } = outcome;
  const text = response === null ? null : utf8Text(response);
  const read = readOutcome(header, outcome, text);
  return {
    ...place,
    request: requestText(header, item),
    requestSha256,
    status,
    date: outcome.date !== null && httpDate.test(outcome.date) ? outcome.date : null,
    receivedAt: (now?.() ?? new Date()).toISOString(),
    response: text ?? (response === null ? null : Buffer.from(response).toString("base64")),
    encoding: response !== null && text === null ? "base64" : "utf-8",
    responseSha256: response === null ? null : sha256Hex(response),
    ...read,
  };
}

function readOutcome(
  header: TranscriptHeader,
  { problem }: Outcome,
  text: string | null,
): Pick<Call, "problem" | "answer"> {
  if (problem !== null) return { problem, answer: "" };
  if (text === null) return { problem: "not-utf8", answer: "" };
  const reply = replyText(header, text);
  if ("problem" in reply) return { problem: reply.problem, answer: "" };
  return { problem: null, answer: answerIn(header, reply.text) };
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function utf8Text(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

function noAnswers({ endpoint }: AskAdapter, row: number, { message }: Outcome): EngineError {
  const last = message === null ? "" : `; the last: ${message}`;
  return new EngineError("source-unreachable", `${endpoint}: ${row} calls in a row had no answer${last}`);
}

const name = (item: AskedItem): string => JSON.stringify(item.id);
