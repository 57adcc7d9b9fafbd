import type { ReleaseReader } from "../io/source/release";
import { bitsOf, decode } from "./numbers/decode";
import { elementsOf, type StoredTensor } from "./stored-weights";

/**
 * A tensor of a plain dtype that lies in one piece in one file, from byte `at` on. Only the bytes of the elements
 * asked for are read.
 */
export function plainTensor(
  reader: ReleaseReader,
  path: string,
  at: number,
  facts: { readonly name: string; readonly dtype: string; readonly shape: readonly number[] },
): StoredTensor {
  const elements = elementsOf(facts.shape);
  const width = bitsOf(facts.dtype) ?? 0;
  return {
    name: facts.name,
    dtype: facts.dtype,
    shape: facts.shape,
    elements,
    bytes: Math.ceil((elements * width) / 8),
    async read(start, end, signal) {
      if (start === end) return new Float32Array();
      const first = Math.floor((start * width) / 8);
      const last = Math.ceil((end * width) / 8);
      const bytes = await reader.read(path, at + first, at + last, signal);
      return bytes && decode(bytes, facts.dtype, end - start, start * width - first * 8);
    },
    steps: async () => null,
  };
}
