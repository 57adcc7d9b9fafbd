import { isConstructed } from "./constructed";
import type { PassPlan } from "./full-pass-plan";
import type { WeightTensor } from "./release-weights";

/** 64 KiB of float32, as level 1 looks at; eight rows at least, as many as the longest recogniser needs. */
const firstElements = 16384;
const fewestRows = 8;
/** No table of code's own is larger; such a tensor is not asked. */
const mostElements = 2 ** 24;

/**
 * Names of the tensors of a side that code computes (constructed.ts). Only where the first rows are a constructor's are
 * all the others read again and asked: a basis in front does not hide weights behind it.
 */
export async function constructedTensors(
  { pass: { weights }, tensors }: PassPlan,
  worthAsking: (name: string) => boolean,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const [name, { tensor }] of tensors) {
    const { rows, cols } = tensor;
    if (rows * cols > mostElements || !worthAsking(name)) continue;
    signal?.throwIfAborted();
    const holds = async (count: number) => {
      const values = await weights?.read(tensor, 0, count * cols, signal);
      return values ? isConstructed(values, count, cols) : false;
    };
    const first = firstRows(tensor);
    if ((await holds(first)) && (first === rows || (await holds(rows)))) found.add(name);
  }
  return found;
}

function firstRows({ rows, cols }: WeightTensor): number {
  return Math.min(rows, Math.max(fewestRows, Math.floor(firstElements / cols)));
}
