import { fromHex, LogError } from "../log";
import { CanaryError, type CanaryErrorCode } from "./errors";

export { concat, equal, hex, utf8 } from "../log";

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
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function u64be(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
