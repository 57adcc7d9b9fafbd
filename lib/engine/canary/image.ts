import { z } from "zod";
import { sha256 } from "../log/hashing";
import { hex } from "./bytes";
import { CanaryError } from "./errors";
import { limits } from "./limits";

export const imageTypes = ["image/png", "image/jpeg", "image/webp"] as const;
export type ImageType = (typeof imageTypes)[number];

/** What an item says of its image: SHA-256 (hex), type and bytes; the image itself goes with the opening. */
export const imageFactsSchema = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  type: z.enum(imageTypes),
  size: z.int().min(1).max(limits.imageBytes),
});
export type ImageFacts = z.infer<typeof imageFactsSchema>;

/**
 * The facts of an image from its bytes. Type by magic bytes, dimensions by its header; nothing is decoded.
 * Throws CanaryError "bad-image" or "too-large", naming `what`.
 */
export function imageFacts(bytes: Uint8Array, what: string): ImageFacts {
  if (bytes.length > limits.imageBytes)
    throw new CanaryError("too-large", `${what} is larger than ${limits.imageBytes} bytes`);
  const { type } = imageSize(bytes, what);
  return { sha256: hex(sha256(bytes)), type, size: bytes.length };
}

/** Checks that these bytes are the image of an item. Throws CanaryError "bad-opening", "bad-image" or "too-large". */
export function verifyImage(facts: ImageFacts, bytes: Uint8Array, what: string): void {
  const found = imageFacts(bytes, what);
  if (found.sha256 !== facts.sha256 || found.type !== facts.type || found.size !== facts.size)
    throw new CanaryError("bad-opening", `${what} is not the image that was committed`);
}

interface Size {
  readonly type: ImageType;
  readonly width: number;
  readonly height: number;
}

/** Type, width and height in pixels. Throws CanaryError. */
export function imageSize(bytes: Uint8Array, what: string): Size {
  const size = pngSize(bytes) ?? jpegSize(bytes) ?? webpSize(bytes);
  if (size === null) throw new CanaryError("bad-image", `${what} is not a whole PNG, JPEG or WebP image`);
  if (size.width < 1 || size.height < 1) throw new CanaryError("bad-image", `${what} has no pixels`);
  if (Math.max(size.width, size.height) > limits.imageSide)
    throw new CanaryError(
      "too-large",
      `${what} is ${size.width} × ${size.height} pixels; at most ${limits.imageSide} a side`,
    );
  return size;
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
const ascii = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((letter, k) => bytes[at + k] === letter.charCodeAt(0));

/** PNG (W3C, section 5): signature, IHDR first with 13 bytes, an IDAT, IEND last, every chunk whole by its CRC. */
function pngSize(bytes: Uint8Array): Size | null {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  if (!signature.every((byte, at) => bytes[at] === byte)) return null;
  const data = view(bytes);
  let pixels = false;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = data.getUint32(at);
    if (length > bytes.length - at - 12) return null;
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== data.getUint32(at + 8 + length)) return null;
    if (at === 8 && !(ascii(bytes, 12, "IHDR") && length === 13)) return null;
    if (ascii(bytes, at + 4, "IDAT")) pixels = true;
    if (ascii(bytes, at + 4, "IEND"))
      return pixels ? { type: "image/png", width: data.getUint32(16), height: data.getUint32(20) } : null;
    at += 12 + length;
  }
  return null;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 of ISO 3309, as PNG takes it (annex D). */
function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (crcTable[(value ^ byte) & 0xff] as number) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** JPEG (ITU-T T.81, annex B): SOI, segments with a frame header (SOF0 … SOF15, not DHT, JPG, DAC), a scan, EOI. */
function jpegSize(bytes: Uint8Array): Size | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const data = view(bytes);
  let frame: Size | null = null;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // A marker without a length where a segment has to stand: none of them may come before the scan.
    if (marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9)) return null;
    const length = data.getUint16(at + 2);
    if (length < 2 || length > bytes.length - at - 2) return null;
    if (marker === 0xda) return frame !== null && endsWithEoi(bytes, at) ? frame : null;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      if (length < 8) return null;
      frame = { type: "image/jpeg", height: data.getUint16(at + 5), width: data.getUint16(at + 7) };
    }
    at += 2 + length;
  }
  return null;
}

function endsWithEoi(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.length - 2; at > from; at -= 1)
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  return false;
}

/** WebP (RFC 9649): RIFF of the stated length, then VP8 (lossy), VP8L (lossless) or VP8X (extended). */
function webpSize(bytes: Uint8Array): Size | null {
  if (bytes.length < 30 || !ascii(bytes, 0, "RIFF") || !ascii(bytes, 8, "WEBP")) return null;
  const data = view(bytes);
  if (data.getUint32(4, true) + 8 > bytes.length) return null;
  if (data.getUint32(16, true) > bytes.length - 20) return null;
  const u24 = (at: number) => data.getUint16(at, true) + 65536 * data.getUint8(at + 2);
  const type = "image/webp";
  if (ascii(bytes, 12, "VP8X")) return { type, width: u24(24) + 1, height: u24(27) + 1 };
  if (ascii(bytes, 12, "VP8L")) {
    if (bytes[20] !== 0x2f) return null;
    const packed = data.getUint32(21, true);
    return { type, width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
  }
  if (ascii(bytes, 12, "VP8 ")) {
    if (bytes[23] !== 0x9d || bytes[24] !== 0x01 || bytes[25] !== 0x2a) return null;
    return { type, width: data.getUint16(26, true) & 0x3fff, height: data.getUint16(28, true) & 0x3fff };
  }
  return null;
}
