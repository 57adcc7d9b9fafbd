import type { ReleaseReader } from "../../io/source/release";
import { malformed, show } from "../strict-json";

/** One stored entry of an archive. Sizes are as the directory states them; compressed entries are refused. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  /** Where its local header begins. */
  readonly header: number;
  /** Where the next entry, or the directory, begins: nothing of this one may reach beyond. */
  readonly limit: number;
}

export interface ZipArchive {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** First byte of an entry's content, from its local header; null when the bytes cannot be had. */
  dataStart(entry: ZipEntry, signal?: AbortSignal): Promise<number | null>;
}

const endLength = 22;
const maxComment = 65_535;
const locatorLength = 20;
const end64Length = 56;
const maxEntries = 200_000;
const maxDirectory = 32 * 1024 * 1024;
const maxName = 1024;
const saturated16 = 0xffff;
const saturated32 = 0xffffffff;

/**
 * Opens a zip archive as torch.save writes it (APPNOTE.TXT 6.3.10): one disk, entries stored one after another, sizes
 * of the two headers in agreement, no encryption. Null when the bytes cannot be had. Throws "malformed-file" on
 * compressed entries (so nothing can swell), overlaps, and whatever else lies.
 */
export async function openZip(
  reader: ReleaseReader,
  path: string,
  size: number,
  signal?: AbortSignal,
): Promise<ZipArchive | null> {
  const wrong = (problem: string) => malformed(path, problem);
  const tailStart = Math.max(0, size - endLength - maxComment);
  const tail = await reader.read(path, tailStart, size, signal);
  if (tail === null) return null;
  const directory = findDirectory(tail, tailStart, wrong);
  if (directory.length > maxDirectory || directory.count > maxEntries) {
    throw wrong("its directory is too large for a checkpoint");
  }
  const bytes = await reader.read(path, directory.start, directory.start + directory.length, signal);
  if (bytes === null) return null;
  const entries = readDirectory(bytes, directory, wrong);
  const starts = new Map<string, Promise<number | null>>();
  return {
    entries,
    dataStart(entry, stop) {
      const known = starts.get(entry.name);
      if (known !== undefined) return known;
      const found = localData(reader, path, entry, stop);
      starts.set(entry.name, found);
      // An interrupted read may be asked for again.
      found.catch(() => starts.delete(entry.name));
      return found;
    },
  };
}

type Wrong = (problem: string) => Error;

interface Directory {
  readonly start: number;
  readonly length: number;
  readonly count: number;
}

function findDirectory(tail: Uint8Array, tailStart: number, wrong: Wrong): Directory {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  let at = tail.length - endLength;
  // The record is the one whose comment reaches just to the end of the file.
  while (
    at >= 0 &&
    !(
      view.getUint32(at, true) === 0x06054b50 &&
      view.getUint16(at + 20, true) === tail.length - at - endLength
    )
  )
    at--;
  if (at < 0) throw wrong("no zip archive (it has no end record)");
  const [disk, diskOfDirectory] = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
  const plain = {
    count: view.getUint16(at + 10, true),
    length: view.getUint32(at + 12, true),
    start: view.getUint32(at + 16, true),
  };
  const single = disk === 0 && diskOfDirectory === 0 && view.getUint16(at + 8, true) === plain.count;
  if (!single) throw wrong("an archive of several disks");
  const long = at >= locatorLength && view.getUint32(at - locatorLength, true) === 0x07064b50;
  const directory = long
    ? findLong(view, tailStart, at - locatorLength, plain, wrong)
    : { ...plain, end: tailStart + at };
  if (directory.start + directory.length !== directory.end)
    throw wrong("its directory does not end where its end record begins");
  return directory;
}

/** The zip64 end record; what the short record states as well must be the same. */
function findLong(view: DataView, tailStart: number, locator: number, plain: Directory, wrong: Wrong) {
  const at = exact(view.getBigUint64(locator + 8, true), wrong) - tailStart;
  if (at < 0 || at + end64Length !== locator || view.getUint32(at, true) !== 0x06064b50) {
    throw wrong("its zip64 record is not where it says");
  }
  if (view.getBigUint64(at + 4, true) !== BigInt(end64Length - 12))
    throw wrong("its zip64 record has a wrong length");
  const long = {
    count: exact(view.getBigUint64(at + 32, true), wrong),
    length: exact(view.getBigUint64(at + 40, true), wrong),
    start: exact(view.getBigUint64(at + 48, true), wrong),
  };
  const agrees =
    (plain.count === saturated16 || plain.count === long.count) &&
    (plain.length === saturated32 || plain.length === long.length) &&
    (plain.start === saturated32 || plain.start === long.start);
  if (!agrees) throw wrong("its two end records do not agree");
  return { ...long, end: tailStart + at };
}

