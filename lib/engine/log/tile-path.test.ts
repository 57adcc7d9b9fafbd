import fc from "fast-check";
import { expect, test } from "vitest";
import { LogError } from "./errors";
import { type BundleId, edgeTiles, parseTilePath, type TileId, tileOf, tilePath } from "./tile-path";

test.each([
  [{ level: 0, index: 0, width: 256 }, "tile/0/000"],
  [{ level: 0, index: 1234067, width: 256 }, "tile/0/x001/x234/067"],
  [{ level: 4, index: 1234067, width: 8 }, "tile/4/x001/x234/067.p/8"],
  [{ level: 0, index: 273, width: 112 }, "tile/0/273.p/112"],
  [{ level: 63, index: 1000, width: 255 }, "tile/63/x001/000.p/255"],
  [{ level: "entries", index: 999_999, width: 1 }, "tile/entries/x999/999.p/1"],
  [{ level: 0, index: 2 ** 31, width: 256 }, "tile/0/x002/x147/x483/648"],
  [{ level: 0, index: Number.MAX_SAFE_INTEGER, width: 256 }, "tile/0/x009/x007/x199/x254/x740/991"],
] as [TileId | BundleId, string][])("the address of %o is %s", (id, path) => {
  expect(tilePath(id)).toBe(path);
  expect(parseTilePath(path)).toEqual(id);
});

test("70,000 leaves end in tiles 112, 17 and 1 wide; 256 leaves in a full one and 1", () => {
  expect(edgeTiles(70_000).map(tilePath)).toEqual(["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
  expect(edgeTiles(256).map(tilePath)).toEqual(["tile/0/000", "tile/1/000.p/1"]);
  expect(edgeTiles(0)).toEqual([]);
});

test("every address is read back, and is the only one of its tile", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.constant("entries" as const), fc.integer({ min: 0, max: 63 })),
      fc.maxSafeNat(),
      fc.integer({ min: 1, max: 256 }),
      (level, index, width) => {
        const id = { level, index, width } as TileId | BundleId;
        expect(parseTilePath(tilePath(id))).toEqual(id);
      },
    ),
  );
});

test.each([
  "",
  "tile",
  "tile/0",
  "tile/0/",
  "tile/0/0",
  "tile/0/00",
  "tile/0/0000",
  "tile/00/000",
  "tile/01/000",
  "tile/64/000",
  "tile/-1/000",
  "tile/data/000",
  "tile/0/x000/000",
  "tile/0/x000/001",
  "tile/0/001/000",
  "tile/0/x001",
  "tile/0/x001/x000",
  "tile/0/000.p/0",
  "tile/0/000.p/256",
  "tile/0/000.p/01",
  "tile/0/000.p/",
  "tile/0/000.p/1/",
  "tile/0/000.p/-1",
  "tile/0/000\n",
  "tile/0/../000",
  "/tile/0/000",
  "tile/0/٠٠٠",
  // 2^53 and more.
  "tile/0/x009/x007/x199/x254/x740/992",
  "tile/0/x999/x999/x999/x999/x999/x999/999",
])("%j addresses no tile", (path) => {
  expect(parseTilePath(path)).toBeNull();
});

test.each([
  { level: -1, index: 0, width: 1 },
  { level: 64, index: 0, width: 1 },
  { level: 0, index: -1, width: 1 },
  { level: 0, index: 2 ** 53, width: 1 },
  { level: 0, index: 0, width: 0 },
  { level: 0, index: 0, width: 257 },
  { level: 0, index: 0, width: 1.5 },
])("%o has no address", (id) => {
  expect(() => tilePath(id)).toThrow(LogError);
});

test("a tile beyond the tree, and a tree beyond 2^53, are refused", () => {
  expect(() => tileOf(0, 5, 5)).toThrow(LogError);
  expect(() => edgeTiles(2 ** 53)).toThrow(LogError);
});
