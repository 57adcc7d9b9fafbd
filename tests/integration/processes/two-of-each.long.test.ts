import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Viewer } from "@/lib/platform/context";
import type { RunProgressDto } from "@/lib/verification";
import { testDatabase } from "@/tests/support/database";
import { type Instance, startInstance } from "@/tests/support/instance";
import { formWith, formWithId, PlainBrowser } from "@/tests/support/plain-browser";
import { killTree } from "@/tests/support/process-tree";
import { readEvents } from "@/tests/support/read-events";
import { insertNewCase, tracesOfRun } from "./cases-of-cluster";
import { type Cluster, isBusy, startCluster, stopped } from "./cluster";

/**
 * Two machines with a site and a worker each, on one database and one S3 store, behind a proxy that gives them turns.
 * The tests build on one another, as the parts of a day of such an instance do.
 */
const database = await testDatabase();
let cluster: Cluster;
let member: PlainBrowser;
let reporter: Viewer;
let publicId = "";
const sites: Instance[] = [];
const workers: Instance[] = [];
const figures: string[] = [];

const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
const tell = (line: string) => figures.push(line);

beforeAll(async () => {
  cluster = await startCluster(database);
  for (const machine of cluster.machines) {
    const asked = Date.now();
    sites.push(await cluster.startSite(machine));
    tell(`site ${machine.name} ready after ${seconds(asked)}`);
  }
  const asked = Date.now();
  workers.push(await cluster.startWorker(cluster.machines[0]));
  tell(`worker a ready after ${seconds(asked)}`);
  member = new PlainBrowser(cluster.proxy.origin, "203.0.113.7");
});

afterAll(async () => {
  await cluster?.close();
  console.info(figures.join("\n"));
});

const newCase = () => insertNewCase(cluster, reporter);
const runOf = (id: string) => cluster.db.run.findUniqueOrThrow({ where: { id } });
const tracesOf = (runId: string) => tracesOfRun(cluster.db, runId);

/** Asks for a run with the form of the case's page; the page and the answer may come from two sites. */
async function askRun(renderedBy: string, sentTo: string, id = publicId): Promise<string> {
  const path = `/en/cases/${id}/take-part`;
  const to = await member.send(sentTo, path, formWithId(await member.page(renderedBy, path), "run-form"));
  expect(to).toMatch(/^\/en\/runs\/run_/);
  return to.split("/").at(-1) ?? "";
}

const stranger = (address: string, headers = {}) => new PlainBrowser(cluster.proxy.origin, address, headers);

test("who signs in through one site is signed in at both", async () => {
  const address = "reporter@people.example";
  const body = new URLSearchParams({ provider: "email", email: address, callbackUrl: "/en/account" });
  const asked = await member.ask("a", "/api/sign-in", { method: "POST", body });
  expect(asked.status).toBe(303);
  const mail = await cluster.smtp.newest(address);
  const link = /http:\/\/\S+/.exec(mail.text ?? "")?.[0] ?? "";
  // Opened and confirmed at the other site.
  const confirm = formWith(await member.page("b", link), "token");
  const answer = await member.ask("b", `/api/auth/callback/email?${new URLSearchParams([...confirm])}`);
  expect(answer.headers.get("location")).toBe(`${cluster.proxy.origin}/en/account`);
  for (const site of ["a", "b", null, null]) {
    expect(await member.page(site, "/en/account")).toContain(address);
  }
  expect((await stranger("203.0.113.8").ask("b", "/en/account")).status).toBe(307);
  const user = await cluster.db.user.findUniqueOrThrow({ where: { email: address } });
  reporter = { role: "member", userId: user.id, name: user.name ?? "" };
});

test("addresses that lead on stay at the public origin", async () => {
  for (const site of ["a", "b"]) {
    const answer = await member.ask(site, "/");
    expect(answer.status).toBe(307);
    expect(new URL(answer.headers.get("location") ?? "", cluster.proxy.origin).href).toBe(
      `${cluster.proxy.origin}/en`,
    );
  }
});

test("a form of one site is accepted by the other; what changed shows on both, long before pages expire", async () => {
  publicId = await newCase();
  const times: number[] = [];
  for (const [index, [from, to]] of [
    ["a", "b"],
    ["b", "a"],
    ["a", "a"],
    ["a", "b"],
    ["b", "a"],
  ].entries()) {
    const path = `/en/cases/${publicId}/take-part`;
    const form = formWithId(await member.page(from as string, path), "evidence-form");
    const text = `Seen through machine ${from}, part ${index}.`;
    // The page is fresh in the cache of the site that the change is not made at.
    const other = to === "a" ? "b" : "a";
    await stranger("203.0.113.9").page(other, `/en/cases/${publicId}`);
    const cached = await stranger("203.0.113.9").ask(other, `/en/cases/${publicId}`);
    expect(cached.headers.get("x-nextjs-cache")).toBe("HIT");
    expect(await cached.text()).not.toContain(text);
    const lead = await member.send(to as string, path, form, {
      body: text,
      interest: "none",
    });
    const sent = Date.now();
    expect(lead).toMatch(/^\/en\/evidence\/pst_/);
    await vi.waitFor(
      async () => expect(await stranger("203.0.113.9").page(other, `/en/cases/${publicId}`)).toContain(text),
      { timeout: 5_000, interval: 20 },
    );
    times.push(Date.now() - sent);
  }
  tell(`a change shows on the other site's cached page after ${times.join(", ")} ms`);
  expect(Math.max(...times)).toBeLessThan(5_000);
});

