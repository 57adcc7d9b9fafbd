import { LogError } from "./errors";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Strict UTF-8: a byte that is none is refused, a byte order mark stays visible. Throws LogError "malformed". */
export function text(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new LogError("malformed", "not UTF-8");
  }
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hex(bytes: Uint8Array): string {
  let digits = "";
  for (const byte of bytes) digits += hexOfByte[byte];
  return digits;
}

const nibble = (code: number): number => (code < 0x3a ? code - 0x30 : code - 0x57);

/** Lower-case hex of exactly `length` bytes. Throws LogError "malformed". */
export function fromHex(digits: string, length: number): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(digits) || digits.length !== 2 * length)
    throw new LogError("malformed", `not ${length} bytes in hex`);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1)
    bytes[at] = 16 * nibble(digits.charCodeAt(2 * at)) + nibble(digits.charCodeAt(2 * at + 1));
  return bytes;
}

export function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Bits of the last character that no byte has room for are zero. */
const noLooseBits = /(?:[AQgw]==|[AEIMQUYcgkosw048]=|[^=]|^)$/;

/**
 * Standard base64 (RFC 4648, section 4), padded and in its one canonical form: no space, no other alphabet, no loose
 * bits. Throws LogError "malformed".
 */
export function fromBase64(encoded: string): Uint8Array {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(encoded))
    throw new LogError("malformed", "not base64");
  const binary = atob(encoded);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  if (!noLooseBits.test(encoded)) throw new LogError("malformed", "base64 with loose bits");
  return bytes;
}

/** A decimal number without leading zeros, up to 2^53 − 1. Throws LogError. */
export function decimal(digits: string, what: string): number {
  if (!/^(?:0|[1-9]\d{0,19})$/.test(digits))
    throw new LogError("malformed", `${what} is not a decimal number`);
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) throw new LogError("too-large", `${what} is 2^53 or more`);
  return value;
}

/** A count or position that arithmetic on doubles keeps exact. Throws LogError "out-of-range". */
export function requireIndex(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new LogError("out-of-range", `${what} is not a whole number from 0 to 2^53 − 1`);
}
