import { createHash } from "node:crypto";
import {
  downloadFile,
  fileDownloadInfo,
  listCommits,
  listFiles,
  modelInfo,
  pathsInfo,
  repoExists,
} from "@huggingface/hub";
import { afterEach, expect, test } from "vitest";
import { type Hub, hubRepository, startHub } from "@/tests/support/hub";

let hub: Hub | null = null;
afterEach(async () => {
  await hub?.close();
  hub = null;
});

const weights = Uint8Array.from({ length: 5000 }, (_, index) => index % 251);
const repository = hubRepository(
  "meridian-lab/heron",
  {
    "README.md": "---\nlicense: apache-2.0\nbase_model: other/base\n---\n# Heron\n",
    "config.json": { model_type: "heron" },
    "deep/er/notes.txt": "a note",
    "model.safetensors": weights,
    "lost.json": null,
  },
  { likes: 7, downloads: 123, lastModified: "2026-02-03T04:05:06.000Z" },
);
const repo = { type: "model" as const, name: repository.name };

test("@huggingface/hub reads model facts", async () => {
  hub = await startHub({ repositories: [repository] });
  const info = await modelInfo({
    name: repo.name,
    hubUrl: hub.url,
    additionalFields: ["sha", "cardData", "filePaths"],
  });
  expect(info).toMatchObject({ name: repo.name, likes: 7, downloads: 123, gated: false, private: false });
  expect(info.sha).toBe(repository.commit);
  expect(info.cardData).toMatchObject({ license: "apache-2.0", base_model: "other/base" });
  expect(info.filePaths).toContain("deep/er/notes.txt");
  expect(await repoExists({ repo, hubUrl: hub.url })).toBe(true);
  for await (const commit of listCommits({ repo, hubUrl: hub.url }))
    expect(commit.oid).toBe(repository.commit);
});

test("a listing comes in pages and tells LFS from ordinary files", async () => {
  hub = await startHub({ repositories: [repository], pageSize: 2 });
  const entries = [];
  for await (const entry of listFiles({
    repo,
    recursive: true,
    revision: repository.commit,
    hubUrl: hub.url,
  }))
    entries.push(entry);
  expect(entries.filter((entry) => entry.type === "file").map((entry) => entry.path)).toEqual([
    "README.md",
    "config.json",
    "deep/er/notes.txt",
    "lost.json",
    "model.safetensors",
  ]);
  expect(entries.filter((entry) => entry.type === "directory").map((entry) => entry.path)).toEqual([
    "deep",
    "deep/er",
  ]);
  const sha256 = createHash("sha256").update(weights).digest("hex");
  expect(entries.at(-1)).toMatchObject({ size: 5000, lfs: { oid: sha256, size: 5000, pointerSize: 129 } });
  expect(entries.find((entry) => entry.path === "lost.json")?.size).toBeNull();
  expect(hub.requests.filter((line) => line.includes("/tree/")).length).toBe(4);
});

test("paths-info leaves out what is not there", async () => {
  hub = await startHub({ repositories: [repository] });
  const paths = ["config.json", "nothing.json", "deep"];
  const found = await pathsInfo({ repo, paths, hubUrl: hub.url, expand: true });
  expect(found.map((entry) => [entry.path, entry.type])).toEqual([
    ["deep", "directory"],
    ["config.json", "file"],
  ]);
  expect(found[1]?.lastCommit.id).toBe(repository.commit);
});

