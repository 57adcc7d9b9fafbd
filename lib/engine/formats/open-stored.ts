import type { ReleaseReader } from "../io/source/release";
import { openGguf } from "./gguf/gguf-weights";
import { openOnnx } from "./onnx/onnx-weights";
import { openPytorch } from "./pytorch/pytorch-weights";
import { openSafetensors } from "./safetensors-weights";
import type { StoredWeights } from "./stored-weights";

const formats: readonly ((reader: ReleaseReader, signal?: AbortSignal) => Promise<StoredWeights | null>)[] = [
  openSafetensors,
  openGguf,
  openOnnx,
  openPytorch,
];

const opened = new WeakMap<ReleaseReader, Promise<StoredWeights | null>>();

/**
 * The stored tensors of a release in the first of its formats that opens: safetensors, GGUF, ONNX, PyTorch. Headers
 * only, and once per reader; an open that failed or was stopped is tried anew. Null where there are no weights or no
 * header can be had. Throws "malformed-file".
 */
export function openStored(reader: ReleaseReader, signal?: AbortSignal): Promise<StoredWeights | null> {
  const known = opened.get(reader);
  if (known !== undefined) return known;
  const opening = open(reader, signal);
  opened.set(reader, opening);
  opening.catch(() => {
    if (opened.get(reader) === opening) opened.delete(reader);
  });
  return opening;
}

async function open(reader: ReleaseReader, signal?: AbortSignal): Promise<StoredWeights | null> {
  for (const openFormat of formats) {
    signal?.throwIfAborted();
    const stored = await openFormat(reader, signal);
    if (stored !== null) return stored;
  }
  return null;
}
