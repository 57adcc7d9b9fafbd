import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { codeOf, ioFor } from "../../../../../tests/support/far-side";
import { gitBlobId } from "../content-check";
import { openRelease } from "../open-release";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-folder-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const openFolder = (limits = {}) =>
  openRelease(
    { kind: "folder", repository: folder, revision: null },
    ioFor("http://127.0.0.1:9", {}, limits),
  );

async function put(path: string, content: string): Promise<void> {
  await mkdir(join(folder, path, ".."), { recursive: true });
  await writeFile(join(folder, path), content);
}

const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString());
const oid = (content: string) => gitBlobId(Buffer.from(content));

test("a plain folder is listed as it lies, without what is hidden", async () => {
  await put("b.json", "{}");
  await put("a/x.txt", "hello");
  await put(".git/config", "secret");
  await put(".env", "secret");
  const { release } = await openFolder();
  expect(release.files).toEqual([
    { path: "a/x.txt", size: 5, gitOid: oid("hello"), lfsSha256: null },
    { path: "b.json", size: 2, gitOid: oid("{}"), lfsSha256: null },
  ]);
  expect(release.repository).toBeNull();
});

test("reads ranges and whole files, and nothing that is not listed", async () => {
  await put("a.txt", "0123456789");
  const reader = await openFolder();
  expect(text(await reader.read("a.txt", 2, 5))).toBe("234");
  expect(text(await reader.read("a.txt", 10, 10))).toBe("");
  expect(text(await reader.readWhole("a.txt", 10))).toBe("0123456789");
  expect(await codeOf(reader.readWhole("a.txt", 9))).toBe("too-large");
  expect(await codeOf(reader.read("a.txt", 5, 11))).toBe("malformed-file");
  expect(await codeOf(reader.read("a.txt", -1, 2))).toBe("malformed-file");
  expect(await codeOf(reader.read("a.txt", 0.5, 2))).toBe("malformed-file");
  expect(await codeOf(reader.readWhole("../etc/passwd", 10))).toBe("bad-input");
  await put("a.txt", "0123X56789");
  expect(await codeOf(reader.readWhole("a.txt", 10))).toBe("source-changed");
});

test("a recorded listing is the release; local files stand for what they hold", async () => {
  const weights = "weights";
  const sha256 = createHash("sha256").update(weights).digest("hex");
  const recorded = {
    commit: "d".repeat(40),
    files: [
      { path: "sub/config.json", oid: oid("{}"), size: 2 },
      { path: "copy.json", oid: oid("{}"), size: 2 },
      { path: "gone.json", oid: oid("gone"), size: 4 },
      { path: "other.json", oid: oid("true"), size: 4 },
      { path: "w.bin", oid: "e".repeat(40), size: 130, lfs: { sha256, size: 7, pointerSize: 130 } },
    ],
  };
  await put("tree.json", JSON.stringify(recorded));
  await put("config.json", "{}");
  await put("other.json", "fals");
  await put("anything.bin", weights);
  const reader = await openFolder();
  expect(reader.release.commit).toBe("d".repeat(40));
  expect(reader.release.files.map((file) => [file.path, file.size])).toEqual([
    ["copy.json", 2],
    ["gone.json", 4],
    ["other.json", 4],
    ["sub/config.json", 2],
    ["w.bin", 7],
  ]);
  expect(text(await reader.readWhole("sub/config.json", 10))).toBe("{}");
  expect(text(await reader.readWhole("copy.json", 10))).toBe("{}");
  expect(text(await reader.readWhole("w.bin", 10))).toBe("weights");
  expect(text(await reader.read("w.bin", 1, 3))).toBe("ei");
  expect(await reader.readWhole("gone.json", 10)).toBeNull();
  expect(await reader.readWhole("other.json", 10)).toBeNull();
});

test("a tree.json that is something else is an ordinary file; a broken record is an error", async () => {
  await put("tree.json", '{"kind":"oak"}');
  expect((await openFolder()).release.files.map((file) => file.path)).toEqual(["tree.json"]);
  await put("tree.json", '{"commit":"main","files":[]}');
  expect(await codeOf(openFolder())).toBe("malformed-file");
  const climbing = [{ path: "../x", oid: "a".repeat(40), size: 1 }];
  await put("tree.json", JSON.stringify({ commit: "d".repeat(40), files: climbing }));
  expect(await codeOf(openFolder())).toBe("malformed-file");
});

test("symbolic links may lead to files inside, not out, nowhere, or to folders", async () => {
  await put("real.txt", "real");
  await symlink("real.txt", join(folder, "link.txt"));
  expect((await openFolder()).release.files.map((file) => file.path)).toEqual(["link.txt", "real.txt"]);
  for (const target of ["/etc/passwd", "../../../etc/passwd", "missing", "."]) {
    await symlink(target, join(folder, "bad"));
    expect(await codeOf(openFolder())).toBe("bad-input");
    await rm(join(folder, "bad"));
  }
});

test("a folder that is not there, or too full, is one clear error", async () => {
  await put("a", "1");
  await put("b", "2");
  expect(await codeOf(openFolder({ maxFiles: 1 }))).toBe("too-large");
  await rm(folder, { recursive: true });
  expect(await codeOf(openFolder())).toBe("bad-input");
  await writeFile(folder, "");
  expect(await codeOf(openFolder())).toBe("bad-input");
});
