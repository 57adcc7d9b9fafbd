import { GGMLQuantizationType, type GGUFParseOutput, gguf, type MetadataValue } from "@huggingface/gguf";
import { EngineError } from "../../errors";
import type { ReleaseReader } from "../../io/source/release";
import { bitsOf } from "../numbers/decode";
import { isTensorName } from "../safetensors-header";
import { malformed, show } from "../strict-json";
import { blockTypes } from "./block-types";
import { walkGgufHeader } from "./header-walk";

export interface GgufTensor {
  readonly name: string;
  readonly dtype: string;
  /** Outermost dimension first: the reverse of the file's own order. */
  readonly shape: readonly number[];
  /** First byte in the file. */
  readonly start: number;
}

export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, MetadataValue>;
  /** In the order of their bytes. */
  readonly tensors: readonly GgufTensor[];
}

const maxAlignment = 1 << 20;

/**
 * Reads the header of one GGUF file. It is walked by range first, so that no length in it lies and no list is kept;
 * the published parser reads what is left; and its tensors are held against the file as ggml itself does: sizes,
 * order, alignment, nothing outside and nothing overlapping.
 * Null when the file's bytes cannot be had or its size is not listed. Throws "malformed-file".
 */
export async function readGgufHeader(
  reader: ReleaseReader,
  path: string,
  signal?: AbortSignal,
): Promise<GgufHeader | null> {
  const size = reader.release.files.find((file) => file.path === path)?.size ?? null;
  if (size === null) return null;
  if (size < 24) throw malformed(path, "too short for a GGUF file");
  const walked = await walkGgufHeader(reader, path, size, signal);
  if (walked === null) return null;
  try {
    const parsed = await gguf("https://release.invalid/", { fetch: piecesOf(walked.condensed) });
    return checkedHeader(parsed, path, size, walked.end);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw malformed(path, `not a readable GGUF file: ${lineOf(error)}`);
  }
}

/** The parser asks for pieces of a file as of a web server: here it gets them, and nothing behind the end. */
function piecesOf(bytes: Uint8Array): typeof fetch {
  return async (_, init) => {
    const range = new Headers(init?.headers).get("range") ?? "";
    const [, from, to] = /^bytes=([0-9]+)-([0-9]+)$/.exec(range) ?? [];
    return new Response(bytes.slice(Number(from), Number(to) + 1));
  };
}

function lineOf(error: unknown): string {
  return show(error instanceof Error ? error.message : "it cannot be parsed");
}

function checkedHeader(
  { metadata, tensorInfos }: GGUFParseOutput<{ strict: false }>,
  path: string,
  size: number,
  headerEnd: number,
): GgufHeader {
  const keys = Object.keys(metadata);
  // The parser adds three entries of its own; a key that stands twice leaves fewer than the file states.
  if (BigInt(keys.length) !== BigInt(metadata.kv_count) + 3n) {
    throw malformed(path, "a metadata key stands twice or is reserved");
  }
  const values = new Map(keys.map((key) => [key, metadata[key] as MetadataValue]));
  const alignment = Number(values.get("general.alignment") ?? 32);
  if (
    !Number.isInteger(alignment) ||
    alignment < 1 ||
    alignment > maxAlignment ||
    alignment & (alignment - 1)
  ) {
    throw malformed(path, "general.alignment is not a small power of two");
  }
  const dataStart = padded(headerEnd, alignment);
  const names = new Set<string>();
  let reached = 0;
  const tensors = tensorInfos.map(({ name, shape: reversed, dtype: type, offset }) => {
    const wrong = (problem: string) => malformed(path, `tensor ${show(name)} ${problem}`);
    if (!isTensorName(name)) throw wrong("has an unusable name");
    if (names.has(name)) throw wrong("stands twice");
    names.add(name);
    const dtype = typeName(type);
    if (dtype === null) throw wrong(`has the unknown type ${type}`);
    const bytes = byteLength(reversed, dtype);
    if (bytes === null) throw wrong("has a shape that its type cannot have");
    if (offset !== BigInt(reached)) throw wrong(`lies at ${offset}, where ${reached} is its place`);
    const start = dataStart + reached;
    if (start + bytes > size) throw wrong("lies outside the file");
    reached = padded(reached + bytes, alignment);
    return { name, dtype, shape: reversed.map(Number).reverse(), start };
  });
  return { metadata: values, tensors };
}

function padded(length: number, alignment: number): number {
  return Math.ceil(length / alignment) * alignment;
}

/** "Q4_K" for 12; null for a type that has no size here. */
function typeName(type: number): string | null {
  const name = GGMLQuantizationType[type];
  if (name === undefined) return null;
  return Object.hasOwn(blockTypes, name) || bitsOf(name) !== null ? name : null;
}

/** Null where a dimension is 0, the rows do not fill whole blocks, or the size cannot be counted exactly. */
function byteLength(reversed: readonly bigint[], dtype: string): number | null {
  if (reversed.length > 4 || reversed.some((size) => size < 1n)) return null;
  const elements = reversed.reduce((product, size) => product * size, 1n);
  const block = Object.hasOwn(blockTypes, dtype) ? blockTypes[dtype] : undefined;
  if (block !== undefined && (reversed[0] ?? 1n) % BigInt(block.elements) !== 0n) return null;
  const bytes = block
    ? (elements / BigInt(block.elements)) * BigInt(block.bytes)
    : (elements * BigInt(bitsOf(dtype) ?? 0)) / 8n;
  return bytes <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bytes) : null;
}
