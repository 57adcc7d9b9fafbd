import { fromBase64, hex, rootOfHashes, utf8 } from "../../log";
import { CanaryError } from "../errors";
import { type AskedItem, answerIn, itemsDigest, replyText, requestText } from "./exchange";
import { largestRequest, largestResponse } from "./limits";
import { edited, type Line, malformedLine, sha256Of } from "./lines";
import { type ModalAnswer, modalAnswer } from "./modal";
import type { Call, TranscriptHeader } from "./schema";

/** What a complete transcript comes to. */
export interface TranscriptSummary {
  readonly header: TranscriptHeader;
  /** RFC 6962 Merkle root over all lines, the header's included; hex. */
  readonly root: string;
  readonly calls: number;
  /** One an item, in the items' order. */
  readonly answers: readonly ModalAnswer[];
  /** Calls without an answer, by their problem. */
  readonly problems: Readonly<Record<string, number>>;
  /** Models and builds that the responses name, at most ten: more than one means that not one model answered. */
  readonly served: readonly string[];
}

const mostServed = 10;

/**
 * A transcript taken up line by line: every call is checked against the header, against the calls before it and, where
 * the items are known, against them. Holds one hash a line and the answers; no request and no response.
 */
export class TranscriptFold {
  readonly header: TranscriptHeader;
  readonly leaves: Uint8Array[] = [];
  readonly #items: ReadonlyMap<string, AskedItem> | null;
  readonly #sent: ReadonlyMap<string, string>;
  readonly #answers = new Map<string, (string | undefined)[]>();
  readonly #problems = new Map<string, number>();
  readonly #served = new Set<string>();
  #calls = 0;

  /**
   * `sent`: SHA-256 of what is sent for an item, by its id, for those with images (sentDigest). Throws CanaryError
   * "bad-transcript" when the items are others than those of the header.
   */
  constructor(
    header: TranscriptHeader,
    headerLine: Line,
    items: readonly AskedItem[] | null,
    sent: ReadonlyMap<string, string> = new Map(),
  ) {
    this.header = header;
    this.#sent = sent;
    this.leaves.push(headerLine.leaf);
    this.#items = items === null ? null : new Map(items.map((item) => [item.id, item]));
    for (const item of items ?? []) this.#answers.set(item.id, []);
    if (items !== null && itemsDigest(items) !== header.items.sha256)
      throw new CanaryError("bad-transcript", "the transcript is of other items, or of others in this order");
  }

  get calls(): number {
    return this.#calls;
  }

  /** Calls that a complete transcript has. */
  get total(): number {
    return this.header.items.count * this.header.repeats;
  }

  has(id: string, repeat: number): boolean {
    return this.#answers.get(id)?.[repeat - 1] !== undefined;
  }

