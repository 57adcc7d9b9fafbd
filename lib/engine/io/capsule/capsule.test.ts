import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EngineError } from "../../errors";
import { canonicalJson, sha256Hex } from "../../formats/canonical-json";
import { type ReleaseRole, recordReads } from "../record-reads";
import { gitBlobId } from "../source/content-check";
import type { ReleaseReader } from "../source/release";
import { createSpilledBlobs } from "../spilled-blobs";
import { blobFolder, type CapsuleManifest } from "./manifest";
import { openCapsule } from "./open-capsule";
import { type CapsuleContent, writeCapsule } from "./write-capsule";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-capsule-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const contents: Record<string, string | null> = { "a.json": "{}", "b.bin": "0123456789", "gone.bin": null };

function reader(commit: string): ReleaseReader {
  const files = Object.entries(contents).map(([path, text]) => ({
    path,
    size: text?.length ?? 4,
    gitOid: text === null ? null : gitBlobId(Buffer.from(text)),
    lfsSha256: null,
  }));
  const bytes = (path: string, start: number, end: number) => {
    const text = contents[path];
    return text === null || text === undefined ? null : Buffer.from(text.slice(start, end));
  };
  return {
    release: { kind: "hf", repository: "org/name", commit, files },
    read: async (path, start, end) => bytes(path, start, end),
    readWhole: async (path) => bytes(path, 0, 1000),
  };
}

async function recorded(): Promise<CapsuleContent> {
  const blobs = createSpilledBlobs();
  const sides = (["original", "suspect"] as ReleaseRole[]).map((role, index) => ({
    role,
    position: 0,
    release: reader(String(index).repeat(40)).release,
    ...recordReads(reader(String(index).repeat(40)), { role, position: 0 }, blobs),
  }));
  for (const { reader: one } of sides) {
    await one.readWhole("a.json", 100);
    await one.read("b.bin", 6, 9);
    await one.read("b.bin", 2, 5);
    await one.read("b.bin", 2, 5);
    await one.readWhole("gone.bin", 100);
  }
  return {
    releases: sides.map(({ role, position, release }) => ({ role, position, release })),
    ranges: sides.flatMap((side) => side.ranges()),
    blobs,
    parameters: { methods: ["identity"], nonce: "", screened: 1, level: 1 },
  };
}

test("what was read comes out again, range by range, and nothing else", async () => {
  const path = join(folder, "good.tar");
  await writeCapsule(path, await recorded());
  const capsule = await openCapsule(path);
  expect(capsule.parameters.methods).toEqual(["identity"]);
  expect(capsule.suspect.release.commit).toBe("1".repeat(40));
  const { original } = capsule;
  expect(Buffer.from((await original.readWhole("a.json", 10)) ?? []).toString()).toBe("{}");
  expect(Buffer.from((await original.read("b.bin", 2, 5)) ?? []).toString()).toBe("234");
  expect(await original.readWhole("gone.bin", 10)).toBeNull();
  await expect(original.read("b.bin", 2, 4)).rejects.toThrow(EngineError);
  await expect(original.readWhole("b.bin", 10)).rejects.toMatchObject({ code: "bad-input" });
  await expect(original.readWhole("b.bin", 9)).rejects.toMatchObject({ code: "too-large" });
});

test("the same run gives the same file, byte for byte", async () => {
  const paths = [join(folder, "one.tar"), join(folder, "two.tar")];
  for (const path of paths) await writeCapsule(path, await recorded());
  const [one, two] = await Promise.all(paths.map((path) => readFile(path)));
  expect(one?.equals(two ?? Buffer.alloc(0))).toBe(true);
});

test("a capsule that is altered after it was opened is noticed when it is read", async () => {
  const path = join(folder, "altered.tar");
  await writeCapsule(path, await recorded());
  const { original } = await openCapsule(path);
  const bytes = await readFile(path);
  bytes.write("9", bytes.indexOf("234"));
  await writeFile(path, bytes);
  await expect(original.read("b.bin", 2, 5)).rejects.toMatchObject({ code: "malformed-file" });
  await rm(path);
  await expect(original.read("b.bin", 6, 9)).rejects.toMatchObject({ code: "malformed-file" });
});

test("nothing may follow the end, and the end may not be missing", async () => {
  const path = join(folder, "end.tar");
  await writeCapsule(path, await recorded());
  const good = await readFile(path);
  await writeFile(path, Buffer.concat([good, Buffer.alloc(8000)]));
  await expect(openCapsule(path)).resolves.toBeDefined();
  await writeFile(path, Buffer.concat([good, Buffer.alloc(8000), Buffer.from("x")]));
  await expect(openCapsule(path)).rejects.toMatchObject({ code: "malformed-file" });
  await writeFile(path, good.subarray(0, good.length - 1024));
  await expect(openCapsule(path)).rejects.toMatchObject({ code: "malformed-file" });
});

test("bounds on entries and on the manifest", async () => {
  const path = join(folder, "bounds.tar");
  await writeCapsule(path, await recorded());
  await expect(openCapsule(path, { maxBlobs: 2 })).rejects.toMatchObject({ code: "malformed-file" });
  await expect(openCapsule(path, { maxManifestBytes: 10 })).rejects.toMatchObject({ code: "malformed-file" });
});

