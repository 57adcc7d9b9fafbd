/** Matched identifiers: the weight of each pair of texts, by (number in A) · (texts of B) + (number in B). */
export type TextPairs = Map<number, number>;

export interface MappedName {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
}

/** The one-to-one map between names that explains most, chosen greedily by weight; ties by the number of the names. */
export function oneToOne(pairs: TextPairs, width: number): MappedName[] {
  const keys = Float64Array.from(pairs.keys());
  const weights = Float64Array.from(pairs.values());
  const order = Uint32Array.from(keys.keys());
  order.sort(
    (x, y) => (weights[y] as number) - (weights[x] as number) || (keys[x] as number) - (keys[y] as number),
  );
  const [usedA, usedB] = [new Set<number>(), new Set<number>()];
  const map: MappedName[] = [];
  for (const at of order) {
    const key = keys[at] as number;
    const [a, b] = [Math.floor(key / width), key % width];
    if (usedA.has(a) || usedB.has(b)) continue;
    usedA.add(a);
    usedB.add(b);
    map.push({ a, b, weight: weights[at] as number });
  }
  return map;
}

/** What a map explains. */
export function mappedWeight(map: readonly MappedName[]): number {
  return map.reduce((sum, { weight }) => sum + weight, 0);
}
