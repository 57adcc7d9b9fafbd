import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBlobs } from "@/lib/platform/blobs/open";
import { connect } from "@/lib/platform/database";
import { freePort } from "@/lib/platform/database/embedded/free-port";
import { engineBundlePath } from "@/tests/support/engine-bundle";
import { type FoundingFolders, writeFoundingFolders } from "@/tests/support/founding-folders";
import { type RunningSite, startSite } from "@/tests/support/running-site";

const run = promisify(execFile);
let folder: string;
let data: string;
let site: RunningSite;
let folders: FoundingFolders;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-case-"));
  data = join(folder, "data");
  folders = await writeFoundingFolders(join(folder, "founding"));
  // A build on a busy machine takes minutes.
  site = await startSite({ data, port: await freePort(), patienceMs: 540_000 });
});
afterAll(async () => {
  await site?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function caseTool(...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH ?? "", NODE_ENV: "production" as const, SLIPMARK_DATA: data };
  return (await run(process.execPath, ["--import", "tsx", "bin/case.ts", ...args], { env })).stdout;
}

async function slipmark(...args: string[]): Promise<string> {
  const env = {
    PATH: process.env.PATH ?? "",
    NODE_ENV: "production" as const,
    HF_ENDPOINT: site.hfEndpoint ?? "",
  };
  const { stdout } = await run(process.execPath, [await engineBundlePath(), ...args], {
    env,
    maxBuffer: 1e8,
  });
  return stdout;
}

test("the site's run has the command line's digest, and keeps it when the repository is gone", async () => {
  const { original, suspect, base } = folders;
  const printed = await caseTool(original, suspect, "--base", base);
  const digest = /^digest +(sha256:[0-9a-f]{64})$/m.exec(printed)?.[1];
  const pages = [...printed.matchAll(/^(?:case|run) +(http\S+)$/gm)].map((match) => match[1] ?? "");
  expect(pages.map((page) => /\/(en|zh)\/(cases|runs)\//.exec(page)?.slice(1))).toEqual([
    ["en", "cases"],
    ["zh", "cases"],
    ["en", "runs"],
    ["zh", "runs"],
  ]);
  const direct = await slipmark("compare", original, suspect, "--ancestor", base, "--json");
  expect(JSON.parse(direct)).toMatchObject({
    digest,
    summary: { relation: "inconclusive", notIndependent: null },
  });
  for (const page of pages.filter((address) => address.includes("/runs/"))) {
    const answer = await fetch(page);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(digest);
  }

  const db = connect(site.databaseUrl, { max: 1 });
  const row = await db.runResult.findFirstOrThrow({ where: { digest: digest ?? "" } });
  await db.$disconnect();
  const result = join(folder, "result.json");
  const capsule = join(folder, "capsule.tar");
  await writeFile(result, row.document);
  const s3 = { endpoint: null, region: "us-east-1", accessKeyId: null, secretAccessKey: null };
  const blobs = openBlobs({ place: join(data, "blobs"), s3 });
  await writeFile(capsule, (await blobs.get(row.capsuleSha256)) ?? "");
  await slipmark("reproduce", result);
  const served = (await caseTool("--delete")).split("\n").filter((name) => name.startsWith("local--folder/"));
  expect(served.length).toBe(3);
  for (const name of served) await caseTool("--delete", name);
  await expect(slipmark("reproduce", result)).rejects.toMatchObject({ code: 2 });
  await slipmark("reproduce", result, "--capsule", capsule);
});

test("wrong use is one line", async () => {
  await expect(caseTool(folders.original)).rejects.toMatchObject({
    stderr: expect.stringContaining("usage: npm run case"),
  });
  const nowhere = caseTool(folders.original, join(folder, "nowhere"));
  await expect(nowhere).rejects.toMatchObject({
    stderr: expect.stringMatching(/^slipmark: \S+ is not a folder\n$/),
  });
});
