import { crc32, deflateSync, inflateSync } from "node:zlib";

/** Eight-bit grey values, row by row from the top. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);

/** A greyscale PNG of four bits a pixel: the sixteen levels that small drawings of one character need. */
export function encodePng({ width, height, pixels }: GreyImage): Buffer {
  const stride = Math.ceil(width / 2);
  const rows = Buffer.alloc(height * (stride + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const level = Math.round(pixels[y * width + x]! / 17);
      rows[y * (stride + 1) + 1 + (x >> 1)]! |= x % 2 === 0 ? level << 4 : level;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([4, 0, 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const framed = Buffer.alloc(8 + named.length);
  framed.writeUInt32BE(body.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), 4 + named.length);
  return framed;
}

/** Reads what `encodePng` writes, and 8-bit grey, RGB and RGBA without interlacing (luma of the colours on white). */
export function decodePng(bytes: Uint8Array): GreyImage {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!file.subarray(0, 8).equals(signature)) throw new Error("this is no PNG");
  const bodies: Buffer[] = [];
  let header: Buffer | null = null;
  for (let at = 8; at + 12 <= file.length; ) {
    const end = at + 8 + file.readUInt32BE(at);
    const type = file.toString("latin1", at + 4, at + 8);
    if (type === "IHDR") header = file.subarray(at + 8, end);
    if (type === "IDAT") bodies.push(file.subarray(at + 8, end));
    at = end + 4;
  }
  if (header === null || header[12] !== 0) throw new Error("a PNG without header, or interlaced");
  const [width, height, depth] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8]!];
  const channels = { 0: 1, 2: 3, 6: 4 }[header[9]!];
  if (channels === undefined || (depth !== 8 && !(depth === 4 && channels === 1)))
    throw new Error("a PNG of a kind that is not read here");
  const stride = Math.ceil((width * channels * depth) / 8);
  const rows = unfiltered(inflateSync(Buffer.concat(bodies)), height, stride, depth === 4 ? 1 : channels);
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = rows.subarray(y * stride, (y + 1) * stride);
    for (let x = 0; x < width; x++) {
      const at = channels * x;
      if (depth === 4) pixels[y * width + x] = 17 * ((row[x >> 1]! >> (x % 2 === 0 ? 4 : 0)) & 15);
      else if (channels === 1) pixels[y * width + x] = row[at]!;
      else {
        const luma = 0.299 * row[at]! + 0.587 * row[at + 1]! + 0.114 * row[at + 2]!;
        const cover = channels === 4 ? row[at + 3]! / 255 : 1;
        pixels[y * width + x] = Math.round(255 - cover * (255 - luma));
      }
    }
  }
  return { width, height, pixels };
}

function unfiltered(data: Buffer, height: number, stride: number, step: number): Uint8Array {
  const out = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x >= step ? out[at - step]! : 0;
      const up = y > 0 ? out[at - stride]! : 0;
      const corner = x >= step && y > 0 ? out[at - stride - step]! : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      if (guess === undefined) throw new Error("a PNG with an unknown filter");
      out[at] = data[y * (stride + 1) + 1 + x]! + guess;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
