import type { ReleaseReader } from "../io/source/release";
import { baseName, byCodeUnit, depthOf, folderOf } from "./metadata-files";

/**
 * Weight files of a release without an index: model.safetensors where there is one, else every safetensors file of
 * the shallowest folder that has any.
 */
export function unindexedFiles(reader: ReleaseReader): string[] {
  const here = shallowestFiles(reader, (path) => path.endsWith(".safetensors"));
  const single = here.filter((path) => baseName(path) === "model.safetensors");
  return single.length > 0 ? single : here;
}

/** The files of that kind in the shallowest folder that has any, at most one folder down; in code-unit order. */
export function shallowestFiles(reader: ReleaseReader, isKind: (path: string) => boolean): string[] {
  const all = reader.release.files
    .map((file) => file.path)
    .filter((path) => isKind(path) && depthOf(path) <= 1);
  const shallowest = Math.min(...all.map(depthOf));
  const folder = all
    .filter((path) => depthOf(path) === shallowest)
    .sort(byCodeUnit)
    .map(folderOf)[0];
  return all.filter((path) => folderOf(path) === folder).sort(byCodeUnit);
}
