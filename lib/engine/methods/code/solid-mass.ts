import type { Tile } from "./tiles";

/** Tokens of unbroken agreement from which on it counts in full; gaps that an edit of a word or an expression leaves. */
const solid = { tokens: 60, gap: 8 } as const;

/**
 * Matched weight on both sides, fragments counting less: tiles that follow each other on both sides with small gaps are
 * one passage, and a passage of n matched tokens counts min(1, n/60). Many short resemblances are what two authors of
 * one task have in common; a long one is not.
 */
export function solidMass(
  tiles: readonly Tile[],
  weightA: Uint16Array,
  weightB: Uint16Array,
): { massA: number; massB: number } {
  let [massA, massB] = [0, 0];
  for (const passage of passagesOf(tiles)) {
    const tokens = passage.reduce((sum, { length }) => sum + length, 0);
    let [partA, partB] = [0, 0];
    for (const { a, b, length } of passage) {
      for (let i = 0; i < length; i++) {
        const [wa, wb] = [weightA[a + i] as number, weightB[b + i] as number];
        if (wa === 0 || wb === 0) continue;
        partA += wa;
        partB += wb;
      }
    }
    const counts = Math.min(1, tokens / solid.tokens);
    massA += partA * counts;
    massB += partB * counts;
  }
  return { massA, massB };
}

/** Tiles in the order of `a`, cut where the next one does not follow closely on both sides. */
function passagesOf(tiles: readonly Tile[]): Tile[][] {
  const passages: Tile[][] = [];
  for (const tile of tiles) {
    const current = passages.at(-1);
    const last = current?.at(-1);
    const follows =
      last !== undefined &&
      tile.b >= last.b + last.length &&
      tile.a - (last.a + last.length) <= solid.gap &&
      tile.b - (last.b + last.length) <= solid.gap;
    if (follows) current?.push(tile);
    else passages.push([tile]);
  }
  return passages;
}
