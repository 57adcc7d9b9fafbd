import type { ReleaseReader } from "../../io/source/release";
import { malformed } from "../strict-json";

/** A header walked from end to end, with its long lists left out. */
export interface WalkedHeader {
  /** The same header with empty arrays where it has arrays, for a parser that keeps everything in memory. */
  readonly condensed: Uint8Array;
  /** First byte behind the header in the file. */
  readonly end: number;
}

/** Token lists and templates of the largest vocabularies come to some 20 MB. */
const maxHeaderBytes = 64 * 1024 * 1024;
const maxCondensed = 32 * 1024 * 1024;
const maxKeys = 100_000;
const maxTensors = 1_000_000;
const maxKeyLength = 65_535;
const maxTensorName = 1024;
const maxDims = 4;
const maxNesting = 4;
const firstRead = 64 * 1024;
const largestRead = 1024 * 1024;

/** Bytes of a value by its type (gguf.md, "File Structure"); texts are 8 and arrays are 9. */
const widths: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
const textType = 8;
const arrayType = 9;

/**
 * Walks a GGUF header (versions 2 and 3, little-endian) through the file by the lengths it states, each held against
 * the file before anything is kept. Null when the bytes cannot be had. Throws "malformed-file".
 */
export async function walkGgufHeader(
  reader: ReleaseReader,
  path: string,
  size: number,
  signal?: AbortSignal,
): Promise<WalkedHeader | null> {
  const walk = new HeaderWalk(reader, path, size, signal);
  try {
    return await walk.run();
  } catch (error) {
    if (error instanceof BytesAbsent) return null;
    throw error;
  }
}

class BytesAbsent extends Error {}

class HeaderWalk {
  #at = 0;
  #window: Uint8Array = new Uint8Array();
  #view: DataView = new DataView(new ArrayBuffer(0));
  #windowStart = 0;
  #nextRead = firstRead;
  readonly #kept: Uint8Array[] = [];
  #keptBytes = 0;

  constructor(
    readonly reader: ReleaseReader,
    readonly path: string,
    readonly size: number,
    readonly signal?: AbortSignal,
  ) {}

  async run(): Promise<WalkedHeader> {
    const lead = await this.#bytes(24);
    const version = new DataView(lead.buffer, lead.byteOffset, 24).getUint32(4, true);
    if (lead[0] !== 0x47 || lead[1] !== 0x47 || lead[2] !== 0x55 || lead[3] !== 0x46)
      throw this.#wrong("no GGUF file");
    if (version !== 2 && version !== 3) {
      throw this.#wrong(
        version & 0xffff ? `of version ${version}, which is not read` : "big-endian, which is not read",
      );
    }
    this.#keep(lead);
    const tensors = countIn(lead, 8);
    const keys = countIn(lead, 16);
    if (keys > maxKeys) throw this.#wrong(`states more than ${maxKeys} metadata entries`);
    if (tensors > maxTensors) throw this.#wrong(`lists more than ${maxTensors} tensors`);
    for (let i = 0; i < keys; i++) await this.#entry();
    for (let i = 0; i < tensors; i++) await this.#tensor();
    return { condensed: Buffer.concat(this.#kept), end: this.#at };
  }

  async #entry(): Promise<void> {
    await this.#text(maxKeyLength, "a key");
    const type = await this.#number(4);
    if (type !== arrayType) return this.#value(type);
    const items = await this.#number(4);
    this.#keep(new Uint8Array(8));
    await this.#array(items, 0);
  }

  async #value(type: number): Promise<void> {
    if (type === textType) return this.#text(maxHeaderBytes, "a text");
    this.#keep(await this.#bytes(this.#width(type)));
  }

  /** Passes over an array; what it holds is looked at only where its length depends on it. */
  async #array(type: number, depth: number): Promise<void> {
    const count = await this.#length();
    if (type !== textType && type !== arrayType) return this.#pass(count * this.#width(type));
    if (depth >= maxNesting) throw this.#wrong("its metadata nests too deep");
    // Every item takes 8 bytes at least, so that an impossible count is known before the first.
    if (count * 8 > this.size - this.#at) throw this.#wrong("a list reaches beyond the file");
    for (let i = 0; i < count; i++) {
      if (type === arrayType) {
        const items = await this.#bytes(4);
        await this.#array(new DataView(items.buffer, items.byteOffset, 4).getUint32(0, true), depth + 1);
      } else if (!this.#passText()) this.#pass(await this.#length());
    }
  }

  async #tensor(): Promise<void> {
    await this.#text(maxTensorName, "a tensor's name");
    const dims = await this.#number(4);
    if (dims > maxDims) throw this.#wrong(`a tensor has ${dims} dimensions`);
    this.#keep(await this.#bytes(8 * dims + 12));
  }

  #width(type: number): number {
    const width = Object.hasOwn(widths, type) ? widths[type] : undefined;
    if (width === undefined) throw this.#wrong(`has a value of the unknown type ${type}`);
    return width;
  }

  /** A number of four bytes that the parser shall see, too. */
  async #number(width: 4): Promise<number> {
    const bytes = await this.#bytes(width);
    this.#keep(bytes);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  }

  /** A length of eight bytes that the parser shall not see. */
  async #length(): Promise<number> {
    return countIn(await this.#bytes(8), 0);
  }

  async #text(limit: number, what: string): Promise<void> {
    const lead = await this.#bytes(8);
    const length = countIn(lead, 0);
    if (length > limit) throw this.#wrong(`${what} is ${length} bytes long`);
    this.#keep(lead);
    this.#keep(await this.#bytes(length));
  }

  /** Passes over a text that lies in the window: a vocabulary has hundreds of thousands. False where it does not. */
  #passText(): boolean {
    const from = this.#at - this.#windowStart;
    if (from < 0 || from + 8 > this.#window.length) return false;
    if (this.#view.getUint32(from + 4, true) !== 0) return false;
    const next = from + 8 + this.#view.getUint32(from, true);
    if (next > this.#window.length) return false;
    this.#at += next - from;
    return true;
  }

  #pass(length: number): void {
    if (length > this.size - this.#at) throw this.#wrong("its header reaches beyond the file");
    this.#at += length;
    if (this.#at > maxHeaderBytes) throw this.#wrong(`its header is longer than ${maxHeaderBytes} bytes`);
  }

  async #bytes(length: number): Promise<Uint8Array> {
    const start = this.#at;
    this.#pass(length);
    const from = start - this.#windowStart;
    if (from < 0 || from + length > this.#window.length) await this.#fill(start, length);
    const at = start - this.#windowStart;
    return this.#window.subarray(at, at + length);
  }

  async #fill(start: number, length: number): Promise<void> {
    const end = Math.min(this.size, start + Math.max(length, this.#nextRead));
    this.#nextRead = Math.min(largestRead, this.#nextRead * 4);
    const bytes = await this.reader.read(this.path, start, end, this.signal);
    if (bytes === null) throw new BytesAbsent();
    this.#window = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#windowStart = start;
  }

  #keep(bytes: Uint8Array): void {
    this.#keptBytes += bytes.length;
    if (this.#keptBytes > maxCondensed) throw this.#wrong("its header is too large");
    // A copy: the window is let go.
    this.#kept.push(Uint8Array.from(bytes));
  }

  #wrong(problem: string) {
    return malformed(this.path, problem);
  }
}

/** An eight-byte count. Nothing in a file is beyond 2^53; such a number is only compared. */
function countIn(bytes: Uint8Array, at: number): number {
  const value = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getBigUint64(at, true);
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
}
