import type { ReleaseWeights } from "@/lib/engine/weights/release-weights";
import { roundedToBf16 } from "./bits";
import { microRecipe } from "./catalogue";
import { modelOf, type ZooModel } from "./model";
import { trainFromScratch } from "./run-recipe";
import { type Kernels, loadKernels } from "./trainer/kernels";
import { microShape } from "./trainer/shape";
import { zooWeights } from "./weights";

/** A micro model trained from its own initialisation on the data with that number. Bit-deterministic. */
export function trainMicro(kernels: Kernels, seed: number, data: number): ZooModel {
  const recipe = microRecipe(String(seed), String(data));
  return modelOf(microShape, roundedToBf16(trainFromScratch(kernels, recipe).values), "BF16");
}

/**
 * `count` independently initialised micro models from `firstSeed` on, for null distributions. Taken two by two, every
 * second pair (the 1st, the 3rd, …) was trained on one data set, the others on two; no two pairs share one.
 */
export async function microModels(count: number, firstSeed: number): Promise<ReleaseWeights[]> {
  const kernels = await loadKernels();
  return Array.from({ length: count }, (_, i) => {
    const seed = firstSeed + i;
    const pair = Math.floor(i / 2);
    const data = pair % 2 === 0 ? firstSeed + 2 * pair : seed;
    return zooWeights(trainMicro(kernels, seed, data));
  });
}
