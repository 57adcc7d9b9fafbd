/**
 * Look-up of one fingerprint among many: SimHash of the sketches, found by locality-sensitive bands, then by distance.
 * Sources: Charikar, "Similarity estimation techniques from rounding algorithms" (STOC 2002); Gionis, Indyk, Motwani,
 * "Similarity search in high dimensions via hashing" (VLDB 1999).
 */

export const simhashBits = 1024;
export const bandCount = 32;
const bandBits = 16;
/** Values behind a SimHash at least: of 1024 sums no more than one in fifty is then empty, and empty ones look alike. */
export const fewestValues = 4096;
/** Candidates further away than this are dropped: for unrelated ones (1024 fair bits) P(distance ≤ 320) = 4e-34. */
export const candidateDistance = 320;

/**
 * 1024 bits as 256 hex digits, the first coordinate in the highest bit: the signs of a sketch's coordinates. Each
 * coordinate is a random ±1 combination of the sketched values, so that two sketches at angle θ differ in a bit with
 * probability θ/π.
 */
export function simhashOf(sketch: ArrayLike<number>): string {
  if (sketch.length !== simhashBits) throw new RangeError("A SimHash is made of 1024 coordinates");
  let text = "";
  for (let at = 0; at < simhashBits; at += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit++) digit = digit * 2 + ((sketch[at + bit] as number) >= 0 ? 1 : 0);
    text += digit.toString(16);
  }
  return text;
}

/** 32 keys of 16 bits each ("07:9f3a"): two models are candidates when they share one. */
export function bandsOf(simhash: string): string[] {
  const digits = bandBits / 4;
  return Array.from({ length: bandCount }, (_, band) => {
    const key = simhash.slice(band * digits, (band + 1) * digits);
    return `${String(band).padStart(2, "0")}:${key}`;
  });
}

/** Bits in which two SimHashes differ, 0 … 1024. */
export function hammingDistance(a: string, b: string): number {
  let differing = 0;
  for (let at = 0; at < a.length; at += 8) {
    let word = Number.parseInt(a.slice(at, at + 8), 16) ^ Number.parseInt(b.slice(at, at + 8), 16);
    for (; word !== 0; word &= word - 1) differing += 1;
  }
  return differing;
}
