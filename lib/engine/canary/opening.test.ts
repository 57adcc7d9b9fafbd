import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { canaryCodeOf } from "@/tests/support/canary-error";
import { tinyPng } from "@/tests/support/tiny-images";
import { rootOfHashes } from "../log";
import { leafHash } from "../log/tree";
import { hex } from "./bytes";
import { type CommittedItems, commitItems, type PublicCommitment, targetOf } from "./commitment";
import { CanaryError } from "./errors";
import { imageFacts } from "./image";
import { type CanaryItem, itemBytes } from "./items";
import { type Opening, parseOpenings, verifyOpening } from "./opening";
import { openSet, targetItems } from "./set";

// Not a deadline: a busy machine needs longer.
vi.setConfig({ testTimeout: 120_000 });

const keys = { seed: "11".repeat(32), setId: "22".repeat(16), authorKeyId: "33".repeat(32) };
const itemsOf = (count: number): CanaryItem[] =>
  Array.from({ length: count }, (_, at) => ({ id: `i${at}`, prompt: `竹 ${at}` }));

async function committed(count: number): Promise<[CommittedItems, PublicCommitment]> {
  const made = await commitItems({ ...keys, items: itemsOf(count).map(itemBytes) });
  return [made, { root: made.root, setId: keys.setId, authorKeyId: keys.authorKeyId, size: count }];
}

test("every item of every size of set opens by itself, and its root is that of the log's own tree", async () => {
  for (const count of [1, 2, 3, 4, 5, 7, 8, 9, 31, 33]) {
    const [made, commitment] = await committed(count);
    expect(made.root).toBe(hex(rootOfHashes(made.leaves.map(leafHash))));
    for (const [index, item] of itemsOf(count).entries())
      expect(verifyOpening(made.openItem(index), commitment)).toEqual(item);
    expect(canaryCodeOf(() => made.openItem(count))).toBe("bad-opening");
  }
});

test("an opening changed anywhere, or shown for another place, set, author or root, does not match", async () => {
  const [made, commitment] = await committed(6);
  const opening = made.openItem(3);
  const flipped = (digits: string) => (digits.startsWith("0") ? "1" : "0") + digits.slice(1);
  const changes: Partial<Opening>[] = [
    { salt: flipped(opening.salt) },
    { targetKey: flipped(opening.targetKey) },
    { item: opening.item.replace("竹", "木") },
    { item: made.openItem(2).item },
    { index: 2 },
    { index: 6 },
    { index: -1 },
    { size: 5 },
    { path: opening.path.slice(1) },
    { path: [...opening.path, opening.salt] },
    { path: [...opening.path].reverse() },
    { path: opening.path.map(flipped) },
    { salt: opening.salt.toUpperCase().replace(/\d/g, "A") },
  ];
  for (const change of changes)
    expect(canaryCodeOf(() => verifyOpening({ ...opening, ...change }, commitment))).toBe("bad-opening");
  // Somebody else registers the same root, or the same set again: the openings are worth nothing to them.
  for (const other of [
    { authorKeyId: "34".repeat(32) },
    { setId: "23".repeat(16) },
    { root: "44".repeat(32) },
    { size: 7 },
  ])
    expect(canaryCodeOf(() => verifyOpening(opening, { ...commitment, ...other }))).toBe("bad-opening");
});

test("what was committed and is no item is refused as that", async () => {
  const items = ["", "xyz", '{"prompt":"b","id":"a"}', '{"id":"a"}'].map((text) =>
    new TextEncoder().encode(text),
  );
  const { root, openItem } = await commitItems({ ...keys, items });
  const code = (index: number) =>
    canaryCodeOf(() => verifyOpening(openItem(index), { ...keys, root, size: 4 }));
  expect([0, 1, 2, 3].map(code)).toEqual(["malformed", "malformed", "bad-item", "bad-item"]);
});

