import { EngineError } from "@/lib/engine/errors";
import { structureKey } from "@/lib/engine/fingerprint/structure-key";
import { sha256Hex } from "@/lib/engine/formats/canonical-json";
import { parseModelCard } from "@/lib/engine/formats/model-card";
import { loadTensorTable, type TensorTable } from "@/lib/engine/formats/tensor-table";
import type { ReleaseReader } from "@/lib/engine/io/source/release";
import { boundedHeaders } from "./bounded-headers";
import { tensorTable } from "./fingerprint";
import type { CaptureNote, Declared, TensorSummary } from "./schema";
import { metadataBounds, selectMetadata } from "./select-metadata";

export interface Observation {
  readonly metadata: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  readonly licence: string | null;
  readonly declared: Declared;
  readonly tensors: TensorSummary | null;
  /** Canonical tensor table behind `tensors.table`. */
  readonly tensorTable: string | null;
  readonly notes: readonly CaptureNote[];
}

const parallelReads = 4;

/**
 * Reads what a capture keeps of a pinned release. A file that cannot be had or read becomes a note. Only what concerns
 * the whole release throws: private or gated, source unreachable for every file, cancelled.
 */
export async function observeRelease(reader: ReleaseReader, signal?: AbortSignal): Promise<Observation> {
  const { take, notes: selectionNotes } = selectMetadata(reader.release.files);
  const notes: CaptureNote[] = [...selectionNotes];
  const metadata: { path: string; bytes: Uint8Array }[] = [];
  for (let at = 0; at < take.length; at += parallelReads) {
    const batch = take.slice(at, at + parallelReads);
    const read = await Promise.all(batch.map(({ path }) => attempt(reader, path, signal)));
    for (const result of read) {
      if ("bytes" in result) metadata.push(result);
      else notes.push(result);
    }
  }
  const card = metadata.find(({ path }) => path.toLowerCase() === "readme.md");
  const lineage = readCard(card?.bytes, notes);
  const table = await tensorsOf(reader, notes, signal);
  return { metadata, ...lineage, ...summary(table), notes };
}

async function attempt(
  reader: ReleaseReader,
  path: string,
  signal?: AbortSignal,
): Promise<{ path: string; bytes: Uint8Array } | CaptureNote> {
  try {
    const bytes = await reader.readWhole(path, metadataBounds.file, signal);
    return bytes === null ? { code: "bytes-unavailable", path } : { path, bytes };
  } catch (error) {
    return { code: "unreadable-file", path, reason: passing(error) };
  }
}

/** The code of a failure that concerns one file; rethrows what concerns the whole release. */
function passing(error: unknown): string {
  if (!(error instanceof EngineError)) throw error;
  const whole =
    error.code === "cancelled" || error.code === "private-or-gated" || error.code === "rate-limited";
  if (whole || error.code === "source-unreachable" || error.code === "address-refused") throw error;
  return error.code;
}

function readCard(
  bytes: Uint8Array | undefined,
  notes: CaptureNote[],
): { readonly licence: string | null; readonly declared: Declared } {
  const card = bytes === undefined ? null : parseModelCard(bytes);
  if (card?.malformedFrontMatter) notes.push({ code: "unreadable-file", path: "README.md" });
  const { licences, licenceName, baseModels, relation } = card?.declaration ?? nothing;
  // "license: other" is the Hub's way to say: see license_name.
  const licence = licenceName ?? licences[0] ?? null;
  return { licence, declared: { baseModels: [...baseModels], relation } };
}
const nothing = { licences: [], licenceName: null, baseModels: [], relation: null } as const;

async function tensorsOf(
  reader: ReleaseReader,
  notes: CaptureNote[],
  signal?: AbortSignal,
): Promise<TensorTable | null> {
  try {
    const table = await loadTensorTable(boundedHeaders(reader), signal);
    if (table === null) notes.push({ code: "no-weights" });
    return table;
  } catch (error) {
    notes.push({ code: "unreadable-headers", reason: passing(error) });
    return null;
  }
}

function summary(table: TensorTable | null): Pick<Observation, "tensors" | "tensorTable"> {
  if (table === null) return { tensors: null, tensorTable: null };
  const entries = [...table.tensors.values()];
  const canonical = tensorTable(entries);
  return {
    tensorTable: canonical,
    tensors: {
      count: entries.length,
      parameters: table.shapesKnown ? parametersOf(entries) : null,
      bytes: table.listedTotal,
      shards: table.shards,
      source: table.shapesKnown ? "headers" : "index",
      table: sha256Hex(canonical),
      structure: structureKey(entries),
    },
  };
}

function parametersOf(entries: readonly { readonly shape: readonly number[] | null }[]): number | null {
  let sum = 0;
  for (const { shape } of entries) sum += (shape ?? []).reduce((product, size) => product * size, 1);
  return Number.isSafeInteger(sum) ? sum : null;
}
