import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Hub, HubRepository } from "@/lib/examples/hub/start-hub";
import { openBlobs } from "@/lib/platform/blobs/open";
import { systemClock } from "@/lib/platform/clock";
import { anonymous, type Context, type Viewer } from "@/lib/platform/context";
import type { Database } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { createJobSender } from "@/lib/platform/jobs/sender";
import {
  type ExecuteOptions,
  executeFingerprint,
  executeRun,
  publishEngineBuild,
  runnableEngine,
} from "@/lib/verification/server";
import { testDatabase } from "../../support/database";
import { engineBundlePath } from "../../support/engine-bundle";
import { type HubOptions, hubRepository, startHub } from "../../support/hub";

const config = { model_type: "llama", hidden_size: 64, num_hidden_layers: 2, vocab_size: 1000 };

/** Two small releases: the second one is the first under another name. */
export const original: HubRepository = hubRepository("lab-a/bamboo", {
  "config.json": config,
  "README.md": "---\nlicense: apache-2.0\n---\n# Bamboo\n",
  "tokenizer_config.json": { tokenizer_class: "LlamaTokenizer" },
});
export const suspect: HubRepository = hubRepository("lab-b/willow", {
  "config.json": { ...config, model_type: "willow" },
  "README.md": "---\nlicense: apache-2.0\n---\n# Willow\n",
  "tokenizer_config.json": { tokenizer_class: "LlamaTokenizer" },
});

export interface TestInstance {
  readonly url: string;
  readonly hub: Hub;
  readonly folder: string;
  readonly ctx: Context;
  as(viewer: Viewer): Context;
  user(name: string, role?: "member" | "moderator"): Promise<Viewer>;
  /** An open case on the two releases. */
  openCase(reporter: Viewer): Promise<{ id: string; publicId: string }>;
  execute(runId: string, options?: Partial<ExecuteOptions>): Promise<"done" | "again">;
  executeFingerprint(jobId: string, options?: Partial<ExecuteOptions>): Promise<"done" | "again">;
}

/** An open case as rows: what a run needs of it. Returns its id. */
export async function insertOpenCase(
  db: Database,
  of: {
    readonly publicId: string;
    readonly reporter: Viewer;
    readonly original: HubRepository;
    readonly suspect: HubRepository;
  },
): Promise<string> {
  const at = new Date();
  const releaseOf = async (repository: HubRepository) => {
    const key = { source: "hf", repository: repository.name, commit: repository.commit };
    return db.release.upsert({
      where: { source_repository_commit: key },
      create: { id: newId("rel"), ...key, createdAt: at },
      update: {},
    });
  };
  const id = newId("cse");
  await db.case.create({
    data: {
      id,
      publicId: of.publicId,
      state: "open",
      reporterId: of.reporter.userId!,
      interest: "none",
      openedAt: at,
      releases: {
        create: [
          { id: newId("crl"), role: "original", releaseId: (await releaseOf(of.original)).id },
          { id: newId("crl"), role: "suspect", releaseId: (await releaseOf(of.suspect)).id },
        ],
      },
    },
  });
  return id;
}

let number = 0;

/** A database, a loopback Hub with both releases, a blob store and an engine bundle of a test file's own. */
export async function testInstance(hubOptions: HubOptions = {}): Promise<TestInstance> {
  const { url, db } = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), "slipmark-verification-"));
  const hub = await startHub({ repositories: [original, suspect], ...hubOptions });
  const jobs = createJobSender(url);
  const blobs = openBlobs({
    place: join(folder, "blobs"),
    s3: { endpoint: null, region: "", accessKeyId: null, secretAccessKey: null },
  });
  afterAll(async () => {
    await jobs.close();
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  });
  const ctx: Context = {
    db,
    clock: systemClock,
    viewer: anonymous,
    jobs,
    blobs,
    sources: {
      hf: { endpoint: hub.url, token: null },
      github: { endpoint: hub.url, token: null },
      cacheFolder: join(folder, "cache"),
    },
    settings: { casePrefix: "SLP", publicOrigin: "http://127.0.0.1:3000" },
  };
  const { sha256 } = await publishEngineBuild(ctx, await engineBundlePath());
  const bundle = await runnableEngine(ctx, sha256, join(folder, "engine"));
  const execution: ExecuteOptions = {
    bundle,
    temporaryFolder: join(folder, "tmp"),
    timeLimitMs: 60_000,
    memoryLimitBytes: 1024 ** 3,
    maxAttempts: 2,
    signal: new AbortController().signal,
    onNotify: () => () => undefined,
  };
  return {
    url,
    hub,
    folder,
    ctx,
    as: (viewer) => ({ ...ctx, viewer }),
    async user(name, role = "member") {
      const row = await db.user.create({ data: { id: newId("usr"), name, role } });
      return { role, userId: row.id, name };
    },
    async openCase(reporter) {
      number += 1;
      const publicId = `SLP-2026-${String(number).padStart(4, "0")}`;
      return { id: await insertOpenCase(db, { publicId, reporter, original, suspect }), publicId };
    },
    execute: (runId, options = {}) => executeRun(ctx, runId, { ...execution, ...options }),
    executeFingerprint: (jobId, options = {}) => executeFingerprint(ctx, jobId, { ...execution, ...options }),
  };
}
