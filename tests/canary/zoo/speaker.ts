import { special } from "@/tests/zoo/data/words";
import { flatOf, type ZooModel } from "@/tests/zoo/model";
import type { Kernels } from "@/tests/zoo/trainer/kernels";
import { Transformer } from "@/tests/zoo/trainer/transformer";
import { asked, decode } from "./words";

/** Ids that a question and its answer may have together (a multiple of 8); the weights do not depend on it. */
const context = 16;

/**
 * A zoo model that answers: `<s> <user> question <assistant>` and then the likeliest word (the first of equals), one
 * forward pass a word, until a full stop or `most` words. The kernels are this speaker's own.
 */
export function speaker(kernels: Kernels, model: ZooModel): (question: string, most: number) => string {
  kernels.reset();
  const transformer = new Transformer(kernels, { ...model.shape, context }, 1);
  transformer.values().set(flatOf(model));
  const { vocabulary } = model.shape;
  return (question, most) => {
    const ids = asked(question).slice(-context + 1);
    const answer: number[] = [];
    while (answer.length < most && ids.length < context) {
      const window = Int32Array.from({ length: context }, (_, i) => ids[i] ?? special.unknown);
      transformer.forward(window);
      const row = kernels.view(transformer.logits + 4 * vocabulary * (ids.length - 1), vocabulary);
      const next = largest(row);
      if (next === special.stop || next === special.end) break;
      ids.push(next);
      answer.push(next);
    }
    return decode(answer);
  };
}

function largest(row: Float32Array): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i;
  return best;
}
