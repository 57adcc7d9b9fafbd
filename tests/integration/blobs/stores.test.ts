import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BlobStore } from "@/lib/platform/blobs";
import { openBlobs } from "@/lib/platform/blobs/open";

const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

let folder: string;
let s3: S3rver;
let endpoint: string;
let damage: Record<string, (sha256: string) => Promise<void>>;
let stores: Record<string, BlobStore>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-blobs-"));
  s3 = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory: join(folder, "s3"),
    configureBuckets: [{ name: "slipmark", configs: [] }],
  });
  await s3.run();
  const server = (s3 as unknown as { httpServer: Server }).httpServer;
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = { endpoint, region: "us-east-1", accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };
  stores = {
    folder: openBlobs({ place: join(folder, "blobs"), s3: keys }),
    s3: openBlobs({ place: "s3://slipmark/instance/blobs", s3: keys }),
  };
  const pathOf = (sha256: string) => join(sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  damage = {
    folder: (sha256) => writeFile(join(folder, "blobs", pathOf(sha256)), "other bytes"),
    s3: (sha256) =>
      writeFile(
        join(folder, "s3", "slipmark", "instance", "blobs", `${pathOf(sha256)}._S3rver_object`),
        "other bytes",
      ),
  };
});

afterAll(async () => {
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe.each(["folder", "s3"])("%s", (kind) => {
  test("gives back what it was given, by hash", async () => {
    const store = stores[kind]!;
    const bytes = randomBytes(100_000);
    expect(await store.has(sha(bytes))).toBe(false);
    expect(await store.get(sha(bytes))).toBeNull();
    expect(await store.stream(sha(bytes))).toBeNull();
    expect(await store.put(bytes)).toEqual({ sha256: sha(bytes), size: 100_000 });
    expect(await store.put(bytes)).toEqual({ sha256: sha(bytes), size: 100_000 });
    expect(await store.has(sha(bytes))).toBe(true);
    expect(Buffer.from((await store.get(sha(bytes)))!)).toEqual(bytes);
    expect(await readAll((await store.stream(sha(bytes)))!)).toEqual(bytes);
    await store.delete(sha(bytes));
    expect(await store.get(sha(bytes))).toBeNull();
    await store.delete(sha(bytes));
  });

  test("streams files in and out, also an empty one", async () => {
    const store = stores[kind]!;
    for (const size of [0, 1, 3_000_000]) {
      const path = join(folder, `file-${kind}-${size}`);
      const bytes = randomBytes(size);
      await writeFile(path, bytes);
      expect(await store.putFile(path)).toEqual({ sha256: sha(bytes), size });
      expect(await store.putFile(path)).toEqual({ sha256: sha(bytes), size });
      expect(await readAll((await store.stream(sha(bytes)))!)).toEqual(bytes);
    }
  });

  test("never hands out damaged bytes", async () => {
    const store = stores[kind]!;
    const { sha256 } = await store.put(randomBytes(2000));
    await damage[kind]!(sha256);
    await expect(store.get(sha256)).rejects.toThrow("damaged");
    await expect(readAll((await store.stream(sha256))!)).rejects.toThrow("damaged");
  });

  test("names that are no hash find nothing", async () => {
    const store = stores[kind]!;
    for (const name of ["", "../../etc/passwd", "A".repeat(64), `${"a".repeat(64)}/`]) {
      expect(await store.has(name)).toBe(false);
      expect(await store.get(name)).toBeNull();
      expect(await store.stream(name)).toBeNull();
      await store.delete(name);
    }
  });

  test("two writers of the same bytes at once agree", async () => {
    const store = stores[kind]!;
    const bytes = randomBytes(500_000);
    const results = await Promise.all(Array.from({ length: 6 }, () => store.put(bytes)));
    expect(new Set(results.map((result) => result.sha256))).toEqual(new Set([sha(bytes)]));
    expect(Buffer.from((await store.get(sha(bytes)))!)).toEqual(bytes);
  });
});

test("the folder keeps no half-written file", async () => {
  expect(await readdir(join(folder, "blobs", "tmp"))).toEqual([]);
});

test("an S3 place without keys is refused when opened", () => {
  const s3keys = { endpoint, region: "us-east-1", accessKeyId: null, secretAccessKey: null };
  expect(() => openBlobs({ place: "s3://slipmark", s3: s3keys })).toThrow("S3_ACCESS_KEY_ID");
});
