import type { ReleaseReader } from "../io/source/release";
import { readSafetensorsHeader, type SafetensorsHeader } from "./safetensors-header";

/** At most so many weight files are opened for one release. */
const maxShards = 1024;
const parallelReads = 4;

/** Headers by path, of the listed files among `paths` whose bytes can be had. */
export async function readSafetensorsHeaders(
  reader: ReleaseReader,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, SafetensorsHeader>> {
  const listed = new Set(reader.release.files.map((file) => file.path));
  const wanted = paths.filter((path) => listed.has(path)).slice(0, maxShards);
  const result = new Map<string, SafetensorsHeader>();
  for (let i = 0; i < wanted.length; i += parallelReads) {
    const batch = wanted.slice(i, i + parallelReads);
    const headers = await Promise.all(batch.map((path) => readSafetensorsHeader(reader, path, signal)));
    for (const [k, header] of headers.entries()) {
      if (header !== null) result.set(batch[k] as string, header);
    }
  }
  return result;
}
