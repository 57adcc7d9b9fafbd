import { gunzipSync } from "node:zlib";
import { Random } from "@/tests/zoo/trainer/random";

/** Which component of a .traineddata file holds the network (tessdatamanager.h: TESSDATA_LSTM). */
const network = 17;

/**
 * A .traineddata file whose whole-number weights moved: each by one step up or down with probability `share`. All else
 * keeps its bytes. Takes the file as it is or gzipped; returns it not gzipped.
 */
export function noisyTraineddata(file: Uint8Array, share: number, seed: string): Buffer {
  const copy = Buffer.from(file[0] === 0x1f ? gunzipSync(file) : file);
  const count = copy.readInt32LE(0);
  const offset = (entry: number) => (entry < count ? Number(copy.readBigInt64LE(4 + 8 * entry)) : -1);
  const start = offset(network);
  if (start < 0) throw new Error("the file has no network");
  const after = Array.from({ length: count }, (_, entry) => offset(entry)).filter((at) => at > start);
  const random = new Random(`noisy weights ${seed}`);
  let moved = 0;
  for (const { at, size } of matrices(copy.subarray(start, Math.min(copy.length, ...after)))) {
    for (let i = start + at; i < start + at + size; i++) {
      if (random.unit() >= share) continue;
      const value = copy.readInt8(i);
      const step = value >= 127 ? -1 : value <= -127 ? 1 : random.below(2) * 2 - 1;
      copy.writeInt8(value + step, i);
      moved += 1;
    }
  }
  if (moved === 0) throw new Error("no weight was found to move");
  return copy;
}

/**
 * Matrices of bytes in a serialised network (weightmatrix.cpp): a byte of flags with 1 (whole numbers) and 128 (scales
 * are doubles), rows and columns as 32-bit numbers, one byte 0, the weights, then as many scales as rows, all positive.
 */
function* matrices(body: Buffer): Generator<{ at: number; size: number }> {
  for (let at = 0; at + 14 < body.length; at++) {
    if ((body[at]! & 0x81) !== 0x81 || body[at + 9] !== 0) continue;
    const [rows, columns] = [body.readInt32LE(at + 1), body.readInt32LE(at + 5)];
    if (rows < 1 || rows > 20_000 || columns < 1 || columns > 4096) continue;
    const [start, size] = [at + 10, rows * columns];
    const scales = start + size + 4;
    // Rows are padded, so that there may be more scales than rows.
    if (scales + 8 * rows > body.length) continue;
    const listed = body.readUInt32LE(scales - 4);
    if (listed < rows || listed > rows + 64 || scales + 8 * listed > body.length) continue;
    const plausible = Array.from({ length: rows }, (_, i) => body.readDoubleLE(scales + 8 * i)).every(
      (scale) => scale > 0 && scale < 1000,
    );
    if (!plausible) continue;
    yield { at: start, size };
    at = scales + 8 * listed - 1;
  }
}
