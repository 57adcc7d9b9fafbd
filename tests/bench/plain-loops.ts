/** The loops that the kernels stand in for, as plainly as one would write them. */

export function plainPairF32(a: Float32Array, b: Float32Array): number[] {
  let [sumA, sumB, sumAA, sumBB, sumAB, equal] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number;
    const y = b[i] as number;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
    if (x === y) equal += 1;
  }
  return [sumA, sumB, sumAA, sumBB, sumAB, equal];
}

const block = 4096;
const wideA = new Uint32Array(block);
const wideB = new Uint32Array(block);
const floatA = new Float32Array(wideA.buffer);
const floatB = new Float32Array(wideB.buffer);

/** Widened a block at a time, which is faster than element by element. */
export function plainPairBf16(a: Uint16Array, b: Uint16Array): number[] {
  let [sumA, sumB, sumAA, sumBB, sumAB, equal] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < a.length; at += block) {
    const n = Math.min(block, a.length - at);
    for (let i = 0; i < n; i++) {
      wideA[i] = (a[at + i] as number) << 16;
      wideB[i] = (b[at + i] as number) << 16;
    }
    for (let i = 0; i < n; i++) {
      const x = floatA[i] as number;
      const y = floatB[i] as number;
      sumA += x;
      sumB += y;
      sumAA += x * x;
      sumBB += y * y;
      sumAB += x * y;
      if (x === y) equal += 1;
    }
  }
  return [sumA, sumB, sumAA, sumBB, sumAB, equal];
}