test("limits count what comes through both sites, and by the client's address", async () => {
  const check = (who: PlainBrowser) =>
    who.ask(null, "/api/v1/check", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ original: "hf:lab-x/unknown", suspect: "hf:lab-y/unknown" }),
    });
  // A forged header in front of the proxy's own makes nobody somebody else.
  const one = (index: number) => stranger("192.0.2.50", { "x-forwarded-for": `10.9.8.${index}` });
  const answers: number[] = [];
  for (let index = 0; index < 22; index += 1) answers.push((await check(one(index))).status);
  expect(answers.slice(0, 20)).not.toContain(429);
  expect(answers.slice(20)).toEqual([429, 429]);
  expect((await check(stranger("192.0.2.51"))).status).not.toBe(429);
});

test("a run asked for through one site is seen live through the other, to its end", async () => {
  cluster.slowMs = 400;
  const runId = await askRun("b", "a");
  const seen: RunProgressDto[] = [];
  const stream = await stranger("203.0.113.10").ask("b", `/api/v1/runs/${runId}/progress`);
  expect(stream.headers.get("content-type")).toContain("text/event-stream");
  for await (const event of readEvents(stream)) seen.push(event as RunProgressDto);
  cluster.slowMs = 0;
  expect(seen.at(-1)).toMatchObject({ id: runId, state: "finished", ended: true });
  expect(new Set(seen.map(({ progress }) => JSON.stringify(progress))).size).toBeGreaterThan(3);
  tell(`${seen.length} events through the other site`);
  expect(await tracesOf(runId)).toEqual({ results: 1, events: 1, outbox: 1 });
});

test("what one worker stored is served by both sites: document, capsule, engine build", async () => {
  const { runId, capsuleSha256, build, digest } = await cluster.db.runResult.findFirstOrThrow();
  const reader = stranger("203.0.113.11");
  const bundle = await readFile(join(cluster.machines[0].checkout, "dist/slipmark.mjs"));
  for (const site of ["a", "b"]) {
    const capsule = await reader.ask(site, `/api/v1/runs/${runId}/capsule`);
    expect(sha256(await capsule.arrayBuffer())).toBe(capsuleSha256);
    expect(await reader.page(site, `/api/v1/runs/${runId}/result`)).toContain(digest);
    const cli = await reader.ask(site, `/cli/${build}.mjs`);
    expect(cli.status).toBe(200);
    expect(Buffer.from(await cli.arrayBuffer()).equals(bundle)).toBe(true);
  }
  for (const { data } of cluster.machines) expect(existsSync(join(data, "blobs"))).toBe(false);
  expect((await readdir(cluster.bucket, { recursive: true })).join()).toContain(capsuleSha256);
});

test("a run is cancelled through the other site", async () => {
  cluster.slowMs = 1_000;
  const runId = await askRun("a", "a", await newCase());
  await vi.waitFor(async () => expect((await runOf(runId)).progress).not.toBeNull(), { timeout: 20_000 });
  const stream = await stranger("203.0.113.10").ask("a", `/api/v1/runs/${runId}/progress`);
  const form = formWith(await member.page("a", `/en/runs/${runId}/manage`), "runId");
  const asked = Date.now();
  await member.send("b", `/en/runs/${runId}/manage`, form);
  let last: unknown;
  for await (const event of readEvents(stream)) last = event;
  tell(`cancelled through the other site after ${seconds(asked)}`);
  cluster.slowMs = 0;
  expect(last).toMatchObject({ state: "cancelled", ended: true });
  expect(await tracesOf(runId)).toEqual({ results: 0, events: 0, outbox: 0 });
  await vi.waitFor(() => expect(workers.some(isBusy)).toBe(false), { timeout: 10_000 });
});

