import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { casePage } from "@/lib/cases/server";
import { type CompareParameters, compare } from "@/lib/engine";
import { unlimitedBudget } from "@/lib/engine/io/net/request-budget";
import { defaultLimits } from "@/lib/engine/io/net/source-limits";
import { openRelease } from "@/lib/engine/io/source/open-release";
import type { SourceIo } from "@/lib/engine/io/source/source-io";
import { readHubState } from "@/lib/examples/hub/control";
import { serveExampleHub } from "@/lib/examples/hub/serve-examples";
import { nameOf } from "@/lib/examples/local/hub-client";
import { exampleReleases, exampleRepositories } from "@/lib/examples/releases/catalogue";
import { awaitRun, hubClient, openLocalCase } from "@/lib/examples/server";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import { anonymous, type Context } from "@/lib/platform/context";
import { createJobSender } from "@/lib/platform/jobs/sender";
import { testDatabase } from "@/tests/support/database";
import type { Hub } from "@/tests/support/hub";

const { db, url } = await testDatabase();
const jobs = createJobSender(url);
let folder: string;
let hub: Hub;
let ctx: Context;
let client: ReturnType<typeof hubClient>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-local-"));
  hub = await serveExampleHub({ dataFolder: folder });
  client = hubClient((await readHubState(folder))!);
  ctx = {
    db,
    clock: { now: () => new Date() },
    viewer: anonymous,
    jobs,
    blobs: folderBlobs(join(folder, "blobs")),
    sources: { hf: io().hf, github: io().github, cacheFolder: join(folder, "cache") },
    settings: { casePrefix: "SLP", publicOrigin: "http://localhost:3000" },
  };
});
afterAll(async () => {
  await jobs.close();
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

const io = (): SourceIo => ({
  hf: { endpoint: hub.url, token: null },
  github: { endpoint: "http://127.0.0.1:1", token: null },
  cacheFolder: null,
  budget: unlimitedBudget,
  limits: defaultLimits,
});

/** An example release as an ordinary folder, card and weights included. */
async function writeRelease(name: string, into: string): Promise<string> {
  const path = join(folder, into);
  await mkdir(path, { recursive: true });
  for (const file of exampleRepositories().find((one) => one.name === name)?.files ?? [])
    await writeFile(join(path, file.path), file.bytes ?? "");
  return path;
}

const parameters: CompareParameters = {
  methods: ["identity", "architecture", "tokenizer", "lineage"],
  nonce: "",
  screened: 1,
  level: 1,
};

async function digestOf(specs: readonly { kind: "hf" | "folder"; repository: string }[]): Promise<string> {
  const readers = await Promise.all(specs.map((spec) => openRelease({ ...spec, revision: null }, io())));
  const [original, suspect, ...ancestors] = readers;
  const input = { original: original!, suspect: suspect!, ancestors, controls: [] };
  return (await compare(input, parameters)).result.digest;
}

test("folders give the same digest read directly and through the Hub, cards and all", async () => {
  const folders = [
    await writeRelease(exampleReleases.original, "pair/original"),
    await writeRelease(exampleReleases.credited, "pair/suspect"),
    await writeRelease(exampleReleases.independent, "pair/base"),
  ];
  const served = [];
  for (const one of folders) served.push((await client.serve(one)).name);
  const direct = await digestOf(folders.map((repository) => ({ kind: "folder", repository })));
  expect(await digestOf(served.map((repository) => ({ kind: "hf", repository })))).toBe(direct);
});

test("a served folder is named by its listing, or by its own path in the reserved namespace", async () => {
  expect(await nameOf("/data/case one/original")).toMatch(/^local--folder\/case-one-original-[0-9a-f]{6}$/);
  expect(await nameOf("/data/case-one/original")).not.toBe(await nameOf("/data/case one/original"));
  const recorded = join(folder, "recorded");
  await mkdir(recorded);
  await writeFile(
    join(recorded, "tree.json"),
    JSON.stringify({ commit: "0".repeat(40), files: [], repository: "a/b" }),
  );
  expect(await nameOf(recorded)).toBe("a/b");
});

test("a pair of folders becomes an open case with a queued run; again, the same case with another run", async () => {
  const original = await writeRelease(exampleReleases.original, "case/original");
  const suspect = await writeRelease(exampleReleases.renamed, "case/suspect");
  const base = await writeRelease(exampleReleases.independent, "case/base");
  const pair = {
    original: await client.serve(original),
    suspect: await client.serve(suspect),
    base: await client.serve(base),
  };
  const first = await openLocalCase(ctx, pair);
  const page = await casePage(ctx, first.publicId, anonymous);
  expect(page?.state).toBe("under_verification");
  expect(page?.releases.map((one) => [one.role, one.repository, one.commit])).toEqual([
    ["original", pair.original.name, pair.original.commit],
    ["suspect", pair.suspect.name, pair.suspect.commit],
    ["ancestor", pair.base.name, pair.base.commit],
  ]);
  expect(page?.timeline.find((one) => one.type === "case-opened")?.data).toEqual({
    reason: "local-folders",
  });
  expect(await awaitRun(ctx, first.runId, 10)).toBeNull();
  await db.run.update({
    where: { id: first.runId },
    data: { state: "failed", failure: { code: "internal" } },
  });
  expect(await awaitRun(ctx, first.runId, 1000)).toEqual({
    state: "failed",
    digest: null,
    failure: "internal",
  });

  const second = await openLocalCase(ctx, pair);
  expect(second.publicId).toBe(first.publicId);
  expect(second.runId).not.toBe(first.runId);

  await copyFile(join(base, "README.md"), join(suspect, "MORE.md"));
  const changed = { ...pair, suspect: await client.serve(suspect) };
  await expect(openLocalCase(ctx, changed)).rejects.toMatchObject({ code: "changed-meanwhile" });
});

test("a release whose card declares the original gets the claims that are left", async () => {
  const recorded = async (name: string, into: string) => {
    const path = await writeRelease(name, into);
    const { commit, files } = exampleRepositories().find((one) => one.name === name)!;
    const served = await client.serve(path);
    const response = await fetch(`${hub.url}/api/models/${name}/tree/${commit}?recursive=true`);
    const listed = (await response.json()) as {
      path: string;
      oid: string;
      size: number;
      lfs?: { oid: string };
    }[];
    expect(listed.length).toBe(files.length);
    const entries = listed.map(({ path: at, oid, size, lfs }) => ({
      path: at,
      oid,
      size,
      ...(lfs ? { lfs: { sha256: lfs.oid, size, pointerSize: 130 } } : {}),
    }));
    await writeFile(join(path, "tree.json"), JSON.stringify({ commit, repository: name, files: entries }));
    await client.delete(served.name);
    return client.serve(path);
  };
  const original = await recorded(exampleReleases.original, "declared/original");
  const suspect = await recorded(exampleReleases.credited, "declared/suspect");
  expect(original.name).toBe(exampleReleases.original);
  const { publicId } = await openLocalCase(ctx, { original, suspect, base: null });
  const page = await casePage(ctx, publicId, anonymous);
  expect(page?.declared).toBe(true);
  expect(page?.claims.map((claim) => claim.kind)).toEqual(["licence-notice", "undeclared-part"]);
});
