/** Sums of the first n weights; whole numbers below 2^53, so exact. */
export function prefixSums(weights: Uint16Array): Float64Array {
  const sums = new Float64Array(weights.length + 1);
  for (let at = 0; at < weights.length; at++) sums[at + 1] = (sums[at] as number) + (weights[at] as number);
  return sums;
}

export function span(sums: Float64Array, from: number, length: number): number {
  return (sums[from + length] as number) - (sums[from] as number);
}
