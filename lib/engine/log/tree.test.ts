import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { naivePath, naiveProof, naiveRoot, numberedLeaves } from "@/tests/support/naive-tree";
import { fromHex, hex, utf8 } from "./bytes";
import { LogError } from "./errors";
import { emptyRoot, leafHash, nodeHash, rootOfHashes, verifyConsistency, verifyInclusion } from "./tree";

/** The test tree of Certificate Transparency: eight entries and the roots over the first n of them. */
const entries = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map((digits) => fromHex(digits, digits.length / 2));
const roots = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

// Not a deadline: hashing takes as long as a busy machine needs.
vi.setConfig({ testTimeout: 60_000 });

const leaves = numberedLeaves(600);
const refused = (check: () => void): string => {
  try {
    check();
  } catch (error) {
    if (error instanceof LogError) return error.code;
    throw error;
  }
  return "accepted";
};
const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === at % bytes.length ? byte ^ (1 << (at % 8)) : byte));

test.each(roots.map((root, size) => [size, root]))(
  "the first %i entries of the test tree have their known root",
  (size, root) => {
    expect(hex(rootOfHashes(entries.slice(0, Number(size)).map(leafHash)))).toBe(root);
  },
);

test("a leaf and a node with the same bytes have different hashes", () => {
  const [a, b] = [leafHash(utf8("a")), leafHash(utf8("b"))];
  expect(hex(leafHash(new Uint8Array([...a, ...b])))).not.toBe(hex(nodeHash(a, b)));
});

describe("inclusion", () => {
  const place = fc
    .integer({ min: 1, max: 600 })
    .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));

  test("the proofs of RFC 6962 hold, at their place and at no other", () => {
    fc.assert(
      fc.property(place, fc.nat(599), ([size, index], other) => {
        const part = leaves.slice(0, size);
        const claim = { size, proof: naivePath(index, part), root: naiveRoot(part) };
        verifyInclusion({ ...claim, index, leafHash: part[index] as Uint8Array });
        if (other === index) return;
        const wrong = refused(() =>
          verifyInclusion({ ...claim, index: other, leafHash: part[index] as Uint8Array }),
        );
        expect(wrong).toBe(other >= size ? "out-of-range" : "bad-proof");
      }),
      { numRuns: 30 },
    );
  });

  test("a changed bit anywhere, a hash more or less: refused", () => {
    fc.assert(
      fc.property(place, fc.nat(10_000), ([size, index], bit) => {
        const part = leaves.slice(0, size);
        const proof = naivePath(index, part);
        const good = { index, size, leafHash: part[index] as Uint8Array, proof, root: naiveRoot(part) };
        const at = bit % Math.max(1, proof.length);
        const bad = [
          { ...good, leafHash: flipped(good.leafHash, bit) },
          { ...good, root: flipped(good.root, bit) },
          { ...good, proof: [...proof, good.root] },
          ...(proof.length > 0
            ? [
                { ...good, proof: proof.slice(0, -1) },
                { ...good, proof: proof.map((hash, one) => (one === at ? flipped(hash, bit) : hash)) },
              ]
            : []),
        ];
        for (const claim of bad) expect(refused(() => verifyInclusion(claim))).toBe("bad-proof");
      }),
      { numRuns: 30 },
    );
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])("an index or size of %d is refused", (value) => {
    const claim = { index: 0, size: 1, leafHash: emptyRoot, proof: [], root: emptyRoot };
    expect(refused(() => verifyInclusion({ ...claim, index: value }))).toBe("out-of-range");
    expect(refused(() => verifyInclusion({ ...claim, size: value }))).toBe("out-of-range");
  });

  test("hashes of another length, and endless proofs, are refused before any work", () => {
    const claim = { index: 0, size: 1, leafHash: emptyRoot, proof: [], root: emptyRoot };
    expect(refused(() => verifyInclusion({ ...claim, leafHash: new Uint8Array(31) }))).toBe("malformed");
    const endless = Array.from({ length: 1000 }, () => emptyRoot);
    expect(refused(() => verifyInclusion({ ...claim, proof: endless }))).toBe("bad-proof");
  });
});

describe("consistency", () => {
  const sizes = fc
    .integer({ min: 1, max: 600 })
    .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size })));

  test("the proofs of RFC 6962 hold", () => {
    fc.assert(
      fc.property(sizes, ([size, oldSize]) => {
        const part = leaves.slice(0, size);
        verifyConsistency({
          oldSize,
          oldRoot: naiveRoot(part.slice(0, oldSize)),
          size,
          root: naiveRoot(part),
          proof: naiveProof(oldSize, part),
        });
      }),
      { numRuns: 30 },
    );
  });

  test("another beginning, another end, a changed, missing or added hash: refused", () => {
    fc.assert(
      fc.property(sizes, fc.nat(10_000), ([size, oldSize], bit) => {
        const part = leaves.slice(0, size);
        const proof = naiveProof(oldSize, part);
        const good = {
          oldSize,
          oldRoot: naiveRoot(part.slice(0, oldSize)),
          size,
          root: naiveRoot(part),
          proof,
        };
        const at = bit % Math.max(1, proof.length);
        const bad = [
          { ...good, oldRoot: flipped(good.oldRoot, bit) },
          { ...good, proof: [...proof, good.root] },
          ...(oldSize > 0 ? [{ ...good, root: flipped(good.root, bit) }] : []),
          ...(proof.length > 0
            ? [
                { ...good, proof: proof.slice(0, -1) },
                { ...good, proof: proof.map((hash, one) => (one === at ? flipped(hash, bit) : hash)) },
              ]
            : []),
        ];
        for (const claim of bad)
          expect(refused(() => verifyConsistency(claim))).toMatch(/^(bad-proof|inconsistent)$/);
      }),
      { numRuns: 30 },
    );
  });

  test("a log that shrinks, and two trees of one size, are inconsistent", () => {
    const [three, two] = [naiveRoot(leaves.slice(0, 3)), naiveRoot(leaves.slice(0, 2))];
    expect(
      refused(() => verifyConsistency({ oldSize: 3, oldRoot: three, size: 2, root: two, proof: [] })),
    ).toBe("inconsistent");
    expect(
      refused(() => verifyConsistency({ oldSize: 3, oldRoot: three, size: 3, root: two, proof: [] })),
    ).toBe("inconsistent");
    expect(
      refused(() => verifyConsistency({ oldSize: 0, oldRoot: two, size: 3, root: three, proof: [] })),
    ).toBe("inconsistent");
  });
});