  /**
   * Takes a call up. Throws CanaryError: "unknown-item", "duplicate-answer", "bad-transcript", or "edited-transcript"
   * when request, response and answer do not belong together.
   */
  add(call: Call, line: Line): void {
    const number = this.#calls + 2;
    const { header } = this;
    if (call.n !== this.#calls + 1)
      throw malformedLine(number, `call ${call.n} stands where call ${this.#calls + 1} belongs`);
    if (call.repeat > header.repeats)
      throw malformedLine(number, `repeat ${call.repeat} of ${header.repeats}`);
    const item = this.#items?.get(call.id);
    const answers = this.#answers.get(call.id) ?? [];
    if (this.#items !== null && item === undefined)
      throw new CanaryError("unknown-item", `line ${number}: there is no item ${quoted(call.id)}`, call.id);
    if (answers[call.repeat - 1] !== undefined) {
      throw new CanaryError(
        "duplicate-answer",
        `line ${number}: item ${quoted(call.id)} has repeat ${call.repeat} twice`,
        call.id,
      );
    }
    if (answers.length === 0 && item === undefined && this.#answers.size >= header.items.count)
      throw malformedLine(number, `more than the ${header.items.count} items of the header`);
    const served = checkExchange(header, call, item ?? null, this.#sent.get(call.id), number);
    if (served !== null && this.#served.size < mostServed) this.#served.add(served);
    answers[call.repeat - 1] = call.answer;
    this.#answers.set(call.id, answers);
    if (call.problem !== null) this.#problems.set(call.problem, (this.#problems.get(call.problem) ?? 0) + 1);
    this.#calls += 1;
    this.leaves.push(line.leaf);
  }

  /** Root and answers. Throws CanaryError "missing-answer" while a repeat of an item is missing. */
  finish(): TranscriptSummary {
    const { header } = this;
    const answers: ModalAnswer[] = [];
    for (const [id, given] of this.#answers) {
      const there = given.filter((answer) => answer !== undefined);
      if (there.length < header.repeats) {
        const message = `item ${quoted(id)} was asked ${there.length} of ${header.repeats} times`;
        throw new CanaryError("missing-answer", message, id);
      }
      answers.push(modalAnswer(id, there));
    }
    if (answers.length !== header.items.count) {
      const message = `${answers.length} items were asked, the header has ${header.items.count}`;
      throw new CanaryError("missing-answer", message);
    }
    return {
      header,
      root: hex(rootOfHashes(this.leaves)),
      calls: this.#calls,
      answers,
      problems: Object.fromEntries([...this.#problems].sort(([a], [b]) => (a < b ? -1 : 1))),
      served: [...this.#served],
    };
  }
}

/** Request, response and answer of one call belong together: nobody can exchange one of them alone. Who served it. */
function checkExchange(
  header: TranscriptHeader,
  call: Call,
  item: AskedItem | null,
  sent: string | undefined,
  number: number,
): string | null {
  if (call.request.length > largestRequest) throw malformedLine(number, "the request is too long");
  if (item !== null && call.request !== requestText(header, item))
    throw edited(number, `the request is not the one for item ${quoted(call.id)}`);
  // Of an image the transcript has the hash: what was sent can be put together again only with the image.
  const asText = item !== null && (item.image === undefined || header.adapter === "command");
  const sentSha256 = asText ? sha256Of(call.request) : sent;
  if (sentSha256 !== undefined && sentSha256 !== call.requestSha256)
    throw edited(number, "requestSha256 is not that of the request");
  const bytes = responseBytes(call, number);
  if (
    (bytes === null) !== (call.responseSha256 === null) ||
    (bytes && sha256Of(bytes) !== call.responseSha256)
  )
    throw edited(number, "responseSha256 is not that of the response");
  if (call.problem !== null) {
    if (call.answer !== "") throw malformedLine(number, "an answer beside a problem");
    if (hidesAnswer(header, call)) throw edited(number, "the response holds an answer, and no problem");
    return null;
  }
  if (call.response === null || call.encoding !== "utf-8")
    throw malformedLine(number, "an answer without a response it could come from");
  const reply = replyText(header, call.response);
  if (!("text" in reply)) throw malformedLine(number, `the response holds no answer: ${reply.message}`);
  if (answerIn(header, reply.text) !== call.answer)
    throw edited(number, "the answer is not the one in the response");
  return reply.served;
}

/** Whether a problem that lies in the response's text is none. What lay in its headers cannot be seen any more. */
function hidesAnswer(header: TranscriptHeader, { problem, status, response, encoding }: Call): boolean {
  const inText = problem === "not-json" || problem === "no-completion" || problem === "refused";
  if (!inText || status !== 200 || response === null || encoding !== "utf-8") return false;
  return "text" in replyText(header, response);
}

function responseBytes(call: Call, number: number): Uint8Array | null {
  if (call.response === null) return null;
  if (call.response.length > 2 * largestResponse) throw malformedLine(number, "the response is too long");
  if (call.encoding === "utf-8") return utf8(call.response);
  try {
    return fromBase64(call.response);
  } catch {
    throw malformedLine(number, "the response is not base64");
  }
}

/** An id for a message: short, one line. */
export function quoted(id: string): string {
  return JSON.stringify(id.length > 60 ? `${id.slice(0, 57)}…` : id);
}
