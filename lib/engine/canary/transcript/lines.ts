import { canonical, hex, leafHash, text, utf8 } from "../../log";
import { sha256 } from "../../log/hashing";
import { CanaryError } from "../errors";
import { largestLine } from "./limits";
import { type Call, callSchema, headerSchema, type TranscriptHeader } from "./schema";

export const sha256Of = (data: Uint8Array | string): string =>
  hex(sha256(typeof data === "string" ? utf8(data) : data));

export interface Line {
  /** Canonical JSON (RFC 8785) without the line feed that ends it in a file. */
  readonly text: string;
  /** RFC 6962 leaf over the text's bytes, 32 bytes. */
  readonly leaf: Uint8Array;
}

/**
 * The line of a header or call: its canonical JSON with `lineSha256`, the SHA-256 of the canonical JSON of all other
 * members, so that a byte that changed on the way names its line even before the root is looked at.
 */
export function lineOf(record: TranscriptHeader | Call): Line {
  const line = canonical({ ...record, lineSha256: sha256Of(canonical(record)) });
  return { text: line, leaf: leafHash(utf8(line)) };
}

/** Reads the first line. Throws CanaryError "bad-transcript" or "edited-transcript" naming line 1. */
export function parseHeaderLine(bytes: Uint8Array): TranscriptHeader {
  const parsed = headerSchema.safeParse(openLine(bytes, 1));
  if (!parsed.success) throw malformedLine(1, whatIsWrong(parsed.error));
  return parsed.data;
}

/** Reads a call's line; `number` is its place in the file, 2 for the first call. Throws as parseHeaderLine. */
export function parseCallLine(bytes: Uint8Array, number: number): Call {
  const parsed = callSchema.safeParse(openLine(bytes, number));
  if (!parsed.success) throw malformedLine(number, whatIsWrong(parsed.error));
  return parsed.data;
}

function openLine(bytes: Uint8Array, number: number): Record<string, unknown> {
  if (bytes.length > largestLine) throw malformedLine(number, `longer than ${largestLine} bytes`);
  if (number === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    throw malformedLine(1, "begins with a byte order mark");
  let decoded: string;
  try {
    decoded = text(bytes);
  } catch {
    throw malformedLine(number, "not UTF-8");
  }
  let value: unknown;
  try {
    value = JSON.parse(decoded);
  } catch {
    throw malformedLine(number, "not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw malformedLine(number, "not a JSON object");
  if (canonicalOf(value) !== decoded) throw edited(number, "it is not in canonical form (RFC 8785)");
  const { lineSha256, ...record } = value as Record<string, unknown>;
  if (typeof lineSha256 !== "string") throw malformedLine(number, "lineSha256 is missing");
  if (sha256Of(withoutHash(decoded, lineSha256) ?? canonical(record)) !== lineSha256)
    throw edited(number, "its hash does not match its content");
  return record;
}

function canonicalOf(value: object): string | null {
  try {
    return canonical(value);
  } catch {
    return null;
  }
}

/**
 * The canonical text without the member lineSha256, cut out where it stands exactly once as a member (inside of a text
 * its quotes would be escaped); null where it has to be put together anew.
 */
function withoutHash(line: string, lineSha256: string): string | null {
  const member = `,"lineSha256":${JSON.stringify(lineSha256)}`;
  const at = line.indexOf(member);
  if (at < 0 || line.indexOf('"lineSha256":', at + member.length) >= 0) return null;
  // In a header an object inside of it could have a member of that name, and then it comes before or after this one.
  return line.indexOf('"lineSha256":') === at + 1 ? line.slice(0, at) + line.slice(at + member.length) : null;
}

export function malformedLine(number: number, problem: string): CanaryError {
  return new CanaryError("bad-transcript", `line ${number} of the transcript: ${problem}`);
}

export function edited(number: number, how: string): CanaryError {
  return new CanaryError(
    "edited-transcript",
    `line ${number} of the transcript was changed after it was written: ${how}`,
  );
}

function whatIsWrong(error: {
  issues: readonly { path: readonly PropertyKey[]; message: string }[];
}): string {
  const [issue] = error.issues;
  const at = issue?.path.map(String).join(".");
  return at ? `${at}: ${issue?.message}` : (issue?.message ?? "not a record of a transcript");
}
