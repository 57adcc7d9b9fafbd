import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EngineError } from "@/lib/engine/errors";
import { unlimitedBudget } from "@/lib/engine/io/net/request-budget";
import { defaultLimits } from "@/lib/engine/io/net/source-limits";
import { openRelease } from "@/lib/engine/io/source/open-release";
import type { SourceIo } from "@/lib/engine/io/source/source-io";
import { repositoryFromAnyFolder } from "@/lib/examples/hub/folders";
import { gitBlobId } from "@/lib/examples/hub/repository";
import { exampleReleases, exampleRepositories } from "@/lib/examples/releases/catalogue";
import { type Hub, startHub } from "@/tests/support/hub";

let folder: string;
let hub: Hub;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-folders-"));
  hub = await startHub({ repositories: exampleRepositories() });
});
afterAll(async () => {
  await hub.close();
  await rm(folder, { recursive: true });
});

const io = (): SourceIo => ({
  hf: { endpoint: hub.url, token: null },
  github: { endpoint: "http://127.0.0.1:1", token: null },
  cacheFolder: null,
  budget: unlimitedBudget,
  limits: defaultLimits,
});

async function bothWays(inside: string) {
  hub.addRepository(await repositoryFromAnyFolder(inside, "local/served"));
  const spec = { repository: "local/served", revision: null };
  return [
    await openRelease({ kind: "folder", repository: inside, revision: null }, io()),
    await openRelease({ kind: "hf", ...spec }, io()),
  ] as const;
}

test("a plain folder is the same release read directly and through the Hub", async () => {
  const inside = join(folder, "plain");
  await mkdir(join(inside, "deep"), { recursive: true });
  await writeFile(join(inside, "config.json"), "{}");
  await writeFile(join(inside, "deep/a.txt"), "a");
  const [direct, served] = await bothWays(inside);
  expect(direct.release.commit).toMatch(/^[0-9a-f]{40}$/);
  expect(served.release.commit).toBe(direct.release.commit);
  expect(served.release.files).toEqual(direct.release.files);
  for (const reader of [direct, served])
    expect(Buffer.from((await reader.readWhole("deep/a.txt", 10)) ?? []).toString()).toBe("a");
});

test("a recorded listing too: same commit, same files, same gaps", async () => {
  const inside = join(folder, "recorded");
  await mkdir(inside);
  await writeFile(join(inside, "config.json"), "{}");
  const oid = gitBlobId(Buffer.from("{}"));
  const lfs = { sha256: "ef".repeat(32), size: 4_000_000_000, pointerSize: 135 };
  const files = [
    { path: "deep/config.json", oid, size: 2 },
    { path: "deep/tokenizer.json", oid: "cd".repeat(20), size: null },
    { path: "model.safetensors", oid: "ab".repeat(20), size: 4_000_000_000, lfs },
  ];
  await writeFile(join(inside, "tree.json"), JSON.stringify({ commit: "12".repeat(20), files }));
  for (const reader of await bothWays(inside)) {
    expect(reader.release.commit).toBe("12".repeat(20));
    expect(reader.release.files).toEqual([
      { path: "deep/config.json", size: 2, gitOid: oid, lfsSha256: null },
      { path: "deep/tokenizer.json", size: null, gitOid: "cd".repeat(20), lfsSha256: null },
      { path: "model.safetensors", size: 4_000_000_000, gitOid: "ab".repeat(20), lfsSha256: lfs.sha256 },
    ]);
    expect(Buffer.from((await reader.readWhole("deep/config.json", 10)) ?? []).toString()).toBe("{}");
    expect(await reader.readWhole("deep/tokenizer.json", 10)).toBeNull();
    expect(await reader.read("model.safetensors", 0, 8)).toBeNull();
  }
});

test("an example release is read by range, and not at all once it is deleted", async () => {
  const spec = { kind: "hf" as const, repository: exampleReleases.independent, revision: null };
  const reader = await openRelease(spec, io());
  const shard = reader.release.files.find((file) => file.path.endsWith(".safetensors"))?.path ?? "";
  const length = Buffer.from((await reader.read(shard, 0, 8)) ?? []).readBigUInt64LE();
  const header = await reader.read(shard, 8, 8 + Number(length));
  expect(JSON.parse(Buffer.from(header ?? []).toString())).toHaveProperty("__metadata__");
  hub.deleteRepository(exampleReleases.independent);
  const refused = await openRelease(spec, io()).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(EngineError);
  expect((refused as EngineError).code).toBe("unknown-repository");
});