function exact(value: bigint, wrong: Wrong): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw wrong("it states a size beyond counting");
  return Number(value);
}

function readDirectory(bytes: Uint8Array, directory: Directory, wrong: Wrong): Map<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: Omit<ZipEntry, "limit">[] = [];
  let at = 0;
  for (let i = 0; i < directory.count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50)
      throw wrong("its directory is cut short");
    const [nameLength, extraLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > bytes.length) throw wrong("its directory is cut short");
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (name.length === 0 || name.length > maxName) throw wrong("an entry has an unusable name");
    const entry = `entry ${show(name)}`;
    if (view.getUint16(at + 8, true) & 0x2041) throw wrong(`${entry} is encrypted`);
    if (view.getUint16(at + 10, true) !== 0) throw wrong(`${entry} is compressed, which no checkpoint is`);
    if (view.getUint16(at + 34, true) !== 0) throw wrong(`${entry} is on another disk`);
    const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const [size, stored, header] = longFields(
      [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)],
      extra,
      () => wrong(`${entry} has a broken zip64 field`),
    );
    if (size !== stored) throw wrong(`${entry} states two different sizes`);
    found.push({ name, size, header });
    at = next;
  }
  if (at !== bytes.length) throw wrong("its directory holds something else, too");
  return withLimits(found, directory.start, wrong);
}

/** Sizes and place that do not fit into 32 bits stand in the extra field 0x0001, those that are needed, in order. */
function longFields(fields: readonly [number, number, number], extra: Uint8Array, broken: () => Error) {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.length);
  let [from, end] = [0, 0];
  for (let at = 0; at + 4 <= extra.length; at = end) {
    end = at + 4 + view.getUint16(at + 2, true);
    if (end > extra.length) throw broken();
    if (view.getUint16(at, true) === 1) {
      from = at + 4;
      break;
    }
  }
  return fields.map((field) => {
    if (field !== saturated32) return field;
    if (from === 0 || from + 8 > end) throw broken();
    const value = view.getBigUint64(from, true);
    from += 8;
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw broken();
    return Number(value);
  }) as [number, number, number];
}

/** In the order of the file no entry may reach into the next, nor the last into the directory. */
function withLimits(
  found: readonly Omit<ZipEntry, "limit">[],
  directoryStart: number,
  wrong: Wrong,
): Map<string, ZipEntry> {
  const sorted = [...found].sort((a, b) => a.header - b.header);
  const entries = new Map<string, ZipEntry>();
  for (const [i, entry] of sorted.entries()) {
    const limit = sorted[i + 1]?.header ?? directoryStart;
    if (entry.header + 30 + entry.size > limit)
      throw wrong(`entry ${show(entry.name)} overlaps what follows it`);
    if (entries.has(entry.name)) throw wrong(`entry ${show(entry.name)} stands twice`);
    entries.set(entry.name, { ...entry, limit });
  }
  return entries;
}

/** The local header says where the content begins, and must say nothing else than the directory does. */
async function localData(
  reader: ReleaseReader,
  path: string,
  entry: ZipEntry,
  signal?: AbortSignal,
): Promise<number | null> {
  const wrong = () => malformed(path, `entry ${show(entry.name)} has another header than the directory says`);
  const name = new TextEncoder().encode(entry.name);
  const bytes = await reader.read(path, entry.header, entry.header + 30 + name.length, signal);
  if (bytes === null) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0, true) !== 0x04034b50 || view.getUint16(8, true) !== 0) throw wrong();
  if (view.getUint16(26, true) !== name.length || name.some((byte, i) => byte !== bytes[30 + i]))
    throw wrong();
  for (const at of [18, 22]) {
    // Sizes may stand behind the content (bit 3) or in an extra field; then they are 0 or saturated here.
    const stated = view.getUint32(at, true);
    const elsewhere = (view.getUint16(6, true) & 8 && stated === 0) || stated === saturated32;
    if (!elsewhere && stated !== entry.size) throw wrong();
  }
  const start = entry.header + 30 + name.length + view.getUint16(28, true);
  if (start + entry.size > entry.limit) throw wrong();
  return start;
}
