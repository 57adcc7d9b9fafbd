import { afterEach, expect, test, vi } from "vitest";
import { commitItems, itemBytes, targetOf } from "@/lib/engine/canary";
import { checkOpenings } from "./check-openings";

const nonce = "5c".repeat(32);
const keys = { seed: "11".repeat(32), setId: "ab".repeat(16), authorKeyId: "cd".repeat(32) };
const labels = Array.from({ length: 16 }, (_, at) => `label ${at}`);
const options = [
  labels,
  [...Array(15).fill("label 1"), "other"],
  labels.map((_, at) => `l${"\u200b".repeat(at)}`),
];

afterEach(() => vi.unstubAllGlobals());

test("items whose options are fewer answers than they look are named, though their openings are good", async () => {
  const items = options.map((list, at) => itemBytes({ id: `i${at}`, prompt: "?", options: list }));
  const { root, openItem } = await commitItems({ ...keys, items });
  const rows = items.map((_, index) => {
    const opening = openItem(index);
    const place = { nonce, setId: keys.setId, index, options: 16 };
    return { opening, index, target: targetOf(opening.targetKey, place) };
  });
  vi.stubGlobal("fetch", async () => Response.json({ items: rows, next: null }));
  const commitment = { setId: keys.setId, authorKeyId: keys.authorKeyId, root, size: items.length };
  const check = (fewestOptions: number | null) =>
    checkOpenings({ commitment, nonce, fewestOptions, onProgress: () => undefined });
  expect(await check(16)).toEqual({ total: 3, bad: [], invalid: [1, 2], targets: 3, images: 0 });
  expect((await check(17)).invalid).toEqual([0, 1, 2]);
  expect((await check(null)).invalid).toEqual([]);
});
