import { bitsOf, decode } from "../numbers/decode";
import { packedVarints } from "./proto-reader";

/** Numbers kept as varints, each the code of one element, as float32. Null where they are not `count` in number. */
export function decodeVarints(bytes: Uint8Array, dtype: string, count: number): Float32Array | null {
  const codes = packedVarints(bytes);
  return codes === null || codes.length !== count ? null : decodeCodes(codes, dtype);
}

/** Codes cut to the width of the dtype and decoded. */
export function decodeCodes(codes: readonly bigint[], dtype: string): Float32Array {
  const width = (bitsOf(dtype) ?? 8) / 8;
  const view = new DataView(new ArrayBuffer(codes.length * width));
  for (const [i, code] of codes.entries()) {
    const at = i * width;
    if (width === 8) view.setBigUint64(at, BigInt.asUintN(64, code), true);
    else if (width === 4) view.setUint32(at, Number(BigInt.asUintN(32, code)), true);
    else if (width === 2) view.setUint16(at, Number(BigInt.asUintN(16, code)), true);
    else view.setUint8(at, Number(BigInt.asUintN(8, code)));
  }
  return decode(new Uint8Array(view.buffer), dtype, codes.length);
}
