import type { ReleaseReader } from "../io/source/release";
import type { Json } from "../methods/method";
import { isObject } from "./json-shape";
import { isPrintable, malformed, parseStrictJson, show } from "./strict-json";

/** One tensor as a header describes it. Offsets are bytes from the start of the data, not of the file. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of their bytes in the file. */
  readonly tensors: readonly TensorEntry[];
  /** First byte of the data in the file. */
  readonly dataStart: number;
}

/** Bits per element, as in the reference implementation (safetensors 0.6). */
const bits: Readonly<Record<string, number>> = {
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
  C64: 64,
};

/** The reference implementation's own bound. */
export const maxHeaderBytes = 100_000_000;
const maxTensors = 1_000_000;
const maxRank = 32;
const maxNameLength = 1024;

/**
 * Reads the header of one safetensors file: 8 bytes of length (little-endian), then so many bytes of JSON.
 * Null when the file is listed but its bytes cannot be had. Throws "malformed-file" on anything that lies.
 */
export async function readSafetensorsHeader(
  reader: ReleaseReader,
  path: string,
  signal?: AbortSignal,
): Promise<SafetensorsHeader | null> {
  const size = reader.release.files.find((file) => file.path === path)?.size ?? null;
  if (size !== null && size < 8) throw malformed(path, "too short for a safetensors file");
  const lead = await reader.read(path, 0, 8, signal);
  if (lead === null) return null;
  const length = headerLength(lead, path, size);
  const body = await reader.read(path, 8, 8 + length, signal);
  return body === null ? null : parseSafetensorsHeader(body, path, size);
}

/** The length that the first 8 bytes state, checked against the file's size where the listing states one. */
export function headerLength(lead: Uint8Array, path: string, fileSize: number | null): number {
  if (lead.length !== 8) throw malformed(path, "too short for a safetensors file");
  const stated = new DataView(lead.buffer, lead.byteOffset, 8).getBigUint64(0, true);
  if (stated > BigInt(maxHeaderBytes)) throw malformed(path, `states a header of ${stated} bytes`);
  const length = Number(stated);
  if (length < 2) throw malformed(path, `states a header of ${length} bytes`);
  if (fileSize !== null && 8 + length > fileSize) {
    throw malformed(path, `states a header of ${length} bytes but holds only ${fileSize} bytes`);
  }
  return length;
}

/** Parses the JSON of a header and checks every claim that can be checked without the data. */
export function parseSafetensorsHeader(
  body: Uint8Array,
  path: string,
  fileSize: number | null,
): SafetensorsHeader {
  if (body[0] !== 0x7b) throw malformed(path, 'the header does not begin with "{"');
  const header = parseStrictJson(body, path, { maxDepth: 8, hugeIntegers: "refuse" });
  if (!isObject(header)) throw malformed(path, "the header is not an object");
  checkMetadata(header.__metadata__, path);
  const names = Object.keys(header).filter((name) => name !== "__metadata__");
  if (names.length > maxTensors) throw malformed(path, `lists more than ${maxTensors} tensors`);
  const tensors = names.map((name) => tensorEntry(name, header[name] as Json, path));
  tensors.sort((a, b) => a.start - b.start || a.end - b.end);
  const dataStart = 8 + body.length;
  checkLayout(tensors, path, fileSize === null ? null : fileSize - dataStart);
  return { tensors, dataStart };
}

function tensorEntry(name: string, value: Json, path: string): TensorEntry {
  const wrong = (problem: string) => malformed(path, `tensor ${show(name)} ${problem}`);
  if (!isTensorName(name)) throw wrong("has an unusable name");
  if (!isObject(value)) throw wrong("is not described by an object");
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(bits, dtype)) {
    throw wrong(`has the unknown dtype ${show(String(dtype))}`);
  }
  if (!Array.isArray(shape) || shape.length > maxRank || !shape.every(isCount)) {
    throw wrong("has a shape that is not a short list of whole numbers");
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw wrong("has data_offsets that are not two whole numbers");
  }
  const [start, end] = offsets as number[] as [number, number];
  const dimensions = shape as number[];
  if (dimensions.includes(0)) throw wrong("has a dimension of 0");
  // BigInt: a product of shapes passes 2^53 long before it stops looking like a small number.
  const total = dimensions.reduce((product, size) => product * BigInt(size), BigInt(bits[dtype] as number));
  if (end < start || total !== 8n * BigInt(end - start)) {
    throw wrong(`spans ${end - start} bytes, which is not what its shape and dtype need`);
  }
  return { name, dtype, shape: dimensions, start, end };
}

function checkLayout(tensors: readonly TensorEntry[], path: string, dataBytes: number | null): void {
  let reached = 0;
  for (const tensor of tensors) {
    if (dataBytes !== null && tensor.end > dataBytes) {
      throw malformed(path, `tensor ${show(tensor.name)} lies outside the file`);
    }
    if (tensor.start < reached) throw malformed(path, `tensor ${show(tensor.name)} overlaps another`);
    if (tensor.start > reached)
      throw malformed(path, `bytes before ${show(tensor.name)} belong to no tensor`);
    reached = tensor.end;
  }
  if (dataBytes !== null && reached !== dataBytes) {
    throw malformed(path, `describes ${reached} bytes of data but holds ${dataBytes}`);
  }
}

function checkMetadata(value: Json | undefined, path: string): void {
  if (value === undefined) return;
  if (!isObject(value) || !Object.values(value).every((text) => typeof text === "string")) {
    throw malformed(path, "__metadata__ is not a map from text to text");
  }
}

function isCount(value: Json): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
}

/** Names of tensors are printed and searched: they are short and hold nothing that a terminal would obey. */
export function isTensorName(name: string): boolean {
  return name !== "" && name.length <= maxNameLength && isPrintable(name);
}