test("an image is part of the opening: another one, none where one was, one where none was", async () => {
  const png = tinyPng(3, 3);
  const items: CanaryItem[] = [
    { id: "a", image: imageFacts(png, "it") },
    { id: "b", prompt: "p" },
  ];
  const { root } = await commitItems({ ...keys, items: items.map(itemBytes) });
  const images = new Map([[imageFacts(png, "it").sha256, png]]);
  const [first, second] = (await openSet({ ...keys, root, items, images })) as [Opening, Opening];
  const commitment = { ...keys, root, size: 2 };
  expect(first.image).toBe(Buffer.from(png).toString("base64"));
  expect(verifyOpening(first, commitment)).toEqual(items[0]);
  // Kept elsewhere under its hash: the item says which one it is.
  const { image: _, ...bare } = first;
  expect(verifyOpening(bare, commitment)).toEqual(items[0]);
  const other = Buffer.from(tinyPng(3, 3, 1)).toString("base64");
  expect(canaryCodeOf(() => verifyOpening({ ...first, image: other }, commitment))).toBe("bad-opening");
  expect(canaryCodeOf(() => verifyOpening({ ...first, image: "竹" }, commitment))).toBe("bad-opening");
  expect(canaryCodeOf(() => verifyOpening({ ...second, image: other }, commitment))).toBe("bad-opening");
});

test("openings come as one line each, none twice", async () => {
  const [made] = await committed(3);
  const lines = [0, 2].map((index) => `${JSON.stringify(made.openItem(index))}\n`);
  expect(parseOpenings(lines.join(""))).toEqual([made.openItem(0), made.openItem(2)]);
  const code = (source: string) => canaryCodeOf(() => parseOpenings(source));
  expect(code(lines.join("") + lines[0])).toBe("bad-opening");
  expect(code("")).toBe("no-items");
  expect(code("{}\n")).toBe("bad-opening");
  expect(code(JSON.stringify({ ...made.openItem(0), more: 1 }))).toBe("bad-opening");
});

test("targets are spread evenly, follow from the nonce, and reject the last, incomplete round of 2^64", () => {
  const place = { nonce: "55".repeat(32), setId: keys.setId, index: 0, options: 16 };
  const counts = Array.from({ length: 16 }, () => 0);
  for (let at = 0; at < 3200; at += 1) {
    const key = createHmac("sha256", "keys").update(String(at)).digest("hex");
    const target = targetOf(key, place);
    counts[target] = (counts[target] ?? 0) + 1;
  }
  // χ² with 15 degrees of freedom: .999 quantile 37.7.
  expect(counts.reduce((sum, n) => sum + (n - 200) ** 2 / 200, 0)).toBeLessThan(37.7);

  // With as many options as 2^63 + 1 every second value on average is rejected: the next counter has to be taken.
  const options = 2 ** 53 - 1;
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.integer({ min: 1, max: options }),
      (bytes, count) => {
        const target = targetOf(hex(bytes), { ...place, options: count });
        expect(target >= 0 && target < count && Number.isSafeInteger(target)).toBe(true);
      },
    ),
  );
  expect(canaryCodeOf(() => targetOf("00".repeat(32), { ...place, options: 0 }))).toBe("bad-options");
  expect(canaryCodeOf(() => targetOf("00".repeat(31), place))).toBe("bad-opening");
  expect(canaryCodeOf(() => targetOf("00".repeat(32), { ...place, nonce: "xyz" }))).toBe("bad-nonce");
});

test("the author draws the same targets that everybody can check from the openings", async () => {
  const options = Array.from({ length: 17 }, (_, at) => `o${at}`);
  const items = itemsOf(9).map((item) => ({ ...item, options }));
  const { root } = await commitItems({ ...keys, items: items.map(itemBytes) });
  const secrets = { ...keys, root, items, images: new Map<string, Uint8Array>() };
  const nonce = "66".repeat(32);
  const drawn = await targetItems(secrets, nonce);
  for (const opening of await openSet(secrets)) {
    const { index, targetKey } = opening;
    const target = targetOf(targetKey, { nonce, setId: keys.setId, index, options: 17 });
    expect(drawn[index]?.answer).toBe(options[target]);
  }
  // Secrets that were altered lead to another root and open nothing.
  await expect(openSet({ ...secrets, seed: "12".repeat(32) })).rejects.toThrow("do not lead to the root");
});

test("progress is told, and a stop is obeyed", async () => {
  const items = itemsOf(2500).map(itemBytes);
  const seen: number[] = [];
  await commitItems({ ...keys, items, onProgress: ({ done, total }) => seen.push(done / total) });
  expect(seen[0]).toBe(0);
  expect(seen.at(-1)).toBe(1);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.length).toBeGreaterThan(3);
  const stop = new AbortController();
  const stopped = commitItems({ ...keys, items, signal: stop.signal, onProgress: () => stop.abort() });
  await expect(stopped).rejects.toThrow(new CanaryError("cancelled", "Stopped on request"));
});
