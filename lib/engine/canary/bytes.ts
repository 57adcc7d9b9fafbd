import { base64, concat, fromBase64, fromHex, LogError } from "../log";
import { CanaryError, type CanaryErrorCode } from "./errors";

export { concat, utf8 } from "../log";

const digitCodes = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

/** Lower-case hex as one flat text: 100,000 openings hold two million of them, and a chain of pieces costs 1 KB each. */
export function hex(bytes: Uint8Array): string {
  const codes = new Uint8Array(2 * bytes.length);
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    codes[2 * at] = digitCodes[byte >> 4] as number;
    codes[2 * at + 1] = digitCodes[byte & 15] as number;
  }
  // Not by spreading, which is some ten times as slow.
  return String.fromCharCode.apply(null, codes as unknown as number[]);
}

/** Lower-case hex of exactly `length` bytes. Throws CanaryError. */
export function bytesOfHex(digits: string, length: number, what: string, code: CanaryErrorCode): Uint8Array {
  try {
    return fromHex(digits, length);
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    throw new CanaryError(code, `${what} is not ${length} bytes in lower-case hex`);
  }
}

export function u32be(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** `value` is a safe integer. */
export function u64be(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  bytes.set(u32be(Math.floor(value / 2 ** 32)));
  bytes.set(u32be(value % 2 ** 32), 4);
  return bytes;
}

/** Characters of base64 at a time: a pattern over a text of millions would exhaust the pattern engine's stack. */
const piece = 4 * 65_536;

/** Standard base64 of any length. */
export function toLongBase64(bytes: Uint8Array): string {
  let text = "";
  const step = (piece / 4) * 3;
  for (let at = 0; at < bytes.length; at += step) text += base64(bytes.subarray(at, at + step));
  return text;
}

/** Bytes of canonical base64 of any length; null where it is none. */
export function fromLongBase64(text: string): Uint8Array | null {
  const parts: Uint8Array[] = [];
  try {
    for (let at = 0; at < text.length; at += piece) {
      const part = fromBase64(text.slice(at, at + piece));
      // Padding ends a text.
      if (at + piece < text.length && part.length !== (piece / 4) * 3) return null;
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof LogError) return null;
    throw error;
  }
  return concat(...parts);
}
