import type { CompareInput } from "../lib/engine/compare";
import { openRelease } from "../lib/engine/io/source/open-release";
import type { ReleaseReader } from "../lib/engine/io/source/release";
import type { SourceIo } from "../lib/engine/io/source/source-io";
import type { SourceSpec } from "../lib/engine/io/source/spec";
import type { Progress } from "./progress";

export interface InputSpecs {
  readonly original: SourceSpec;
  readonly suspect: SourceSpec;
  readonly ancestors: readonly SourceSpec[];
  readonly controls: readonly SourceSpec[];
}

/** Opens all inputs one after the other, so that the first one that fails is the first one named. */
export async function openInputs(specs: InputSpecs, io: SourceIo, progress: Progress): Promise<CompareInput> {
  const total = 2 + specs.ancestors.length + specs.controls.length;
  let done = 0;
  const open = async (spec: SourceSpec): Promise<ReleaseReader> => {
    progress.phase({ phase: `reading ${spec.repository}`, done, total });
    done += 1;
    return openRelease(spec, io);
  };
  const openAll = async (list: readonly SourceSpec[]) => {
    const readers: ReleaseReader[] = [];
    for (const spec of list) readers.push(await open(spec));
    return readers;
  };
  return {
    original: await open(specs.original),
    suspect: await open(specs.suspect),
    ancestors: await openAll(specs.ancestors),
    controls: await openAll(specs.controls),
  };
}
