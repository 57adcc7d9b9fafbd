import { type ChildProcess, fork } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openCapsule } from "../../lib/engine/io/capsule/open-capsule";
import {
  type ChildMessage,
  childMessageSchema,
  type ParentMessage,
  type RunJob,
} from "../../lib/engine/run-job";
import { startFarSide } from "../support/far-side";
import { type Hub, repositoryFromFolder, startHub } from "../support/hub";
import { openWorkshop, originalFiles, suspectFiles, type Workshop } from "./command-line";

let shop: Workshop;
let hub: Hub;
let commits: { original: string; suspect: string };
const children: ChildProcess[] = [];

beforeAll(async () => {
  shop = await openWorkshop();
  const original = await repositoryFromFolder(
    await shop.release("original", originalFiles),
    "bamboo/original",
  );
  const suspect = await repositoryFromFolder(await shop.release("suspect", suspectFiles), "reed/suspect");
  commits = { original: original.commit, suspect: suspect.commit };
  hub = await startHub({ repositories: [original, suspect] });
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(async () => {
  await hub.close();
  await shop.close();
});

function job(endpoint: string, capsule: string): RunJob {
  return {
    inputs: {
      original: { kind: "hf", repository: "bamboo/original", revision: commits.original },
      suspect: { kind: "hf", repository: "reed/suspect", revision: commits.suspect },
      ancestors: [],
      controls: [],
    },
    parameters: {
      methods: ["identity", "architecture", "tokenizer", "lineage"],
      nonce: "",
      screened: 1,
      level: 1,
    },
    sources: { hf: { endpoint, token: null }, github: { endpoint, token: null } },
    cacheFolder: null,
    capsulePath: join(shop.folder, capsule),
    build: "ab".repeat(32),
  };
}

interface Child {
  readonly messages: ChildMessage[];
  readonly ended: Promise<number | null>;
  send(message: ParentMessage): void;
  readonly process: ChildProcess;
}

function start(onMessage: (message: ChildMessage, child: Child) => void = grant): Child {
  const forked = fork(shop.bundle, ["run-job"], { env: {} as NodeJS.ProcessEnv, cwd: "/", silent: true });
  children.push(forked);
  const child: Child = {
    messages: [],
    process: forked,
    ended: new Promise((resolve) => forked.on("exit", resolve)),
    send: (message) => forked.connected && forked.send(message),
  };
  forked.on("message", (raw) => {
    const message = childMessageSchema.parse(raw);
    child.messages.push(message);
    onMessage(message, child);
  });
  return child;
}

function grant(message: ChildMessage, child: Child): void {
  if (message.type === "permit?") child.send({ type: "permit", id: message.id });
}

const last = (child: Child) => child.messages.at(-1);

test("keeps what it read in the cache folder, and no more than the given size", async () => {
  for (const [cacheBytes, kept] of [
    [1024 ** 2, true],
    [0, false],
  ] as const) {
    const cacheFolder = join(shop.folder, `cache-${cacheBytes}`);
    const child = start();
    child.send({
      type: "start",
      job: { ...job(hub.url, `cached-${cacheBytes}.tar`), cacheFolder, cacheBytes },
    });
    expect(await child.ended).toBe(0);
    expect(last(child)?.type).toBe("done");
    expect(
      await stat(cacheFolder).then(
        () => true,
        () => false,
      ),
    ).toBe(kept);
  }
});

test("runs with an empty environment, asks before every request, and gives the digest of the command line", async () => {
  const before = hub.requests.length;
  const child = start();
  child.send({ type: "start", job: job(hub.url, "job.tar") });
  expect(await child.ended).toBe(0);
  const done = last(child);
  if (done?.type !== "done") throw new Error(JSON.stringify(done));
  const asked = ["--methods", "identity,architecture,tokenizer,lineage", "--level", "1"];
  const direct = await shop.slipmark(["compare", "./original", "./suspect", ...asked, "--json"]);
  expect(done.digest).toBe(JSON.parse(direct.stdout).digest);
  expect(JSON.parse(done.document)).toMatchObject({ digest: done.digest, build: "ab".repeat(32) });
  const permits = child.messages.filter((message) => message.type === "permit?");
  expect(permits).toHaveLength(hub.requests.length - before);
  expect(new Set(permits.map((message) => message.host))).toEqual(new Set([new URL(hub.url).host]));
  const phases = child.messages
    .filter((message) => message.type === "progress")
    .map((message) => message.phase);
  expect(phases).toEqual(
    expect.arrayContaining(["open", "identity", "architecture", "tokenizer", "lineage"]),
  );
  const capsule = await openCapsule(join(shop.folder, "job.tar"));
  expect(capsule.suspect.release.commit).toBe(commits.suspect);
  expect((await stat(join(shop.folder, "job.tar"))).size).toBeGreaterThan(0);
});

test("sends nothing without a permit and stops when cancelled while it waits", async () => {
  const before = hub.requests.length;
  const child = start((message, self) => {
    if (message.type === "permit?") self.send({ type: "cancel" });
  });
  child.send({ type: "start", job: job(hub.url, "never.tar") });
  expect(await child.ended).toBe(1);
  expect(last(child)).toMatchObject({ type: "failed", code: "cancelled" });
  expect(hub.requests.length).toBe(before);
  await expect(readFile(join(shop.folder, "never.tar"))).rejects.toThrow();
});

test("stops in the middle of a request when cancelled", async () => {
  const silent = await startFarSide(() => child.send({ type: "cancel" }));
  const child = start();
  child.send({ type: "start", job: job(silent.url, "never.tar") });
  expect(await child.ended).toBe(1);
  expect(last(child)).toMatchObject({ type: "failed", code: "cancelled" });
  await silent.close();
});

test("reports what the far side says about its limits, and failures by their code", async () => {
  const missing = await startFarSide((_, response) => {
    response.writeHead(404, { "x-error-code": "RepoNotFound", ratelimit: '"api";r=7;t=9' }).end("{}");
  });
  const child = start();
  child.send({ type: "start", job: job(missing.url, "never.tar") });
  expect(await child.ended).toBe(1);
  expect(child.messages).toContainEqual({
    type: "observed",
    host: new URL(missing.url).host,
    headers: { remaining: 7, reset: 9 },
  });
  expect(last(child)).toMatchObject({ type: "failed", code: "unknown-repository" });
  await missing.close();
});

test("refuses a job that names a local folder or an unpinned revision", async () => {
  const good = job(hub.url, "never.tar");
  for (const source of [
    { kind: "folder", repository: "/etc", revision: null },
    { kind: "hf", repository: "bamboo/original", revision: "main" },
    { kind: "hf", repository: "../../x", revision: commits.original },
  ]) {
    const child = start();
    const bad = { ...good, inputs: { ...good.inputs, original: source } };
    child.send({ type: "start", job: bad } as unknown as ParentMessage);
    expect(await child.ended).toBe(2);
    expect(last(child)).toMatchObject({ type: "failed", code: "bad-input" });
  }
});

test("ends when its parent is gone", async () => {
  const child = start(() => {});
  child.send({ type: "start", job: job(hub.url, "never.tar") });
  child.process.disconnect();
  expect(await child.ended).toBe(3);
});
