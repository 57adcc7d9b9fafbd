import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createSpilledBlobs } from "./spilled-blobs";

const blob = (k: number) => Buffer.alloc(1000 + k, k);
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("what does not fit into memory comes back from disk, each blob once, and no file is left", async () => {
  const folder = await mkdtemp(join(tmpdir(), "slipmark-spill-"));
  try {
    const blobs = createSpilledBlobs({ memoryBytes: 5000, folder });
    const all = Array.from({ length: 40 }, (_, k) => blob(k));
    for (const bytes of [...all, ...all]) blobs.put(hash(bytes), bytes);
    for (const bytes of all) expect(Buffer.from(blobs.get(hash(bytes)) ?? []).equals(bytes)).toBe(true);
    expect(blobs.get("0".repeat(64))).toBeUndefined();
    if (process.platform !== "win32") expect(await readdir(folder)).toEqual([]);
    blobs.close();
    expect(blobs.get(hash(blob(39)))).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a small run touches no disk", () => {
  const blobs = createSpilledBlobs({ folder: "/nowhere" });
  blobs.put(hash(blob(1)), blob(1));
  expect(blobs.get(hash(blob(1)))).toEqual(blob(1));
  const tight = createSpilledBlobs({ memoryBytes: 10, folder: "/nowhere" });
  expect(() => tight.put(hash(blob(1)), blob(1))).toThrow();
  blobs.close();
  tight.close();
});
