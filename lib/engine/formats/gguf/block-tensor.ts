import type { ReleaseReader } from "../../io/source/release";
import { elementsOf, type StoredTensor } from "../stored-weights";
import type { BlockType } from "./block-types";

/** A tensor of quantised blocks from byte `at` of a file on. Whole blocks are read, no more than the elements need. */
export function blockTensor(
  reader: ReleaseReader,
  path: string,
  at: number,
  facts: { readonly name: string; readonly dtype: string; readonly shape: readonly number[] },
  type: BlockType,
): StoredTensor {
  const elements = elementsOf(facts.shape);
  const decoded = (steps: boolean) => async (start: number, end: number, signal?: AbortSignal) => {
    if (type.decode === null) return null;
    if (start === end) return new Float32Array();
    const first = Math.floor(start / type.elements);
    const last = Math.ceil(end / type.elements);
    const bytes = await reader.read(path, at + first * type.bytes, at + last * type.bytes, signal);
    if (bytes === null) return null;
    const out = new Float32Array((last - first) * type.elements);
    for (let block = 0; block < last - first; block++) {
      type.decode(bytes, block * type.bytes, out, block * type.elements, steps);
    }
    return out.slice(start - first * type.elements, end - first * type.elements);
  };
  return {
    ...facts,
    elements,
    bytes: (elements / type.elements) * type.bytes,
    read: decoded(false),
    steps: decoded(true),
  };
}
