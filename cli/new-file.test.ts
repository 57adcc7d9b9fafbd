import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { requireFree, writeNewFile, writeNewFolder } from "./new-file";

let folder: string;
const at = (...path: string[]) => join(folder, ...path);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-new-file-"));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});

test("a folder is there with all of its files, or not at all", async () => {
  const files = [
    { name: "a", text: "public", secret: false },
    { name: "b", text: Uint8Array.of(1), secret: true },
  ];
  await writeNewFolder(at("deep", "set"), files);
  expect((await readdir(at("deep", "set"))).sort()).toEqual(["a", "b"]);
  expect((await stat(at("deep", "set", "b"))).mode & 0o777).toBe(0o600);
  // An empty folder is as good as none; anything in it stays.
  await mkdir(at("empty"));
  await writeNewFolder(at("empty"), files);
  await expect(writeNewFolder(at("empty"), files)).rejects.toThrow("stays as it is");
  await writeFile(at("file"), "mine");
  await expect(requireFree(at("file"))).rejects.toThrow("stays as it is");
  await expect(writeNewFolder(at("file"), files)).rejects.toThrow("stays as it is");
  // The second file cannot be written: nothing of the first is left.
  const broken = [files[0] as (typeof files)[0], { name: "no/such/place", text: "", secret: false }];
  await expect(writeNewFolder(at("half"), broken)).rejects.toThrow("ENOENT");
  expect((await readdir(folder)).sort()).toEqual(["deep", "empty", "file"]);
});

test("of two that make the same folder at once, one does", async () => {
  const outcome = await Promise.allSettled(
    ["one", "two"].map((text) =>
      writeNewFolder(`${at("set")}${text === "one" ? "" : "/"}`, [{ name: "a", text, secret: false }]),
    ),
  );
  expect(outcome.filter(({ status }) => status === "fulfilled").length).toBe(1);
  const kept = await readdir(folder);
  expect(kept.filter((name) => name.includes(".part"))).toEqual([]);
});

test("a file is never written over another, and the same bytes are no other", async () => {
  await writeNewFile(at("a"), ["one ", "two"], { secret: true });
  await writeNewFile(at("a"), ["one two"], { secret: true });
  await expect(writeNewFile(at("a"), ["three"], { secret: true })).rejects.toThrow("stays as it is");
  expect(await readFile(at("a"), "utf8")).toBe("one two");
  expect((await stat(at("a"))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["a"]);
});
