import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { naivePath, naiveProof, naiveRoot, numberedLeaves } from "@/tests/support/naive-tree";
import { hex } from "./bytes";
import { LogError } from "./errors";
import { growTiles } from "./grow-tiles";
import { type TileId, tilePath } from "./tile-path";
import { consistencyProof, inclusionProof, type ReadTile, rootFromTiles } from "./tile-proofs";
import { hashSize, joinHashes, nodeHash, rootOfHashes, verifyConsistency, verifyInclusion } from "./tree";

// Not a deadline: hashing takes as long as a busy machine needs.
vi.setConfig({ testTimeout: 60_000 });

const leaves = numberedLeaves(3000);
const whole = growTiles({ size: 0, edge: new Map(), leaves });

/** Reads wider tiles than asked for, as from a log that has grown since; counts. */
function reader(): { readonly read: ReadTile; readonly paths: string[] } {
  const paths: string[] = [];
  const read: ReadTile = async (id) => {
    paths.push(tilePath(id));
    const tile = whole.tiles.find(({ level, index }) => level === id.level && index === id.index);
    if (tile === undefined) throw new LogError("missing-tile", tilePath(id));
    return tile.bytes;
  };
  return { read, paths };
}
const { read } = reader();
const digits = (hashes: readonly Uint8Array[]): string[] => hashes.map(hex);
const sizes = fc
  .integer({ min: 1, max: 3000 })
  .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));

describe("against plain recursion", () => {
  test("inclusion proofs of random places are those of RFC 6962", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async ([size, index]) => {
        const part = leaves.slice(0, size);
        expect(digits(await inclusionProof(index, size, read))).toEqual(digits(naivePath(index, part)));
      }),
      { numRuns: 30 },
    );
  });

  test("consistency proofs of random sizes are those of RFC 6962", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async ([size, old]) => {
        const part = leaves.slice(0, size);
        expect(digits(await consistencyProof(old, size, read))).toEqual(digits(naiveProof(old, part)));
      }),
      { numRuns: 30 },
    );
  });

  test.each([0, 1, 2, 255, 256, 257, 511, 512, 2816, 3000])("the root of %i leaves", async (size) => {
    expect(hex(await rootFromTiles(size, read))).toBe(hex(naiveRoot(leaves.slice(0, size))));
  });
});

test("each tile is read once", async () => {
  const { read: counted, paths } = reader();
  await inclusionProof(77, 3000, counted);
  expect(paths.length).toBe(new Set(paths).size);
  expect(new Set(paths)).toEqual(new Set(["tile/0/000", "tile/0/011.p/184", "tile/1/000.p/11"]));
});

describe("huge logs", () => {
  // All leaves alike: a tile holds one hash many times, so that any tile of any size is known.
  const perLevel = [leaves[0] as Uint8Array];
  for (let level = 1; level < 8; level += 1)
    perLevel.push(rootOfHashes(Array.from({ length: 256 }, () => perLevel[level - 1] as Uint8Array)));
  const alike: ReadTile = async ({ level, width }) =>
    joinHashes(Array.from({ length: width }, () => perLevel[level] as Uint8Array));
  const known = new Map<number, Uint8Array>([[1, perLevel[0] as Uint8Array]]);
  const rootOf = (size: number): Uint8Array => {
    const found = known.get(size);
    if (found !== undefined) return found;
    let k = 1;
    while (k * 2 < size) k *= 2;
    const root = nodeHash(rootOf(k), rootOf(size - k));
    known.set(size, root);
    return root;
  };

  test.each([2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 + 5, 2 ** 40 + 2 ** 20 + 3, 2 ** 53 - 1])(
    "%i leaves: root, inclusion and consistency",
    async (size) => {
      const root = await rootFromTiles(size, alike);
      expect(hex(root)).toBe(hex(rootOf(size)));
      for (const index of [0, 2 ** 31 - 2, Math.floor(size / 3), size - 1]) {
        const proof = await inclusionProof(index, size, alike);
        expect(proof.length).toBeLessThanOrEqual(53);
        verifyInclusion({ index, size, leafHash: perLevel[0] as Uint8Array, proof, root });
      }
      for (const oldSize of [1, 255, 2 ** 31 - 1, Math.floor(size / 3), size - 1]) {
        const proof = await consistencyProof(oldSize, size, alike);
        verifyConsistency({ oldSize, oldRoot: rootOf(oldSize), size, root, proof });
      }
    },
  );

  test("2^53 leaves and more are refused", async () => {
    const refused = { code: "out-of-range" };
    await expect(rootFromTiles(2 ** 53, alike)).rejects.toMatchObject(refused);
    await expect(inclusionProof(0, 2 ** 53, alike)).rejects.toMatchObject(refused);
    await expect(inclusionProof(2 ** 53, 2 ** 53 - 1, alike)).rejects.toMatchObject(refused);
    await expect(consistencyProof(1, 2 ** 53, alike)).rejects.toMatchObject(refused);
  });
});

describe("bad tiles and questions", () => {
  const cut =
    (by: number): ReadTile =>
    async (id: TileId) =>
      (await read(id)).subarray(0, id.width * hashSize - by);

  test.each([1, 31, 32, 100])("a tile with %i bytes less is refused", async (by) => {
    await expect(inclusionProof(5, 3000, cut(by))).rejects.toMatchObject({ code: "malformed" });
    await expect(rootFromTiles(3000, cut(by))).rejects.toMatchObject({ code: "malformed" });
  });

  test("an entry or a size that the tree does not have is refused", async () => {
    await expect(inclusionProof(3000, 3000, read)).rejects.toMatchObject({ code: "out-of-range" });
    await expect(inclusionProof(0, 0, read)).rejects.toMatchObject({ code: "out-of-range" });
    await expect(inclusionProof(-1, 3000, read)).rejects.toMatchObject({ code: "out-of-range" });
    await expect(consistencyProof(3001, 3000, read)).rejects.toMatchObject({ code: "out-of-range" });
  });

  test("what the reader reports comes through", async () => {
    const none: ReadTile = async (id) => {
      throw new LogError("missing-tile", tilePath(id));
    };
    await expect(inclusionProof(5, 3000, none)).rejects.toMatchObject({ code: "missing-tile" });
  });

  test("a proof from changed tiles does not verify", async () => {
    const changed: ReadTile = async (id) => (await read(id)).map((byte) => byte ^ 1);
    const proof = await inclusionProof(5, 3000, changed);
    expect(() =>
      verifyInclusion({ index: 5, size: 3000, leafHash: leaves[5] as Uint8Array, proof, root: whole.root }),
    ).toThrow("another root");
  });
});
