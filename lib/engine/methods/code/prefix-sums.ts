/** Sums of the first n weights: below 2^32 for as many tokens as a release may have (load-code.ts). */
export function prefixSums(weights: Uint16Array): Uint32Array {
  const sums = new Uint32Array(weights.length + 1);
  let sum = 0;
  for (let at = 0; at < weights.length; at++) {
    sum += weights[at] as number;
    sums[at + 1] = sum;
  }
  return sums;
}

export function span(sums: Uint32Array, from: number, length: number): number {
  return (sums[from + length] as number) - (sums[from] as number);
}
