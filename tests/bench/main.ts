/**
 * npm run bench [-- --seconds N] [--json]: a site of its own from a production build, with the example ledger. Pages per
 * second beside a static file of the same process; how soon a change shows; how long a run takes from click to result.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { addPost } from "@/lib/evidence/server";
import { asPerson } from "@/lib/examples/ledger/people";
import { awaitRun, hubClient, openLocalCase, readHubState } from "@/lib/examples/server";
import { systemClock } from "@/lib/platform/clock";
import { anonymous, type Context } from "@/lib/platform/context";
import { makeServices } from "@/lib/platform/context/server";
import { freePort } from "@/lib/platform/database/embedded/free-port";
import { complete, type Environment } from "@/lib/platform/env";
import { readEnvironment } from "@/lib/platform/env/read-environment";
import { writeFoundingFolders } from "@/tests/support/founding-folders";
import { startSite } from "@/tests/support/running-site";
import { type Load, measure, shownAfter, staticPeer } from "./load";

const { values } = parseArgs({ options: { seconds: { type: "string" }, json: { type: "boolean" } } });
const seconds = Number(values.seconds ?? 8);
const folder = await mkdtemp(join(tmpdir(), "slipmark-bench-"));
const data = join(folder, "data");
const site = await startSite({ data, port: await freePort(), patienceMs: 540_000 });
const settings = complete(readEnvironment({ SLIPMARK_DATA: data, DATABASE_URL: site.databaseUrl }));
const services = makeServices(
  Object.create(settings, { HF_ENDPOINT: { value: site.hfEndpoint ?? "" } }) as Environment,
);
const ctx: Context = { ...services, clock: systemClock, viewer: anonymous };

try {
  const { casePath, caseId, modelPath } = await exampleAddresses();
  const filePath = await staticPeer(site.origin, casePath);
  for (const path of [casePath, modelPath, filePath]) await measure(site.origin, path, 2);
  const file = await measure(site.origin, filePath, seconds);
  const pages = [
    await measure(site.origin, casePath, seconds),
    await measure(site.origin, modelPath, seconds),
    await measure(site.origin, casePath.replace("/en/", "/zh/"), seconds),
  ];
  const changeShownMs = await changeShown(casePath, caseId);
  const clickToResultMs = await clickToResult();
  const result = {
    file,
    pages: pages.map((page) => ({ ...page, ratio: page.requestsPerSecond / file.requestsPerSecond })),
    changeShownMs,
    clickToResultMs,
  };
  if (values.json) console.log(JSON.stringify(result, null, 2));
  else print(result);
} finally {
  await Promise.allSettled([services.jobs.close(), services.listener.close()]);
  await services.db.$disconnect();
  await site.stop();
  await rm(folder, { recursive: true, force: true });
}

/** The open example case and a registered model, once the example ledger is complete. */
async function exampleAddresses() {
  for (;;) {
    const setting = await ctx.db.setting.findUnique({ where: { key: "examples" } });
    if ((setting?.value as { complete?: boolean } | undefined)?.complete) break;
    await sleep(500);
  }
  const open = await ctx.db.case.findFirstOrThrow({ where: { state: "under_verification" } });
  const model = await ctx.db.model.findFirstOrThrow({ where: { name: "Heron-VL" } });
  return { casePath: `/en/cases/${open.publicId}`, caseId: open.id, modelPath: `/en/models/${model.id}` };
}

async function changeShown(casePath: string, caseId: string): Promise<number | null> {
  const mark = `bench-${Date.now()}`;
  await addPost(await asPerson(ctx, "wren"), { caseId, body: mark, interest: "none" });
  return shownAfter(site.origin + casePath, mark, 30_000);
}

/** The founding pair as folders; the second run, so that neither the case's making nor a cold cache is counted. */
async function clickToResult(): Promise<number | null> {
  const state = await readHubState(data);
  if (state === null) return null;
  const hub = hubClient(state);
  const folders = await writeFoundingFolders(join(folder, "founding"));
  const pair = {
    original: await hub.serve(folders.original),
    suspect: await hub.serve(folders.suspect),
    base: await hub.serve(folders.base),
  };
  const first = await openLocalCase(ctx, pair);
  const digest = (await awaitRun(ctx, first.runId, 60_000))?.digest;
  if (digest == null) return null;
  const start = performance.now();
  const { runId } = await openLocalCase(ctx, pair);
  // The same inputs: the page shows the same digest as soon as there is a result.
  const shown = await shownAfter(`${site.origin}/en/runs/${runId}`, digest, 60_000);
  return shown === null ? null : Math.round(performance.now() - start);
}

function print(result: {
  readonly file: Load;
  readonly pages: readonly (Load & { readonly ratio: number })[];
  readonly changeShownMs: number | null;
  readonly clickToResultMs: number | null;
}): void {
  const line = (load: Load, ratio: string) =>
    [
      load.requestsPerSecond.toFixed(0).padStart(8),
      load.p95Ms.toFixed(1).padStart(9),
      ratio.padStart(7),
      String(load.bytes).padStart(9),
      String(load.failed).padStart(7),
      ` ${load.path}`,
    ].join(" ");
  console.log("   req/s    p95 ms   ratio     bytes  failed  path");
  console.log(line(result.file, "1"));
  for (const page of result.pages) console.log(line(page, page.ratio.toFixed(2)));
  console.log(`a change shows after ${result.changeShownMs ?? "more than 30 000"} ms`);
  console.log(`a run of the founding pair: ${result.clickToResultMs ?? "no result"} ms from click to result`);
}
