import type { AlignedStatistics } from "../methods/weights-aligned/schema";

/** Layers of which no tensor counts (an ancestor holds them all) say nothing about the two sides and are not drawn. */
export function countedLayers({ layers, tensorMap }: AlignedStatistics): AlignedStatistics["layers"] {
  return layers.filter(({ stack, suspect }) => {
    const inside = tensorMap.filter(({ original, layer }) => layer === suspect && original.startsWith(stack));
    return inside.length === 0 || inside.some(({ leftOut }) => leftOut === null);
  });
}
