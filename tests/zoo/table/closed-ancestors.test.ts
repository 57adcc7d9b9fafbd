import { expect, test } from "vitest";
import { compare } from "@/lib/engine/compare";
import { panelNames } from "../catalogue";
import { zooRelease } from "../zoo";

/** Siblings of base A on other data than sibling-1's; the panel has eight that share it. */
const otherData = [
  ...panelNames.filter((_, index) => index % 3 !== 0),
  "sibling-2",
  "public-1",
  "public-2",
  "heavy",
];

/** A base, and documented siblings of both sides as controls; whether the ancestors are all there are is stated. */
async function summaryOf(original: string, suspect: string, closed: boolean, siblings: readonly string[]) {
  const { result } = await compare(
    {
      original: await zooRelease(original),
      suspect: await zooRelease(suspect),
      ancestors: [await zooRelease("base-a")],
      controls: await Promise.all(siblings.map(zooRelease)),
    },
    {
      methods: ["weights/aligned"],
      nonce: "",
      screened: 1,
      level: 1,
      ...(closed ? { ancestorsClosed: true } : {}),
    },
  );
  return result.summary;
}

test("a copy trained a little further is derived beside twenty siblings that lack it, once the ancestors are stated to be all", async () => {
  const summary = await summaryOf("sibling-1", "sibling-1-polished", true, otherData);
  expect(summary.relation).toBe("derived");
  expect(summary.cannotExclude).toEqual(["same-seed"]);
  expect(summary.text.en).toMatch(/if the given ancestors are all there are, as was stated/);
  expect((await summaryOf("sibling-1-polished", "sibling-1", true, otherData)).relation).toBe("derived");
});

test.each([
  ["without that statement", false, otherData],
  ["beside nineteen siblings", true, otherData.slice(0, 19)],
  ["where honest siblings on the same data satisfy the rule, too", true, panelNames],
])("it stays related %s", async (_name, closed, siblings) => {
  expect((await summaryOf("sibling-1", "sibling-1-polished", closed, siblings)).relation).toBe("related");
});

test("one recipe and one seed twice is never told from a copy, and never called derived beside siblings of the same data", async () => {
  expect((await summaryOf("public-1", "public-1-again", true, panelNames)).relation).toBe("related");
});

test("honest siblings are not derived, even then", async () => {
  expect((await summaryOf("sibling-1", "sibling-2", true, otherData)).relation).not.toBe("derived");
});
