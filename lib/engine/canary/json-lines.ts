import { EngineError } from "../errors";
import { parseStrictJson } from "../formats/strict-json";
import type { Json } from "../methods/method";
import { utf8 } from "./bytes";
import { CanaryError } from "./errors";

interface JsonLine {
  /** 1-based, as an editor counts. */
  readonly line: number;
  readonly value: Json;
}

export interface JsonLinesLimits {
  /** What the file is called in messages. */
  readonly what: string;
  readonly lines: number;
  readonly lineBytes: number;
}

const lineFeed = 0x0a;

/**
 * JSON Lines: strict UTF-8 (one byte order mark at the start is passed over), one strict JSON value a line, blank lines
 * passed over. Throws CanaryError "malformed", "too-large" or "too-many-items", naming the line.
 */
export function* jsonLines(source: Uint8Array | string, limits: JsonLinesLimits): Generator<JsonLine> {
  const bytes = typeof source === "string" ? utf8(source) : source;
  requireNoUtf16(bytes, limits.what);
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  let line = 0;
  let values = 0;
  for (let start = marked ? 3 : 0; start < bytes.length; ) {
    line += 1;
    const found = bytes.indexOf(lineFeed, start);
    const end = found < 0 ? bytes.length : found;
    const piece = bytes.subarray(start, end);
    start = end + 1;
    const name = `${limits.what}, line ${line}`;
    if (piece.length > limits.lineBytes)
      throw new CanaryError("too-large", `${name} is longer than ${limits.lineBytes} bytes`);
    if (isBlank(piece)) continue;
    values += 1;
    if (values > limits.lines)
      throw new CanaryError("too-many-items", `${limits.what} has more than ${limits.lines} lines`);
    yield { line, value: strictJsonOf(piece, name) };
  }
}

/** Strict JSON (no duplicate keys, no lone surrogates). Throws CanaryError "malformed". */
export function strictJsonOf(bytes: Uint8Array, what: string): Json {
  try {
    return parseStrictJson(bytes, what);
  } catch (error) {
    if (error instanceof EngineError) throw new CanaryError("malformed", error.message);
    throw error;
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function requireNoUtf16(bytes: Uint8Array, what: string): void {
  const [first, second] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (marked || (bytes.length > 1 && (first === 0 || second === 0)))
    throw new CanaryError("malformed", `${what} is UTF-16 or UTF-32; save it as UTF-8`);
}
