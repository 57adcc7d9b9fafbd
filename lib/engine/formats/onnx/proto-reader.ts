import type { ReleaseReader } from "../../io/source/release";
import { malformed } from "../strict-json";

/** One field of a protobuf message: where its content lies, and for numbers what it is. */
export interface ProtoField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wire: number;
  /** First and last byte of the content (after the length, for wire type 2). */
  readonly start: number;
  readonly end: number;
  /** The number of a varint; 0 for other wire types. Negative numbers come as they were (two's complement). */
  readonly value: bigint;
}

const smallRead = 4096;
const largestRead = 256 * 1024;
/** What a file may need besides its large tensors: nodes, names, shapes. */
const maxStructureBytes = 64 * 1024 * 1024;
const maxFields = 10_000_000;

class BytesAbsent extends Error {}

/**
 * Walks protobuf messages (Protocol Buffers encoding, developers.google.com) in a file read by range. What is not
 * looked into is skipped by its length, never read. Throws "malformed-file" on anything that lies.
 */
export class ProtoReader {
  #window: Uint8Array = new Uint8Array();
  #windowStart = 0;
  #nextRead = smallRead;
  #read = 0;
  #fields = 0;

  constructor(
    readonly reader: ReleaseReader,
    readonly path: string,
    readonly size: number,
    readonly signal?: AbortSignal,
  ) {}

  /** True for the error that says that the file is listed, but its bytes cannot be had. */
  static isAbsent(error: unknown): boolean {
    return error instanceof BytesAbsent;
  }

  wrong(problem: string) {
    return malformed(this.path, problem);
  }

  /** The fields of the message that fills [start, end). */
  async *fields(start: number, end: number): AsyncGenerator<ProtoField> {
    for (let at = start; at < end; ) {
      this.#fields += 1;
      if (this.#fields > maxFields) throw this.wrong(`holds more than ${maxFields} fields`);
      const tag = await this.#varint(at, end);
      const number = Number(tag.value >> 3n);
      const wire = Number(tag.value & 7n);
      if (number < 1 || number >= 2 ** 29) throw this.wrong("is not a protobuf file (field number)");
      const field = await this.#content(number, wire, tag.end, end);
      yield field;
      at = field.end;
    }
  }

  async #content(number: number, wire: number, at: number, end: number): Promise<ProtoField> {
    if (wire === 0) {
      const { value, end: after } = await this.#varint(at, end);
      return { number, wire, start: at, end: after, value };
    }
    const fixed = wire === 1 ? 8 : wire === 5 ? 4 : null;
    if (fixed === null && wire !== 2) throw this.wrong(`is not a protobuf file (wire type ${wire})`);
    const length = fixed === null ? await this.#varint(at, end) : { value: BigInt(fixed), end: at };
    // Compared as exact integers: a stated length of 2^64 − 1 must not become a small number.
    if (length.value > BigInt(end - length.end)) throw this.wrong("a field reaches beyond its message");
    const start = length.end;
    return { number, wire, start, end: start + Number(length.value), value: 0n };
  }

  async #varint(at: number, end: number): Promise<{ value: bigint; end: number }> {
    const bytes = await this.bytes(at, Math.min(end, at + 10));
    let small = 0;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (i < 4) {
        small += (byte & 127) * 2 ** (7 * i);
        if (byte < 128) return { value: BigInt(small), end: at + i + 1 };
      } else if (byte < 128) {
        return { value: BigInt.asUintN(64, longVarint(bytes, i)), end: at + i + 1 };
      }
    }
    throw this.wrong("a number does not end");
  }

  /** The bytes [start, end), at most 64 KiB of them. */
  async bytes(start: number, end: number): Promise<Uint8Array> {
    const from = start - this.#windowStart;
    if (from >= 0 && end - this.#windowStart <= this.#window.length) {
      return this.#window.subarray(from, end - this.#windowStart);
    }
    // A walk that goes on where the last read ended asks for more at a time; a jump over a tensor starts small again.
    const goesOn = from >= 0 && from <= this.#window.length;
    this.#nextRead = goesOn ? Math.min(largestRead, this.#nextRead * 2) : smallRead;
    const stop = Math.min(this.size, Math.max(end, start + this.#nextRead));
    this.#read += stop - start;
    if (this.#read > maxStructureBytes) throw this.wrong("its structure alone is larger than 64 MiB");
    const bytes = await this.reader.read(this.path, start, stop, this.signal);
    if (bytes === null) throw new BytesAbsent();
    this.#window = bytes;
    this.#windowStart = start;
    return bytes.subarray(0, end - start);
  }

  /** A short text; null where it is longer than `limit` bytes. */
  async text(field: ProtoField, limit: number): Promise<string | null> {
    if (field.wire !== 2) throw this.wrong("a text has the wrong wire type");
    if (field.end - field.start > limit) return null;
    return new TextDecoder().decode(await this.bytes(field.start, field.end));
  }
}

function longVarint(bytes: Uint8Array, last: number): bigint {
  let value = 0n;
  for (let i = last; i >= 0; i--) value = (value << 7n) | BigInt((bytes[i] as number) & 127);
  return value;
}

/** All varints of a run of bytes as unsigned 64-bit numbers; null where the last does not end. */
export function packedVarints(bytes: Uint8Array): bigint[] | null {
  const out: bigint[] = [];
  let from = 0;
  for (let i = 0; i < bytes.length; i++) {
    if ((bytes[i] as number) >= 128) continue;
    if (i - from > 9) return null;
    out.push(BigInt.asUintN(64, longVarint(bytes.subarray(from, i + 1), i - from)));
    from = i + 1;
  }
  return from === bytes.length ? out : null;
}
