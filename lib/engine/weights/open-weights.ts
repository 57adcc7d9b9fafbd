import { type ConfigFacts, readConfigFacts } from "../formats/config-facts";
import { byCodeUnit } from "../formats/metadata-files";
import { openStored } from "../formats/open-stored";
import type { StoredWeights } from "../formats/stored-weights";
import type { ReleaseReader } from "../io/source/release";
import { layOut } from "./layouts";
import type { ReleaseWeights, WeightTensor } from "./release-weights";
import { rolesByShape } from "./roles-by-shape";
import { readView, TurnedCache } from "./tensor-view";

const opened = new WeakMap<ReleaseReader, Promise<ReleaseWeights | null>>();

/**
 * The weights of a release, from its headers; nothing else of them is read yet. Of several formats in one release the
 * first that opens counts: safetensors, GGUF, ONNX, PyTorch. Null where there are no weights, or no header can be had.
 * Throws "malformed-file" where a file lies. Opened once per reader; an open that failed or was stopped is tried anew.
 */
export function openWeights(reader: ReleaseReader, signal?: AbortSignal): Promise<ReleaseWeights | null> {
  const known = opened.get(reader);
  if (known !== undefined) return known;
  const opening = open(reader, signal);
  opened.set(reader, opening);
  opening.catch(() => {
    if (opened.get(reader) === opening) opened.delete(reader);
  });
  return opening;
}

async function open(reader: ReleaseReader, signal?: AbortSignal): Promise<ReleaseWeights | null> {
  const stored = await openStored(reader, signal);
  if (stored === null) return null;
  return releaseWeights(stored, stored.config ?? (await readConfigFacts(reader, signal)));
}

function releaseWeights(stored: StoredWeights, config: ConfigFacts): ReleaseWeights {
  const laidOut = rolesByShape(layOut(stored, config), config.hidden).sort((a, b) =>
    byCodeUnit(a.tensor.name, b.tensor.name),
  );
  const views = new Map(laidOut.map(({ tensor, view }) => [tensor.name, view]));
  const cache = new TurnedCache();
  const readAs =
    (what: "read" | "steps") =>
    async (tensor: WeightTensor, start: number, end: number, signal?: AbortSignal) => {
      const view = views.get(tensor.name);
      const elements = tensor.rows * tensor.cols;
      if (view === undefined || !(0 <= start && start <= end && end <= elements)) {
        throw new RangeError(`${tensor.name} has no elements ${start} to ${end}`);
      }
      signal?.throwIfAborted();
      return readView(view, start, end, what, cache, signal);
    };
  const { intermediate: _, ...published } = config;
  return {
    format: stored.format,
    config: published,
    tensors: new Map(laidOut.map(({ tensor }) => [tensor.name, tensor])),
    read: readAs("read"),
    steps: readAs("steps"),
  };
}