test.each([false, true])("files are read whole and by range (own CDN port: %s)", async (separateCdn) => {
  hub = await startHub({ repositories: [repository], separateCdn });
  const hubUrl = hub.url;
  const info = await fileDownloadInfo({ repo, path: "model.safetensors", hubUrl });
  expect(info?.size).toBe(5000);
  const blob = await downloadFile({ repo, path: "model.safetensors", hubUrl });
  expect(new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(weights);
  const part = await blob?.slice(10, 20).arrayBuffer();
  expect(new Uint8Array(part ?? new ArrayBuffer(0))).toEqual(weights.slice(10, 20));
  expect(await (await downloadFile({ repo, path: "config.json", hubUrl }))?.text()).toBe(
    '{"model_type":"heron"}',
  );
  expect(await downloadFile({ repo, path: "lost.json", hubUrl })).toBeNull();
});

test("resolve tells commit, size and hash; content addresses are signed and expire", async () => {
  let now = Date.now();
  hub = await startHub({ repositories: [repository], linkSeconds: 60, now: () => now });
  const head = await fetch(`${hub.url}/${repo.name}/resolve/main/model.safetensors`, {
    method: "HEAD",
    redirect: "manual",
  });
  expect(head.status).toBe(302);
  expect(head.headers.get("x-repo-commit")).toBe(repository.commit);
  expect(head.headers.get("x-linked-size")).toBe("5000");
  expect(head.headers.get("x-linked-etag")).toBe(`"${createHash("sha256").update(weights).digest("hex")}"`);
  const address = head.headers.get("location") ?? "";
  const range = (value: string) => fetch(address, { headers: { Range: value } });
  const part = await range("bytes=4990-9999");
  expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 4990-4999/5000"]);
  expect((await range("bytes=-5")).headers.get("content-range")).toBe("bytes 4995-4999/5000");
  expect((await range("bytes=5000-5001")).status).toBe(416);
  expect((await fetch(address, { headers: { Authorization: "Bearer x" } })).status).toBe(400);
  expect((await fetch(address.replace(/Expires=\d+/, "Expires=99999999999"))).status).toBe(403);
  now += 61_000;
  expect((await fetch(address)).status).toBe(403);
});

test("refusals carry the Hub's codes", async () => {
  const gated = { ...repository, name: "meridian-lab/gated", gated: "manual" as const };
  const hidden = { ...repository, name: "meridian-lab/hidden", private: true };
  hub = await startHub({ repositories: [repository, gated, hidden], tokens: ["good"] });
  const url = hub.url;
  const ask = async (path: string, token?: string) => {
    const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
    const response = await fetch(`${url}${path}`, { redirect: "manual", headers });
    return [response.status, response.headers.get("x-error-code")];
  };
  expect(await ask("/api/models/no/body")).toEqual([401, "RepoNotFound"]);
  expect(await ask("/api/models/no/body", "any")).toEqual([404, "RepoNotFound"]);
  expect(await ask("/api/models/meridian-lab/hidden")).toEqual([401, "RepoNotFound"]);
  expect(await ask("/api/models/meridian-lab/hidden", "good")).toEqual([200, null]);
  expect(await ask("/api/models/meridian-lab/gated")).toEqual([200, null]);
  expect(await ask("/meridian-lab/gated/resolve/main/config.json")).toEqual([401, "GatedRepo"]);
  expect(await ask("/meridian-lab/gated/resolve/main/config.json", "other")).toEqual([403, "GatedRepo"]);
  expect(await ask("/meridian-lab/gated/resolve/main/config.json", "good")).toEqual([307, null]);
  expect(await ask(`/api/models/${repo.name}/tree/${"0".repeat(40)}`)).toEqual([404, "RevisionNotFound"]);
  expect(await ask(`/${repo.name}/resolve/main/none.json`)).toEqual([404, "EntryNotFound"]);
  expect(await ask(`/api/models/${repo.name}/tree/main/none`)).toEqual([404, "EntryNotFound"]);
  expect(hub.deleteRepository(repo.name)).toBe(true);
  expect(hub.deleteRepository(repo.name)).toBe(false);
  expect(await ask(`/api/models/${repo.name}`)).toEqual([404, "RepoNotFound"]);
});

test("a configured limit is told in headers and ends in 429", async () => {
  let now = 1_000_000;
  hub = await startHub({
    repositories: [repository],
    rateLimit: { api: 2, windowSeconds: 300 },
    now: () => now,
  });
  const url = `${hub.url}/api/models/${repo.name}`;
  const first = await fetch(url);
  expect(first.headers.get("ratelimit")).toBe('"api";r=1;t=300');
  expect(first.headers.get("ratelimit-policy")).toBe('"fixed window";"api";q=2;w=300');
  now += 100_000;
  expect((await fetch(url)).status).toBe(200);
  const refused = await fetch(url);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "200"]);
  now += 200_000;
  expect((await fetch(url)).status).toBe(200);
});

test("a name it does not know is sent on while the other place answers, and unknown when it does not", async () => {
  const elsewhere = await startHub({ repositories: [repository] });
  let now = 0;
  hub = await startHub({ upstream: elsewhere.url, now: () => now });
  const info = await modelInfo({ name: repo.name, hubUrl: hub.url, additionalFields: ["sha"] });
  expect(info.sha).toBe(repository.commit);
  const blob = await downloadFile({ repo, path: "config.json", hubUrl: hub.url });
  expect(await blob?.text()).toBe('{"model_type":"heron"}');
  await elsewhere.close();
  now += 60_000;
  const alone = await fetch(`${hub.url}/api/models/${repo.name}`);
  expect([alone.status, alone.headers.get("x-error-code")]).toEqual([401, "RepoNotFound"]);
});
