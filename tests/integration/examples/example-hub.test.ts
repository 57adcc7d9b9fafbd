import { type ChildProcess, fork } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hubStateFile, readHubState } from "@/lib/examples/hub/control";
import { repositoryFromFolder, repositoryFromRecordedFolder } from "@/lib/examples/hub/folders";
import { gitBlobId } from "@/lib/examples/hub/repository";
import { exampleReleases } from "@/lib/examples/releases/catalogue";

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-hub-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) await end(child);
  await rm(folder, { recursive: true, force: true });
});

async function startProcess(): Promise<{ child: ChildProcess; url: string }> {
  const child = fork("lib/examples/hub/main.ts", ["--data", folder], {
    execArgv: ["--import", "tsx"],
    env: { NODE_ENV: "test", PATH: process.env.PATH ?? "" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  children.push(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (message) => resolve((message as { url: string }).url));
    child.once("exit", (code) => reject(new Error(`the hub ended with ${code}`)));
  });
  return { child, url };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

async function recordedFolder(): Promise<string> {
  const config = Buffer.from('{"model_type":"x"}');
  const path = join(folder, "recorded");
  await mkdir(path);
  await writeFile(join(path, "config.json"), config);
  await writeFile(
    join(path, "tree.json"),
    JSON.stringify({
      commit: "ab".repeat(20),
      files: [
        { path: "deep/config.json", oid: gitBlobId(config), size: config.length },
        { path: "deep/tokenizer.json", oid: "cd".repeat(20), size: null },
      ],
    }),
  );
  return path;
}

test("a recorded listing keeps its commit, its paths and its gaps", async () => {
  const repository = await repositoryFromRecordedFolder(await recordedFolder(), "a/b");
  expect(repository.commit).toBe("ab".repeat(20));
  expect(repository.files.map(({ path, size }) => [path, size])).toEqual([
    ["deep/config.json", 18],
    ["deep/tokenizer.json", null],
  ]);
  expect(Buffer.from(repository.files[0]?.bytes ?? []).toString()).toBe('{"model_type":"x"}');
  expect(repository.files[1]?.bytes).toBeNull();
});

test("a plain folder is pinned by its content, whatever its name", async () => {
  const one = await repositoryFromFolder(await recordedFolder(), "a/b");
  const two = await repositoryFromFolder(join(folder, "recorded"), "c/d");
  expect(one.commit).toMatch(/^[0-9a-f]{40}$/);
  expect(two.commit).toBe(one.commit);
  await writeFile(join(folder, "recorded", "more.txt"), "more");
  expect((await repositoryFromFolder(join(folder, "recorded"), "a/b")).commit).not.toBe(one.commit);
});

test("the process serves the examples, takes folders with the secret, and remembers after a restart", async () => {
  const first = await startProcess();
  expect((await fetch(`${first.url}/api/models/${exampleReleases.original}`)).status).toBe(200);
  const page = await fetch(`${first.url}/${exampleReleases.original}`);
  expect(await page.text()).toContain("model.safetensors.index.json");
  expect((await stat(hubStateFile(folder))).mode & 0o777).toBe(0o600);
  const state = await readHubState(folder);
  expect(state?.url).toBe(first.url);
  const control = (method: string, path: string, secret: string, body?: unknown) =>
    fetch(`${state?.url}/__control/repositories${path}`, {
      method,
      headers: { Authorization: `Bearer ${secret}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const secret = state?.secret ?? "";
  const asked = { name: "local/suspect", folder: await recordedFolder() };
  expect((await control("POST", "", "0".repeat(64), asked)).status).toBe(401);
  expect((await control("POST", "", secret, { ...asked, name: "../x" })).status).toBe(400);
  expect((await control("POST", "", secret, { ...asked, folder: "/nowhere" })).status).toBe(400);
  const added = await control("POST", "", secret, asked);
  expect([added.status, await added.json()]).toEqual([
    201,
    { name: "local/suspect", commit: "ab".repeat(20), files: 2 },
  ]);
  expect((await control("DELETE", `/${exampleReleases.independent}`, secret)).status).toBe(200);
  expect((await control("DELETE", `/${exampleReleases.independent}`, secret)).status).toBe(404);
  await end(first.child);
  await expect(readFile(hubStateFile(folder))).rejects.toThrow();

  const second = await startProcess();
  expect((await fetch(`${second.url}/api/models/local/suspect`)).status).toBe(200);
  expect((await fetch(`${second.url}/api/models/${exampleReleases.independent}`)).status).toBe(404);
});
