import type { EngineError } from "../../errors";
import type { ReleaseReader } from "../../io/source/release";
import { baseName, byCodeUnit, folderOf, locate } from "../metadata-files";
import { bitsOf, decode } from "../numbers/decode";
import { parseSafetensorsIndex } from "../safetensors-index";
import { elementsOf, type StoredTensor, type StoredWeights } from "../stored-weights";
import { malformed, show } from "../strict-json";
import { shallowestFiles } from "../unindexed-files";
import { weightFormat } from "../weight-files";
import type { PyTensor } from "./pickle-values";
import { readPickle } from "./read-pickle";
import { namedTensors } from "./state-dict";
import { openZip, type ZipArchive } from "./zip-archive";

const maxFiles = 1024;
const maxIndexBytes = 64 * 1024 * 1024;
const maxPickleBytes = 32 * 1024 * 1024;
const indexName = "pytorch_model.bin.index.json";

/**
 * The tensors of a release's PyTorch checkpoints: what the index names, else pytorch_model.bin, else every checkpoint
 * of the shallowest folder that has any (of several, each name begins with its file's). Only zip archives as
 * torch.save writes them since 1.6; a pickle that names anything but tensors is refused, and nothing of it is run.
 * Null where there are none or no bytes can be had.
 */
export async function openPytorch(
  reader: ReleaseReader,
  signal?: AbortSignal,
): Promise<StoredWeights | null> {
  const { paths, shardOf } = await chosenFiles(reader, signal);
  const tensors = new Map<string, StoredTensor>();
  for (const path of paths) {
    const prefix = shardOf === null && paths.length > 1 ? `${stem(path)}.` : "";
    for (const tensor of (await openCheckpoint(reader, path, signal)) ?? []) {
      if (shardOf !== null && shardOf.get(tensor.name) !== path) continue;
      tensors.set(prefix + tensor.name, { ...tensor, name: prefix + tensor.name });
    }
  }
  if (tensors.size === 0) return null;
  return {
    format: "pytorch",
    files: paths.length,
    tensors: [...tensors.values()].sort((a, b) => byCodeUnit(a.name, b.name)),
    config: null,
  };
}

/** A name's dots would be taken for parts of the tensors' names. */
function stem(path: string): string {
  return baseName(path)
    .replace(/\.[a-z]+$/, "")
    .replaceAll(".", "_");
}

interface Chosen {
  readonly paths: readonly string[];
  /** Tensor → path, where there is an index. */
  readonly shardOf: ReadonlyMap<string, string> | null;
}

async function chosenFiles(reader: ReleaseReader, signal?: AbortSignal): Promise<Chosen> {
  const listed = new Set(reader.release.files.map((file) => file.path));
  const indexFile = locate(reader.release, indexName);
  const bytes = indexFile && (await reader.readWhole(indexFile.path, maxIndexBytes, signal));
  if (indexFile && bytes) {
    const index = parseSafetensorsIndex(bytes, indexFile.path);
    const folder = folderOf(indexFile.path);
    const paths = index.shards.map((shard) => folder + shard).filter((path) => listed.has(path));
    return {
      paths: paths.slice(0, maxFiles),
      shardOf: new Map([...index.shardOf].map(([name, shard]) => [name, folder + shard])),
    };
  }
  const all = shallowestFiles(reader, (path) => weightFormat(path) === "pytorch");
  const single = all.filter((path) => baseName(path) === "pytorch_model.bin");
  return { paths: (single.length > 0 ? single : all).slice(0, maxFiles), shardOf: null };
}

async function openCheckpoint(
  reader: ReleaseReader,
  path: string,
  signal?: AbortSignal,
): Promise<StoredTensor[] | null> {
  const size = reader.release.files.find((file) => file.path === path)?.size ?? null;
  if (size === null) return null;
  if (size < 64) throw malformed(path, "too short for a PyTorch checkpoint");
  const lead = await reader.read(path, 0, 4, signal);
  if (lead === null) return null;
  if (lead[0] !== 0x50 || lead[1] !== 0x4b) throw legacy(path);
  const archive = await openZip(reader, path, size, signal);
  if (archive === null) return null;
  const pickles = [...archive.entries.values()].filter(({ name }) => /^[^/]+\/data\.pkl$/.test(name));
  const [pickle, ...more] = pickles;
  if (pickle === undefined || more.length > 0) throw malformed(path, "the archive is no PyTorch checkpoint");
  if (pickle.size > maxPickleBytes) throw malformed(path, "its pickle is too large for a checkpoint");
  const folder = pickle.name.slice(0, -"data.pkl".length);
  const start = await archive.dataStart(pickle, signal);
  const bytes = start === null ? null : await reader.read(path, start, start + pickle.size, signal);
  if (bytes === null) return null;
  await checkByteOrder(reader, path, archive, folder, signal);
  const tensors = namedTensors(readPickle(bytes, path), path);
  return [...tensors].flatMap(
    ([name, tensor]) => storedTensor(reader, path, archive, folder, name, tensor) ?? [],
  );
}

