import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { naiveRoot, numberedLeaves } from "@/tests/support/naive-tree";
import { hex } from "./bytes";
import { LogError } from "./errors";
import { type Growth, growTiles } from "./grow-tiles";
import { edgeTiles, parseTilePath, tilePath } from "./tile-path";
import { emptyRoot, hashSize, joinHashes, rootOfHashes } from "./tree";

// Not a deadline: hashing takes as long as a busy machine needs.
vi.setConfig({ testTimeout: 60_000 });

const leaves = numberedLeaves(66_000);
const nothing: Growth = { size: 0, root: emptyRoot, tiles: [], edge: new Map() };

/** Grows by batches and keeps every tile under its address, as a store would. */
function grown(batches: readonly number[]): { readonly last: Growth; readonly store: Map<string, string> } {
  const store = new Map<string, string>();
  let last = nothing;
  for (const count of batches) {
    last = growTiles({ ...last, leaves: leaves.slice(last.size, last.size + count) });
    for (const { level, index, bytes } of last.tiles)
      store.set(tilePath({ level, index, width: bytes.length / hashSize }), hex(bytes));
  }
  return { last, store };
}

/** The tiles that a tree of this size has; partial ones of smaller trees left out. */
const newest = (store: ReadonlyMap<string, string>, size: number): Record<string, string | undefined> => {
  const edge = new Set(edgeTiles(size).map(tilePath));
  const kept = [...store].filter(([path]) => edge.has(path) || parseTilePath(path)?.width === 256);
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
};

test("any way of cutting a log into batches gives the same tiles, edge and root", () => {
  const batches = fc.array(fc.oneof(fc.nat(5), fc.nat(700), fc.constantFrom(255, 256, 257, 512)), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(batches, (counts) => {
      const size = counts.reduce((sum, count) => sum + count, 0);
      const steps = grown(counts);
      const once = grown([size]);
      expect(hex(steps.last.root)).toBe(hex(naiveRoot(leaves.slice(0, size))));
      expect(hex(steps.last.root)).toBe(hex(once.last.root));
      expect(steps.last.edge).toEqual(once.last.edge);
      expect(newest(steps.store, size)).toEqual(newest(once.store, size));
    }),
    { numRuns: 25 },
  );
});

const large = grown([1, 65_535, 464]);

test("tiles hold what tlog-tiles says, three levels up", () => {
  const { last, store } = large;
  expect(last.size).toBe(66_000);
  expect(hex(last.root)).toBe(hex(rootOfHashes(leaves)));
  const full = (at: number) => leaves.slice(at * 256, (at + 1) * 256);
  expect(store.get("tile/0/000")).toBe(hex(joinHashes(full(0))));
  expect(store.get("tile/0/257.p/208")).toBe(hex(joinHashes(leaves.slice(65_792))));
  expect(store.get("tile/1/000")).toBe(
    hex(joinHashes(Array.from({ length: 256 }, (_, at) => naiveRoot(full(at))))),
  );
  expect(store.get("tile/1/001.p/1")).toBe(hex(naiveRoot(full(256))));
  expect(store.get("tile/2/000.p/1")).toBe(hex(naiveRoot(leaves.slice(0, 65_536))));
  expect([...last.edge.keys()]).toEqual([0, 1, 2]);
});

test("a batch touches what it adds and one tile a level, whatever came before", () => {
  const small = growTiles({ ...grown([1000]).last, leaves: leaves.slice(1000, 1010) });
  const next = growTiles({ ...large.last, leaves: leaves.slice(0, 10) });
  expect(small.tiles.map(({ level, index }) => [level, index])).toEqual([[0, 3]]);
  expect(next.tiles.map(({ level, index }) => [level, index])).toEqual([[0, 257]]);
});

test("no leaves change nothing; 256 leaves leave a full tile and a partial one above", () => {
  expect(growTiles({ ...nothing, leaves: [] })).toEqual(nothing);
  const full = growTiles({ ...nothing, leaves: leaves.slice(0, 256) });
  expect(full.tiles.map(({ level, bytes }) => [level, bytes.length])).toEqual([
    [0, 8192],
    [1, 32],
  ]);
  expect([...full.edge.keys()]).toEqual([1]);
});

test("an edge of five billion leaves grows as one of five", () => {
  // All leaves alike: the hash over 256^level of them is the only hash at that level.
  let one = leaves[0] as Uint8Array;
  const edge = new Map<number, Uint8Array>();
  const size = 5_000_000_123;
  for (let level = 0; 256 ** level <= size; level += 1) {
    const width = Math.floor(size / 256 ** level) % 256;
    if (width > 0) edge.set(level, joinHashes(Array.from({ length: width }, () => one)));
    one = rootOfHashes(Array.from({ length: 256 }, () => one));
  }
  const next = growTiles({ size, edge, leaves: leaves.slice(0, 300) });
  expect(next.size).toBe(5_000_000_423);
  const paths = next.tiles.map(({ level, index, bytes }) =>
    tilePath({ level, index, width: bytes.length / 32 }),
  );
  for (const path of edgeTiles(next.size).slice(0, 2).map(tilePath)) expect(paths).toContain(path);
});

test("an edge that does not fit, a leaf of another length, or a size beyond 2^53 is refused", () => {
  const { last } = grown([300]);
  const code = (from: Parameters<typeof growTiles>[0]): string => {
    try {
      growTiles(from);
    } catch (error) {
      if (error instanceof LogError) return error.code;
    }
    return "accepted";
  };
  expect(code({ size: 300, edge: new Map(), leaves: [] })).toBe("malformed");
  expect(code({ size: 299, edge: last.edge, leaves: [] })).toBe("malformed");
  expect(code({ size: 300, edge: last.edge, leaves: [new Uint8Array(31)] })).toBe("malformed");
  expect(code({ size: 2 ** 53, edge: new Map(), leaves: [] })).toBe("out-of-range");
  expect(code({ size: 2 ** 53 - 1, edge: new Map(), leaves: [leaves[0] as Uint8Array] })).toBe(
    "out-of-range",
  );
});
