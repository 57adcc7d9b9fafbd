import { crc32, deflateSync } from "node:zlib";

/** A real, whole PNG: one grey channel of eight bits, all of it `shade`. */
export function tinyPng(width: number, height: number, shade = 128): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(width, shade)]);
  const rows = Buffer.concat(Array.from({ length: height }, () => row));
  const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return new Uint8Array(
    Buffer.concat([
      signature,
      chunk("IHDR", header),
      chunk("IDAT", deflateSync(rows)),
      chunk("IEND", Buffer.alloc(0)),
    ]),
  );
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

const base64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));

/** Three by two pixels, grey, as sharp 0.34 (libvips) writes them. */
export const tinyJpeg = base64(
  "/9j/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjsh" +
    "ITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAACAAMDASIAAhEBAxEB/8QAFQABAQAA" +
    "AAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAM" +
    "AwEAAhEDEQA/AJAAf//Z",
);

export const tinyWebp = {
  lossy: base64("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoDAAIAA4BaJaQAA3AA/uPeAAA="),
  lossless: base64("UklGRh4AAABXRUJQVlA4TBEAAAAvAkAAAAdQspKVrP+BiOh/AAA="),
  extended: base64(
    "UklGRlAAAABXRUJQVlA4WAoAAAAQAAAAAgAAAQAAQUxQSAcAAAAAHkZulr7mAFZQOCAiAAAAsAEAnQEqAwACAAOAWiWUAnQBDv4C7AD8//J/xkEF" +
      "2clQAA==",
  ),
} as const;