test("two workers execute each of many runs exactly once", async () => {
  const asked = Date.now();
  workers.push(await cluster.startWorker(cluster.machines[1]));
  tell(`worker b ready after ${seconds(asked)}`);
  cluster.slowMs = 100;
  const cases = await Promise.all(Array.from({ length: 8 }, newCase));
  const runs: string[] = [];
  const queued = Date.now();
  for (const [index, id] of cases.entries()) {
    const [from, to] = index % 2 ? (["a", "b"] as const) : (["b", "a"] as const);
    runs.push(await askRun(from, to, id));
  }
  const busy = new Set<Instance>();
  await vi.waitFor(
    async () => {
      for (const worker of workers) if (isBusy(worker)) busy.add(worker);
      expect(await cluster.db.run.count({ where: { id: { in: runs }, state: "finished" } })).toBe(
        runs.length,
      );
    },
    { timeout: 120_000, interval: 200 },
  );
  cluster.slowMs = 0;
  tell(`${runs.length} runs by two workers in ${seconds(queued)}`);
  expect(busy.size).toBe(2);
  for (const runId of runs) {
    expect(await runOf(runId)).toMatchObject({ state: "finished", attempt: 1, failure: null });
    expect(await tracesOf(runId)).toEqual({ results: 1, events: 1, outbox: 1 });
  }
});

test("a machine that dies in the middle of a run loses nothing: the other ends it, with one result", async () => {
  cluster.slowMs = 1_500;
  const runId = await askRun("a", "b", await newCase());
  await vi.waitFor(async () => expect((await runOf(runId)).progress).not.toBeNull(), { timeout: 20_000 });
  const [holder] = workers.filter(isBusy);
  const survivor = workers.find((worker) => worker !== holder);
  if (holder === undefined || survivor === undefined) throw new Error("nobody executes the run");
  const killed = Date.now();
  killTree(holder.child.pid ?? 0);
  await holder.ended;
  cluster.slowMs = 0;
  await vi.waitFor(async () => expect((await runOf(runId)).attempt).toBe(2), {
    timeout: 60_000,
    interval: 50,
  });
  tell(`taken over ${seconds(killed)} after kill -9`);
  await vi.waitFor(async () => expect((await runOf(runId)).finishedAt).not.toBeNull(), {
    timeout: 60_000,
    interval: 50,
  });
  tell(`ended ${seconds(killed)} after kill -9`);
  expect(await runOf(runId)).toMatchObject({ state: "finished", attempt: 2, failure: null });
  await sleep(3_000);
  expect(await tracesOf(runId)).toEqual({ results: 1, events: 1, outbox: 1 });
  tell(`worker stopped after ${(await stopped(survivor)).toFixed(1)} s`);
});

test("both workers together send no more requests than the budget; a stop gives the runs back", async () => {
  const budget = 14;
  const low = { SLIPMARK_REQUEST_BUDGET: String(budget), SLIPMARK_CACHE_BYTES: "0" };
  const pair = await Promise.all(cluster.machines.map((machine) => cluster.startWorker(machine, low)));
  await cluster.db.rateLimit.deleteMany({ where: { key: { startsWith: "source:" } } });
  const before = cluster.hub.requests.length;
  const cases = await Promise.all(Array.from({ length: 4 }, newCase));
  const runs = [];
  cluster.slowMs = 200;
  for (const id of cases) runs.push(await askRun("a", "b", id));
  await vi.waitFor(() => expect(pair.filter(isBusy)).toHaveLength(2), { timeout: 30_000 });
  await vi.waitFor(() => expect(cluster.hub.requests.length - before).toBe(budget), { timeout: 60_000 });
  await sleep(6_000);
  cluster.slowMs = 0;
  expect(cluster.hub.requests.length - before).toBe(budget);
  expect(pair.filter(isBusy)).toHaveLength(2);
  tell(`${cluster.hub.requests.length - before} requests of two workers under a budget of ${budget}`);
  tell(`workers with runs in hand stopped after ${(await Promise.all(pair.map(stopped))).join(" s, ")} s`);
  const states = (await Promise.all(runs.map(runOf))).map(({ state }) => state);
  expect(states).not.toContain("running");
  expect(states).not.toContain("failed");
  expect(states.filter((state) => state === "queued").length).toBeGreaterThanOrEqual(2);
});

test("a site with another secret, or with none, does not start", async () => {
  const [, second] = cluster.machines;
  const refusal = async (change: Readonly<Record<string, string>>) => {
    const env = { ...cluster.env, SLIPMARK_DATA: join(second.data, "../other"), ...change };
    const error = await startInstance(second.checkout, { script: "site", env }).catch(String);
    return String(error).split("\n").slice(1).join("\n");
  };
  for (const name of ["NEXTAUTH_SECRET", "NEXT_SERVER_ACTIONS_ENCRYPTION_KEY"]) {
    for (const value of ["", Buffer.alloc(32, "other").toString("base64")]) {
      expect(await refusal({ [name]: value })).toBe(
        `slipmark: ${name} is not the one the other sites of this database use: set the same value on every machine (npm start renews it for all)\n`,
      );
    }
  }
});

test("sites end in order", async () => {
  tell(`sites stopped after ${(await Promise.all(sites.map(stopped))).join(" s, ")} s`);
  for (const site of sites) expect(site.output()).not.toContain("is stopped now");
});

function sha256(bytes: ArrayBuffer): string {
  return createHash("sha256").update(Buffer.from(bytes)).digest("hex");
}
