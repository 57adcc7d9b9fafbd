import { expect, test } from "vitest";
import examples from "@/tests/fixtures/canary/canary-examples.json";
import { hex } from "./bytes";
import { commitItems, targetOf, verifyOpeningHashes } from "./commitment";

interface Vectors {
  readonly input: Readonly<Record<"seed" | "setId" | "authorKeyId" | "nonce", string>>;
  readonly expected: {
    readonly items: readonly Readonly<Record<"itemHex" | "salt" | "t" | "c", string>>[];
    readonly root: string;
    readonly targets: Readonly<Record<string, readonly number[]>>;
  };
}
const vectors = examples.examples.find(({ id }) => id === "K1-commitment-vectors") as unknown as Vectors;
const bytes = (digits: string) => Uint8Array.from(Buffer.from(digits, "hex"));
const items = vectors.expected.items.map(({ itemHex }) => bytes(itemHex));
const { seed, setId, authorKeyId, nonce } = vectors.input;

test("the vectors of the commitment, byte for byte", async () => {
  const { root, leaves, size, openItem } = await commitItems({ seed, setId, authorKeyId, items });
  expect([root, size]).toEqual([vectors.expected.root, 5]);
  expect(leaves.map(hex)).toEqual(vectors.expected.items.map(({ c }) => c));
  for (const [index, { salt, t, itemHex }] of vectors.expected.items.entries()) {
    const opening = openItem(index);
    expect(opening).toMatchObject({ index, salt, targetKey: t, size: 5 });
    expect(Buffer.from(opening.item).toString("hex")).toBe(itemHex);
    verifyOpeningHashes(opening, { root, setId, authorKeyId, size });
  }
});

test("the vectors of the targets", () => {
  for (const [options, expected] of Object.entries(vectors.expected.targets))
    expect(
      vectors.expected.items.map(({ t }, index) =>
        targetOf(t, { nonce, setId, index, options: Number(options) }),
      ),
    ).toEqual(expected);
});
