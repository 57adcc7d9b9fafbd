import { expect, test, vi } from "vitest";
import { compare } from "@/lib/engine/compare";
import { panelNames } from "../catalogue";
import { zooRelease } from "../zoo";

// Two dozen controls take minutes on a machine that is busy otherwise.
vi.setConfig({ testTimeout: 600_000 });

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

test("beside twenty siblings that lack it, and no other ancestor, a shared base is excluded; the word stays related", async () => {
  for (const [original, suspect] of [
    ["sibling-1", "sibling-1-polished"],
    ["sibling-1-polished", "sibling-1"],
  ] as const) {
    const summary = await summaryOf(original, suspect, true, otherData);
    expect(summary.relation).toBe("related");
    expect(summary.cannotExclude).toEqual(["same-data-and-recipe", "same-seed"]);
    expect(summary.text.en).toMatch(/If the given ancestors are all there are, as was stated/);
  }
});

const mirrors = Array.from({ length: 24 }, (_, index) => (index % 2 === 0 ? "base-a-f32" : "base-a"));
test.each([
  ["without that statement", false, otherData],
  ["beside nineteen siblings", true, otherData.slice(0, 19)],
  ["beside one sibling given twenty times", true, Array.from({ length: 20 }, () => "sibling-2")],
  ["beside mirrors of the base", true, mirrors],
  ["where honest siblings on the same data agree as much", true, panelNames],
])("nothing is excluded %s", async (_name, closed, siblings) => {
  const summary = await summaryOf("sibling-1", "sibling-1-polished", closed, siblings);
  expect([summary.relation, summary.cannotExclude]).toEqual([
    "related",
    ["shared-base", "same-data-and-recipe", "same-seed"],
  ]);
});

test.each([
  ["public-1", "public-2"],
  ["public-1", "public-1-again"],
  ["instruct-tuned-1", "instruct-tuned-2"],
  ["sibling-1", "sibling-2"],
])("%s and %s, innocent of each other, are not derived even then", async (original, suspect) => {
  const siblings = otherData.filter((name) => name !== original && name !== suspect);
  expect((await summaryOf(original, suspect, true, siblings)).relation).not.toBe("derived");
});
