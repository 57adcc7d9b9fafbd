import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { judgement, orderChain } from "@/lib/canaries/server";
import { serveExampleHub } from "@/lib/examples/hub/serve-examples";
import { loadExamples } from "@/lib/examples/server";
import { exampleWitnessName } from "@/lib/examples/witness/example-witness";
import { logVerifierKeys } from "@/lib/ledger/log/read";
import { openBlobs } from "@/lib/platform/blobs/open";
import { systemClock } from "@/lib/platform/clock";
import { anonymous, type Context } from "@/lib/platform/context";
import { createJobSender } from "@/lib/platform/jobs/sender";
import { testDatabase } from "@/tests/support/database";
import { startWorkerProcess, stopped } from "../verification/worker-process";

const { db, url } = await testDatabase();
const jobs = createJobSender(url);
afterAll(() => jobs.close());

test("with a real worker, log and example witness the canary case comes to its end within minutes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "slipmark-example-canary-"));
  const hub = await serveExampleHub({
    dataFolder: join(folder, "data"),
    logKeys: async (origin) => (origin === "localhost/example-log" ? logVerifierKeys(db) : []),
  });
  const ctx: Context = {
    db,
    clock: systemClock,
    viewer: anonymous,
    jobs,
    blobs: openBlobs({
      place: join(folder, "blobs"),
      s3: { endpoint: null, region: "", accessKeyId: null, secretAccessKey: null },
    }),
    sources: {
      hf: { endpoint: hub.url, token: null },
      github: { endpoint: "http://127.0.0.1:1", token: null },
      cacheFolder: join(folder, "cache"),
    },
    settings: { casePrefix: "SLP", publicOrigin: "http://localhost:3000" },
  };
  const begun = Date.now();
  expect(await loadExamples(ctx)).toBe("runs-pending");
  console.info(`all that needs no worker after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  const env = { SLIPMARK_WITNESSES: hub.witness ?? "" };
  const worker = await startWorkerProcess({ url, folder, hub }, { env });
  try {
    for (let loaded = ""; loaded !== "complete"; await sleep(1_000)) loaded = await loadExamples(ctx);
    console.info(`complete after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    const judged = await db.canaryJudgeJob.findMany({
      orderBy: { createdAt: "asc" },
      include: { set: true },
    });
    for (const { suspectId, set } of judged) {
      const chain = await orderChain(db, set.setId, suspectId);
      expect(chain.filter(({ ok }) => !ok)).toEqual([]);
    }
    const results = await Promise.all(judged.map(({ id }) => judgement(ctx, id)));
    const says = results.map((one) => one?.judged?.result.says).sort();
    expect(says).toEqual(["not-independent", "nothing-found", "nothing-found", "nothing-found"]);
    expect(await db.logSignature.count({ where: { name: exampleWitnessName } })).toBeGreaterThan(5);
  } finally {
    await stopped(worker);
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 600_000);
