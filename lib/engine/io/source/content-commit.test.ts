import { expect, test } from "vitest";
import { contentCommit } from "./content-commit";

// Ids printed by `git hash-object` and `git write-tree` (2.39).
const files = [
  { path: "a-b", gitOid: "b68025345d5301abad4d9ec9166f455243a0d746" },
  { path: "a.txt", gitOid: "975fbec8256d3e8a3797e7a3611380f27c49f4ac" },
  { path: "a/b.txt", gitOid: "45b983be36b73c0788dc9cbcb76cbb80fc7bb057" },
  { path: "a/c/d", gitOid: "587be6b4c3f93f93c489c0111bba5596147a26cb" },
];

test("the pin of a plain folder is the id of its Git tree", () => {
  expect(contentCommit(files)).toBe("76ba68954e015abf3f58bcb44c061f4ff3e01b0b");
  expect(contentCommit([...files].reverse())).toBe(contentCommit(files));
  expect(contentCommit([])).toBe("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
  expect(contentCommit([{ path: "big.bin", gitOid: null }])).toBeNull();
});
