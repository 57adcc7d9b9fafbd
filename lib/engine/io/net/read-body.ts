import type { Dispatcher } from "undici";
import { EngineError } from "../../errors";

/** A half-open byte range [start, end). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The far side broke off or answered nonsense: worth another attempt. */
export class BrokenAnswer extends Error {}

// A server that ignores Range sends the file from its first byte; this much may be read past to reach the range.
const skippable = 64 * 1024 * 1024;

/** Reads a body of at most `maxBytes` bytes. A longer one, by its header or in fact, is "too-large". */
export async function readBody(
  answer: Dispatcher.ResponseData,
  maxBytes: number,
  onBytes: (count: number) => void,
): Promise<Uint8Array> {
  const stated = contentLength(answer);
  if (stated !== null && stated > maxBytes) throw tooLong(maxBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    length += chunk.length;
    onBytes(chunk.length);
    if (length > maxBytes) throw tooLong(maxBytes);
    chunks.push(chunk);
  }
  if (stated !== null && stated !== length) throw new BrokenAnswer("the answer ended early");
  return Buffer.concat(chunks, length);
}

/**
 * Exactly the bytes of `range`, from a 206 that states this range or from a 200 whose beginning is read past.
 * `total` is the size stated by Content-Range or Content-Length, null when not said.
 */
export async function readRangeBody(
  answer: Dispatcher.ResponseData,
  range: ByteRange,
  onBytes: (count: number) => void,
): Promise<{ bytes: Uint8Array; total: number | null }> {
  const wanted = range.end - range.start;
  if (answer.statusCode === 206) {
    const stated = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(String(answer.headers["content-range"] ?? ""));
    if (!stated || Number(stated[1]) !== range.start)
      throw new BrokenAnswer("the answer holds another range");
    const length = contentLength(answer);
    if (length !== null && length > wanted) throw tooLong(wanted);
    // Into one array of the right size: thousands of small copies would keep the garbage collector busy.
    const bytes = new Uint8Array(wanted);
    let done = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      onBytes(chunk.length);
      if (done + chunk.length > wanted) throw tooLong(wanted);
      bytes.set(chunk, done);
      done += chunk.length;
    }
    if (done !== wanted) throw new BrokenAnswer("the answer is shorter than the range");
    return { bytes, total: stated[3] === "*" ? null : Number(stated[3]) };
  }
  const total = contentLength(answer);
  if (range.start > skippable) {
    throw new EngineError("source-unreachable", "The far side does not serve ranges of large files");
  }
  const bytes = new Uint8Array(wanted);
  let position = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    onBytes(chunk.length);
    const from = Math.max(range.start - position, 0);
    const to = Math.min(range.end - position, chunk.length);
    if (to > from) bytes.set(chunk.subarray(from, to), position + from - range.start);
    position += chunk.length;
    if (position >= range.end) break;
  }
  if (position < range.end) throw new BrokenAnswer("the answer is shorter than the range");
  return { bytes, total };
}

function contentLength(answer: Dispatcher.ResponseData): number | null {
  const value = answer.headers["content-length"];
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

function tooLong(maxBytes: number): EngineError {
  return new EngineError("too-large", `The far side sent more than ${maxBytes} bytes`, { limit: maxBytes });
}
