/**
 * npm run bench:scale [-- --shape 8B|70B] [--suspect NAME]… [--again] [--json] [--out FOLDER]: levels 0 to 2 over
 * releases of real size, whose bytes a loopback Hub computes on request, through the real Hub adapter in a process of
 * its own. Without arguments: the 8B original against its noisy renamed copy, a fine-tune, a sibling and an independent
 * model, each with the base as ancestor, and the 70B original against its noisy copy.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { HubReport } from "./computed-hub/main";
import type { ScaleCost, ScaleJob } from "./scale-run";

const { values } = parseArgs({
  options: {
    shape: { type: "string" },
    suspect: { type: "string", multiple: true },
    level: { type: "string" },
    json: { type: "boolean" },
    out: { type: "string" },
    /** Folder for a processor profile of each comparison. */
    profile: { type: "string" },
    /** A second time, from the cache that the first one left. */
    again: { type: "boolean" },
  },
});

interface Measured extends ScaleCost {
  readonly pair: string;
  readonly requests: number;
  /** Requests of the Hub's own budgets: API calls, and /resolve/ with what it leads to. */
  readonly apiCalls: number;
  readonly resolves: number;
  readonly mostResolvesOfAFile: number;
  readonly capsuleBytes: number;
  readonly hubCpuSeconds: number;
}

const folder = await mkdtemp(join(tmpdir(), "slipmark-scale-"));
const wanted = values.shape ? [values.shape] : ["8B", "70B"];
const hub = await startHub(wanted);
const measured: Measured[] = [];
try {
  for (const shape of wanted) {
    const usual = shape === "70B" ? ["noisy-copy"] : ["noisy-copy", "fine-tune", "sibling", "independent"];
    for (const suspect of values.suspect ?? usual) {
      for (const one of await measurePair(shape, suspect)) {
        measured.push(one);
        if (!values.json) print(one);
      }
    }
  }
  if (values.json) console.log(JSON.stringify(measured, null, 2));
} finally {
  hub.child.disconnect();
  await rm(folder, { recursive: true, force: true });
}

async function startHub(shapes: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(path("computed-hub/main.ts"), [...shapes], { execArgv: ["--import", "tsx"] });
  const [{ url }] = (await once(child, "message")) as [{ url: string }];
  return { child, url };
}

async function report(): Promise<HubReport> {
  hub.child.send({ report: true });
  const [answer] = (await once(hub.child, "message")) as [HubReport];
  return answer;
}

async function measurePair(shape: string, suspect: string): Promise<Measured[]> {
  const place = join(folder, `${shape}-${suspect}`);
  await mkdir(place);
  if (values.out) await mkdir(values.out, { recursive: true });
  const capsule = join(place, "capsule.tar");
  const job: ScaleJob = {
    endpoint: hub.url,
    original: `${shape}/original`,
    suspect: `${shape}/${suspect}`,
    ancestors: [`${shape}/base`],
    controls: [],
    level: values.level === "1" ? 1 : 2,
    cacheFolder: join(place, "cache"),
    capsule,
    out: values.out ? join(values.out, `${shape}-${suspect}.json`) : null,
  };
  const pair = `${shape} original : ${suspect}`;
  const results = [await measure(pair, job)];
  if (values.again) results.push(await measure(`${pair}, again`, job));
  if (new Set(results.map(({ digest }) => digest)).size > 1)
    throw new Error(`${pair}: two runs, two digests`);
  await rm(place, { recursive: true, force: true });
  return results;
}

async function measure(pair: string, job: ScaleJob): Promise<Measured> {
  await report();
  const profiling = values.profile ? ["--cpu-prof", `--cpu-prof-dir=${values.profile}`] : [];
  const child = fork(path("scale-run.ts"), [], { execArgv: ["--import", "tsx", ...profiling] });
  child.send(job);
  const ended = once(child, "exit");
  const cost = (await Promise.race([once(child, "message"), ended]))[0] as ScaleCost | number | null;
  await ended;
  if (cost === null || typeof cost === "number") throw new Error(`${pair}: the comparison failed`);
  const { requests, cpuSeconds } = await report();
  const ofResolver = requests.filter((one) => /\/resolve(-cache)?\//.test(one));
  const perFile = new Map<string, number>();
  for (const one of requests.filter((line) => line.includes("/resolve/"))) {
    perFile.set(one, (perFile.get(one) ?? 0) + 1);
  }
  return {
    ...cost,
    pair,
    requests: requests.length,
    apiCalls: requests.filter((one) => one.includes(" /api/models/")).length,
    resolves: ofResolver.length,
    mostResolvesOfAFile: Math.max(0, ...perFile.values()),
    capsuleBytes: (await stat(job.capsule)).size,
    hubCpuSeconds: cpuSeconds,
  };
}

function path(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function print(one: Measured): void {
  const MB = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  console.log(`\n${one.pair}: ${one.relation}`);
  console.log(
    `  ${one.seconds.toFixed(1)} s (${one.cpuSeconds.toFixed(1)} s of processor, the Hub beside it ${one.hubCpuSeconds.toFixed(1)} s), peak ${MB(one.peakBytes)}, capsule ${MB(one.capsuleBytes)}`,
  );
  console.log(
    `  ${MB(one.transferred)} over the line in ${one.requests} requests: ${one.apiCalls} API calls, ${one.resolves} of the resolver, at most ${one.mostResolvesOfAFile} /resolve/ a file`,
  );
  for (const { repository, read, total } of one.releases) {
    console.log(`  ${repository}: ${MB(read)} of ${MB(total)} (${((100 * read) / total).toFixed(3)} %)`);
  }
  for (const { method, seconds, says } of one.methods)
    console.log(`  ${method}: ${seconds.toFixed(2)} s, ${says}`);
}