function legacy(path: string): EngineError {
  const advice = "convert it to safetensors, or save it again with torch.save of PyTorch 1.6 or newer";
  return malformed(
    path,
    `a checkpoint of the old format, which cannot be read without running it: ${advice}`,
  );
}

async function checkByteOrder(
  reader: ReleaseReader,
  path: string,
  archive: ZipArchive,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const entry = archive.entries.get(`${folder}byteorder`);
  if (entry === undefined) return;
  const start = await archive.dataStart(entry, signal);
  const bytes =
    start === null ? null : await reader.read(path, start, start + Math.min(entry.size, 16), signal);
  if (bytes !== null && new TextDecoder().decode(bytes) !== "little")
    throw malformed(path, "it is not little-endian");
}

/** Null for an empty tensor, which has nothing to compare. */
function storedTensor(
  reader: ReleaseReader,
  path: string,
  archive: ZipArchive,
  folder: string,
  name: string,
  { storage, offset, shape, strides }: PyTensor,
): StoredTensor | null {
  const elements = elementsOf(shape);
  if (elements === 0) return null;
  const entry = archive.entries.get(`${folder}data/${storage.key}`);
  const width = (bitsOf(storage.dtype) ?? 0) / 8;
  if (entry === undefined || entry.size !== storage.elements * width) {
    throw malformed(path, `tensor ${show(name)} rests on a storage that is not in the archive as stated`);
  }
  const contiguous = isContiguous(shape, strides);
  const turned = !contiguous && shape.length === 2 && isContiguous(shape.toReversed(), strides.toReversed());
  const [row, step] = rowsOf(shape, strides);
  const read = async (from: number, to: number, signal?: AbortSignal): Promise<Float32Array | null> => {
    const start = await archive.dataStart(entry, signal);
    if (start === null) return null;
    const piece = async (first: number, last: number) => {
      const [begin, end] = [start + (offset + first) * width, start + (offset + last) * width];
      const bytes = first === last ? new Uint8Array() : await reader.read(path, begin, end, signal);
      return bytes && decode(bytes, storage.dtype, last - first);
    };
    if (contiguous || turned) return piece(from, to);
    // Any other strides (expanded or reordered views) do not occur in saved weights, and are not read.
    return row === null ? null : joinRows(from, to, row, step, piece);
  };
  const facts = {
    name,
    dtype: storage.dtype,
    elements,
    bytes: elements * width,
    read,
    steps: async () => null,
  };
  // A transposed view: its storage holds the columns as rows.
  return turned ? { ...facts, shape: shape.toReversed(), turned: true } : { ...facts, shape };
}

/** Length of the rows of a slice whose rows are whole, and how far they lie apart; null where they are not whole. */
function rowsOf(shape: readonly number[], strides: readonly number[]): readonly [number | null, number] {
  const row = elementsOf(shape.slice(1));
  const step = strides[0] ?? 1;
  return [isContiguous(shape.slice(1), strides.slice(1)) && step >= row ? row : null, step];
}

async function joinRows(
  from: number,
  to: number,
  row: number,
  step: number,
  piece: (first: number, last: number) => Promise<Float32Array | null>,
): Promise<Float32Array | null> {
  const reads: Promise<Float32Array | null>[] = [];
  for (let at = from; at < to; ) {
    const number = Math.floor(at / row);
    const stop = Math.min(to, (number + 1) * row);
    const shift = number * (step - row);
    reads.push(piece(at + shift, stop + shift));
    at = stop;
  }
  const out = new Float32Array(to - from);
  let filled = 0;
  for (const part of await Promise.all(reads)) {
    if (part === null) return null;
    out.set(part, filled);
    filled += part.length;
  }
  return out;
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i] as number;
    if (size !== 1 && strides[i] !== expected) return false;
    expected *= size;
  }
  return true;
}
