/**
 * A number as a result carries it: integers as they are, anything else to 10 significant digits, never −0.
 * toPrecision is defined to the digit by ECMAScript, so every machine rounds alike.
 */
export function rounded(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError("A result carries finite numbers only");
  if (Number.isInteger(value)) return value === 0 ? 0 : value;
  return Number(value.toPrecision(10));
}

/** Jaccard index |A∩B| / |A∪B| from counts; two empty sets count as equal (1). */
export function jaccard(common: number, sizeA: number, sizeB: number): number {
  const union = sizeA + sizeB - common;
  return union === 0 ? 1 : rounded(common / union);
}
