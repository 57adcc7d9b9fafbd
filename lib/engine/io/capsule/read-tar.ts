import type { FileHandle } from "node:fs/promises";

const block = 512;
const bufferBytes = 1024 * 1024;

export interface TarEntry {
  readonly name: string;
  /** Where its bytes begin in the archive, and how many they are. */
  readonly offset: number;
  readonly size: number;
  /** The bytes, in pieces that are overwritten by the next one. Must be read to the end before the next entry. */
  pieces(): AsyncGenerator<Uint8Array>;
}

/**
 * The entries of a plain tar (POSIX.1-1988 "ustar": one header block each, then the bytes, padded to whole blocks; two
 * zero blocks at the end), in one pass with one small buffer. Links, folders, long names, pax headers and anything
 * after the end are refused: throws Error with what is wrong.
 */
export async function* readTar(handle: FileHandle): AsyncGenerator<TarEntry> {
  const source = new Sequence(handle);
  for (;;) {
    const header = await source.exactly(block);
    if (isZero(header)) return source.refuseMore();
    const { name, size } = parseHeader(header);
    const offset = source.position;
    let left = size;
    yield {
      name,
      offset,
      size,
      async *pieces() {
        while (left > 0) {
          const piece = await source.some(left);
          left -= piece.length;
          yield piece;
        }
      },
    };
    if (left > 0) throw new Error("an entry that was not read");
    await source.exactly((block - (size % block)) % block);
  }
}

function parseHeader(header: Buffer): { name: string; size: number } {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (octal(header, 148, 8) !== sum) throw new Error("a header with another checksum");
  const type = header[156];
  if (type !== 0 && type !== 0x30) throw new Error("an entry that is not a plain file");
  if (header.toString("latin1", 257, 262) !== "ustar" || header[345] !== 0) {
    throw new Error("an entry of another format");
  }
  const end = header.indexOf(0);
  const name = header.toString("latin1", 0, end === -1 || end > 100 ? 100 : end);
  return { name, size: octal(header, 124, 12) };
}

function octal(header: Buffer, start: number, length: number): number {
  const text = header
    .toString("latin1", start, start + length)
    .replace(/[\0 ]+$/, "")
    .replace(/^ +/, "");
  if (!/^[0-7]{1,11}$/.test(text)) throw new Error("a header that cannot be read");
  return Number.parseInt(text, 8);
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

class Sequence {
  readonly #handle: FileHandle;
  readonly #buffer = Buffer.alloc(bufferBytes);
  #from = 0;
  #to = 0;
  #read = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  get position(): number {
    return this.#read - (this.#to - this.#from);
  }

  /** At least one byte, at most so many. */
  async some(most: number): Promise<Buffer> {
    if (this.#from === this.#to && !(await this.#fill())) throw new Error("cut off");
    const start = this.#from;
    this.#from = Math.min(this.#to, start + most);
    return this.#buffer.subarray(start, this.#from);
  }

  async exactly(length: number): Promise<Buffer> {
    const out = Buffer.alloc(length);
    for (let done = 0; done < length; ) {
      const piece = await this.some(length - done);
      out.set(piece, done);
      done += piece.length;
    }
    return out;
  }

  async refuseMore(): Promise<void> {
    do {
      if (!isZero(this.#buffer.subarray(this.#from, this.#to))) throw new Error("bytes after the end");
    } while (await this.#fill());
  }

  async #fill(): Promise<boolean> {
    const { bytesRead } = await this.#handle.read(this.#buffer, 0, bufferBytes, this.#read);
    this.#from = 0;
    this.#to = bytesRead;
    this.#read += bytesRead;
    return bytesRead > 0;
  }
}
