import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FarSide, startFarSide } from "../support/far-side";
import { type Hub, repositoryFromFolder, startHub } from "../support/hub";
import { card, openWorkshop, originalFiles, suspectFiles, type Workshop } from "./command-line";

let shop: Workshop;
let hub: Hub;
let result: string;
const open: FarSide[] = [];

beforeAll(async () => {
  shop = await openWorkshop();
  const original = await shop.release("original", originalFiles);
  const suspect = await shop.release("suspect", suspectFiles);
  hub = await startHub({
    repositories: [
      await repositoryFromFolder(original, "bamboo/original"),
      await repositoryFromFolder(suspect, "reed/suspect"),
    ],
  });
  const made = await shop.slipmark([
    "compare",
    "./original",
    "./suspect",
    "--json",
    "--out",
    "result.json",
    "--capsule",
    "capsule.tar",
  ]);
  result = made.stdout;
});
afterEach(async () => {
  for (const side of open.splice(0)) await side.close();
});
afterAll(async () => {
  await hub.close();
  await shop.close();
});

const digest = () => JSON.parse(result).digest as string;

describe("slipmark reproduce", () => {
  test("the same folders give the same digest", async () => {
    const { code, stdout, stderr } = await shop.slipmark(["reproduce", "result.json"]);
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr.split(digest())).toHaveLength(3);
    const json = await shop.slipmark(["reproduce", "result.json", "--json"]);
    expect([json.code, json.stderr]).toEqual([0, ""]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: "slipmark.reproduction/v1",
      same: true,
      recorded: { digest: digest() },
      computed: { digest: digest() },
    });
  });

  test("a changed file gives another digest and exit code 1", async () => {
    const path = join(shop.folder, "suspect/config.json");
    await writeFile(path, '{"model_type":"reed","hidden_size":65}');
    const { code, stderr } = await shop.slipmark(["reproduce", "result.json"]);
    await writeFile(path, JSON.stringify(suspectFiles["config.json"]));
    expect(code).toBe(1);
    expect(stderr).toMatch(/digests differ, in: inputs.*method identity/);
  });

  test("an altered document is told from a run that differs", async () => {
    const document = JSON.parse(result);
    document.summary.relation = "derived";
    await writeFile(join(shop.folder, "altered.json"), JSON.stringify(document));
    const { code, stderr } = await shop.slipmark(["reproduce", "altered.json"]);
    expect(code).toBe(1);
    expect(stderr).toContain("it was altered");
  });

  test("a folder that moved is asked for, and found where the user says", async () => {
    await rename(join(shop.folder, "original"), join(shop.folder, "moved"));
    const lost = await shop.slipmark(["reproduce", "result.json"]);
    const found = await shop.slipmark(["reproduce", "result.json", "--original", "./moved"]);
    await rename(join(shop.folder, "moved"), join(shop.folder, "original"));
    expect(lost.code).toBe(2);
    expect(lost.stderr).toContain("--original PATH");
    expect(found.code).toBe(0);
  });

  test("the capsule alone is enough, and a foreign or damaged one is one clear line", async () => {
    const alone = await shop.slipmark(["reproduce", "result.json", "--capsule", "capsule.tar", "--json"]);
    expect(alone.code).toBe(0);
    expect(JSON.parse(alone.stdout)).toMatchObject({ from: "capsule", same: true });
    await shop.slipmark(["compare", "./suspect", "./original", "--capsule", "swapped.tar"]);
    expect((await shop.slipmark(["reproduce", "result.json", "--capsule", "swapped.tar"])).code).toBe(1);
    await writeFile(join(shop.folder, "damaged.tar"), "x".repeat(2000));
    for (const name of ["damaged.tar", "none.tar"]) {
      const { code, stderr } = await shop.slipmark(["reproduce", "result.json", "--capsule", name]);
      expect(code).toBe(2);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
  });
});