/** Writes a tar by hand: entries as given, after a manifest that may be altered. */
async function forged(
  alter: (manifest: CapsuleManifest, entries: { name: string; bytes: Buffer; type?: "symlink" }[]) => unknown,
): Promise<string> {
  const content = await recorded();
  const manifest = {
    schema: "slipmark.capsule/v1",
    releases: content.releases.map(({ role, position, release }) => ({ role, position, ...release })),
    ranges: [...content.ranges],
    parameters: content.parameters,
  } as CapsuleManifest;
  const hashes = [...new Set(content.ranges.map((range) => range.sha256))].filter((hash) => hash !== null);
  const entries: { name: string; bytes: Buffer; type?: "symlink" }[] = hashes
    .sort()
    .map((hash) => ({ name: blobFolder + hash, bytes: Buffer.from(content.blobs.get(hash) ?? []) }));
  const replaced = alter(manifest, entries);
  const text = typeof replaced === "string" ? replaced : canonicalJson(manifest);
  const tar = pack();
  tar.entry({ name: "capsule.json" }, text);
  for (const { name, bytes, type } of entries) {
    if (type) tar.entry({ name, type, linkname: "/etc/passwd" });
    else tar.entry({ name, size: bytes.length }, bytes);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  const path = join(folder, `forged-${Math.random()}.tar`);
  await writeFile(path, Buffer.concat(chunks));
  return path;
}

describe("hostile capsules end in one clear error", () => {
  test("the forger's tools make a good capsule when nothing is altered", async () => {
    await expect(openCapsule(await forged(() => {}))).resolves.toBeDefined();
  });

  test.each<[string, Parameters<typeof forged>[0]]>([
    ["a climbing name", (_, entries) => entries.push({ name: "../../etc/passwd", bytes: Buffer.from("x") })],
    ["an absolute name", (_, entries) => entries.push({ name: "/tmp/x", bytes: Buffer.from("x") })],
    ["a very long name", (_, entries) => entries.push({ name: "z".repeat(5000), bytes: Buffer.from("x") })],
    [
      "a link",
      (_, entries) =>
        entries.push({ name: `${blobFolder}${"f".repeat(64)}`, bytes: Buffer.alloc(0), type: "symlink" }),
    ],
    ["a blob twice", (_, entries) => entries.push(...entries.slice(-1))],
    ["blobs out of order", (_, entries) => entries.reverse()],
    ["a missing blob", (_, entries) => entries.pop()],
    ["an altered blob", (_, entries) => entries[0]?.bytes.fill(1)],
    [
      "an unused blob",
      (_, entries) => {
        const bytes = Buffer.from("unused");
        entries.push({ name: blobFolder + sha256Hex(bytes), bytes });
        entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      },
    ],
    ["no manifest", () => ""],
    ["a manifest with a key twice", (manifest) => canonicalJson(manifest).replace("{", '{"schema":"x",')],
    ["a manifest with spaces", (manifest) => JSON.stringify(manifest, null, 1)],
    ["deep nesting", () => "[".repeat(100_000)],
    ["another schema", (manifest) => Object.assign(manifest, { schema: "slipmark.capsule/v9" })],
    ["a second original", (manifest) => manifest.releases.push({ ...manifest.releases[0]! })],
    ["no suspect", (manifest) => manifest.releases.pop()],
    ["a range outside of its file", (manifest) => Object.assign(manifest.ranges[1]!, { end: 99 })],
    ["a range of an unlisted file", (manifest) => Object.assign(manifest.ranges[1]!, { path: "zz" })],
    ["ranges out of order", (manifest) => manifest.ranges.reverse()],
    ["a range with a size past 2^53", (manifest) => Object.assign(manifest.ranges[1]!, { end: 2 ** 60 })],
    [
      "a listed hash that the bytes do not have",
      (manifest) => Object.assign(manifest.releases[0]!.files[0]!, { gitOid: "0".repeat(40) }),
    ],
    [
      "a climbing path in a listing",
      (manifest) =>
        manifest.releases[0]!.files.push({ path: "../x", size: 1, gitOid: null, lfsSha256: null }),
    ],
  ])("%s", async (_, alter) => {
    await expect(openCapsule(await forged(alter))).rejects.toMatchObject({ code: "malformed-file" });
  });

  test("any damage is noticed or harmless, never anything but an EngineError", async () => {
    const path = join(folder, "damaged.tar");
    await writeCapsule(path, await recorded());
    const good = await readFile(path);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
        fc.option(fc.nat(good.length)),
        async (changes, cut) => {
          const bytes = Buffer.from(good);
          for (const [at, value] of changes) bytes[at] = value;
          await writeFile(path, cut === null ? bytes : bytes.subarray(0, cut));
          const opened = await openCapsule(path).catch((error: unknown) => error);
          if (opened instanceof EngineError) return;
          const { original } = opened as Awaited<ReturnType<typeof openCapsule>>;
          expect(Buffer.from((await original.read("b.bin", 2, 5)) ?? []).toString()).toBe("234");
        },
      ),
      { numRuns: 150 },
    );
  });

  test("a file that is no archive, missing, or too large", async () => {
    const path = join(folder, "noise.tar");
    await writeFile(path, Buffer.alloc(3000, 65));
    await expect(openCapsule(path)).rejects.toMatchObject({ code: "malformed-file" });
    await writeFile(path, "");
    await expect(openCapsule(path)).rejects.toMatchObject({ code: "malformed-file" });
    await expect(openCapsule(join(folder, "none"))).rejects.toMatchObject({ code: "bad-input" });
    await expect(openCapsule(folder)).rejects.toMatchObject({ code: "bad-input" });
    await writeCapsule(path, await recorded());
    await expect(openCapsule(path, { maxBytes: 100 })).rejects.toMatchObject({ code: "too-large" });
  });
});
