import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import { systemClock } from "@/lib/platform/clock";
import { engineBuild, publishEngineBuild, runnableEngine } from "@/lib/verification/server";
import { testDatabase } from "../../support/database";

const { db } = await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "slipmark-builds-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const ctx = { db, clock: systemClock, blobs: folderBlobs(join(folder, "blobs")) };
const bundle = join(folder, "slipmark.mjs");

test("a build stays served after the next one took its place", async () => {
  const publish = async (text: string) => {
    await writeFile(bundle, text);
    return (await publishEngineBuild(ctx, bundle)).sha256;
  };
  const first = await publish("export const engine = 1;\n");
  const second = await publish("export const engine = 2;\n");
  expect(await publish("export const engine = 2;\n")).toBe(second);
  expect(await db.engineBuild.count()).toBe(2);

  const served = await engineBuild(ctx, first);
  expect(await new Response(served?.stream).text()).toBe("export const engine = 1;\n");
  expect(served?.size).toBe(25);
  expect(await engineBuild(ctx, "0".repeat(64))).toBeNull();
});

test("a worker starts its children from the published bytes, whatever happens to the file", async () => {
  await writeFile(bundle, "export const engine = 3;\n");
  const { sha256 } = await publishEngineBuild(ctx, bundle);
  await writeFile(bundle, "half a bui");
  const { path } = await runnableEngine(ctx, sha256, join(folder, "engines"));
  expect((await import(path)).engine).toBe(3);
});