describe("through a Hub", () => {
  const environment = () => ({ HF_ENDPOINT: hub.url });

  test("has the digest of the folders, with and without the cache", async () => {
    const args = ["compare", "hf:bamboo/original", `${hub.url}/reed/suspect`, "--json"];
    const plain = await shop.slipmark(args, environment());
    expect(plain.stderr).toBe("");
    expect(JSON.parse(plain.stdout)).toMatchObject({
      digest: digest(),
      inputs: { original: { kind: "hf", repository: "bamboo/original" } },
    });
    const cached = { ...environment(), SLIPMARK_CACHE: join(shop.folder, "cache") };
    for (let round = 0; round < 2; round += 1) {
      expect(JSON.parse((await shop.slipmark(args, cached)).stdout).digest).toBe(digest());
    }
  });

  test("names what is missing", async () => {
    const unknown = await shop.slipmark(["compare", "hf:no/such", "./suspect"], environment());
    expect([unknown.code, unknown.stderr.includes("no/such")]).toEqual([2, true]);
    const revision = await shop.slipmark(["compare", "hf:bamboo/original@gone", "./suspect"], environment());
    expect([revision.code, revision.stderr.includes("gone")]).toEqual([2, true]);
  });

  test("after a deletion the repository gives nothing and the capsule everything", async () => {
    const args = ["hf:bamboo/original", "hf:reed/suspect", "--out", "hub.json", "--capsule", "hub.tar"];
    expect((await shop.slipmark(["compare", ...args], environment())).code).toBe(0);
    expect((await shop.slipmark(["reproduce", "hub.json"], environment())).code).toBe(0);
    hub.deleteRepository("reed/suspect");
    expect((await shop.slipmark(["reproduce", "hub.json"], environment())).code).toBe(2);
    expect((await shop.slipmark(["reproduce", "hub.json", "--capsule", "hub.tar"])).code).toBe(0);
    const override = ["reproduce", "hub.json", "--suspect", "./suspect"];
    expect((await shop.slipmark(override, environment())).code).toBe(0);
  });

  test("a copy in a folder stands for a repository whose card was judged by its name", async () => {
    const carded = await shop.release("carded", { ...suspectFiles, "README.md": card });
    hub.addRepository(await repositoryFromFolder(carded, "reed/carded"));
    const args = ["compare", "hf:bamboo/original", "hf:reed/carded", "--out", "carded.json"];
    expect((await shop.slipmark(args, environment())).code).toBe(0);
    const override = ["reproduce", "carded.json", "--original", "./original", "--suspect", "./carded"];
    expect((await shop.slipmark(override)).code).toBe(0);
  });
});

describe("a result on the web", () => {
  async function serve(answer: Parameters<typeof startFarSide>[0]): Promise<FarSide> {
    const side = await startFarSide(answer);
    open.push(side);
    return side;
  }

  test("is found from the page of a run in any language, and from the API", async () => {
    const site = await serve((request, response) => {
      if (request.url === "/api/v1/runs/run_abc/result") response.end(result);
      else response.writeHead(404).end();
    });
    for (const path of [
      "/en/runs/run_abc",
      "/zh/runs/run_abc/?x#y",
      "/runs/run_abc",
      "/api/v1/runs/run_abc/result",
    ]) {
      const args = ["reproduce", site.url + path, "--capsule", "capsule.tar"];
      expect((await shop.slipmark(args)).code).toBe(0);
    }
    // A document from elsewhere does not say which folder of this machine is read.
    const unasked = await shop.slipmark(["reproduce", `${site.url}/en/runs/run_abc`]);
    expect([unasked.code, unasked.stderr.includes("--original PATH")]).toEqual([2, true]);
    expect((await shop.slipmark(["reproduce", `${site.url}/en/runs/run_zzz`])).code).toBe(2);
  });

  test("may lie on loopback because the user said so; a redirect to elsewhere on it may not", async () => {
    const secret = await serve((_, response) => void response.end(result));
    const site = await serve((_, response) => void response.writeHead(302, { location: secret.url }).end());
    const { code, stderr } = await shop.slipmark(["reproduce", `${site.url}/result.json`]);
    expect(code).toBe(2);
    expect(stderr).toContain("not a public address");
    expect(secret.requests).toEqual([]);
  });

  test("needs nothing but the bundle, the result and the capsule", async () => {
    const site = await serve((_, response) => void response.end(result));
    for (const name of ["original", "suspect"]) await rm(join(shop.folder, name), { recursive: true });
    const { code } = await shop.slipmark([
      "reproduce",
      `${site.url}/en/runs/run_abc`,
      "--capsule",
      "capsule.tar",
    ]);
    expect(code).toBe(0);
  });
});
