import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { draftCase, moveCase, submitCase } from "@/lib/cases/server";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import type { Context, Viewer } from "@/lib/platform/context";
import type { Database } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { type Hub, type HubOptions, hubRepository, startHub } from "@/tests/support/hub";

export interface CaseWorld {
  readonly hub: Hub;
  /** A clock that tests move. */
  now: Date;
  /** Jobs queued so far: those of transactions that were rolled back are here, too. */
  readonly sent: { readonly name: string; readonly payload: unknown }[];
  user(name: string, role?: "member" | "moderator" | "admin"): Promise<Viewer & { readonly userId: string }>;
  as(viewer: Viewer): Context;
  pass(milliseconds: number): void;
  /** A pair of repositories of their own, so that no two tests of a file report the same one. */
  pair(options?: { readonly declared?: boolean }): { readonly original: string; readonly suspect: string };
  draft(reporter: Viewer, change?: Partial<Parameters<typeof draftCase>[1]>): Promise<string>;
  /** A case that has been submitted and notified. */
  notified(reporter: Viewer, moderator: Viewer): Promise<{ readonly id: string; readonly publicId: string }>;
  opened(reporter: Viewer, moderator: Viewer): Promise<{ readonly id: string; readonly publicId: string }>;
}

export const day = 24 * 3_600_000;

/** A loopback Hub, blobs in a folder, a clock and a recorder of jobs around a test database. */
export async function caseWorld(db: Database, options: HubOptions = {}): Promise<CaseWorld> {
  const folder = await mkdtemp(join(tmpdir(), "slipmark-cases-"));
  const hub = await startHub(options);
  afterAll(async () => {
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  });
  let pairs = 0;
  const world: CaseWorld = {
    hub,
    now: new Date("2026-03-01T08:00:00.000Z"),
    sent: [],
    async user(name, role = "member") {
      const { id, email } = await db.user.create({
        data: { id: newId("usr"), name, email: `${newId("usr")}@lab.example`, role },
      });
      if (email === null) throw new Error("a user of the tests has an address");
      return { role, userId: id, name };
    },
    pass(milliseconds) {
      world.now = new Date(world.now.getTime() + milliseconds);
    },
    as: (viewer) => ({
      db,
      viewer,
      clock: { now: () => world.now },
      jobs: {
        send: async (_tx, name, payload) => {
          world.sent.push({ name, payload });
        },
      },
      blobs: folderBlobs(join(folder, "blobs")),
      sources: {
        hf: { endpoint: hub.url, token: null },
        github: { endpoint: hub.url, token: null },
        cacheFolder: join(folder, "cache"),
      },
      settings: { casePrefix: "SLP", publicOrigin: "https://slipmark.example" },
    }),
    pair({ declared = false } = {}) {
      pairs += 1;
      const [original, suspect] = [`north-lab/slip-${pairs}`, `river-lab/reed-${pairs}`];
      hub.addRepository(hubRepository(original, { "config.json": { pair: pairs }, "README.md": "# Slip\n" }));
      const card = declared ? `---\nbase_model: ${original}\n---\n# Reed\n` : "# Reed\n";
      hub.addRepository(hubRepository(suspect, { "config.json": { other: pairs }, "README.md": card }));
      return { original: `hf:${original}`, suspect: `hf:${suspect}` };
    },
    async draft(reporter, change = {}) {
      const result = await draftCase(world.as(reporter), {
        ...world.pair(),
        claims: [{ kind: "same-structure", text: "The tensor names are equal after two renamed prefixes." }],
        statement: "Compared on 1 March. See https://notes.example/compare",
        interest: "none",
        ...change,
      });
      return result.caseId;
    },
    async notified(reporter, moderator) {
      const id = await world.draft(reporter);
      const { publicId } = await submitCase(world.as(reporter), { caseId: id });
      await moveCase(world.as(moderator), { caseId: id, act: { act: "notify" } });
      return { id, publicId };
    },
    async opened(reporter, moderator) {
      const found = await world.notified(reporter, moderator);
      world.pass(7 * day);
      await moveCase(world.as(moderator), { caseId: found.id, act: { act: "open" } });
      return found;
    },
  };
  return world;
}

/** A finished run of the case with a result of this relation, as the worker would leave it. */
export async function finishedRun(
  db: Database,
  caseId: string,
  at: Date,
  facts: {
    readonly relation: string;
    /** Methods in it with their versions; left out: those of a metadata run. */
    readonly versions?: Readonly<Record<string, string>>;
  },
): Promise<string> {
  const id = newId("run");
  const versions = facts.versions ?? { architecture: "1", lineage: "2" };
  const says = { architecture: "same-structure", lineage: "not-declared" } as Record<string, string>;
  const releases = await db.caseRelease.findMany({
    where: { caseId },
    select: { role: true, position: true, releaseId: true },
  });
  const document = {
    schema: "slipmark.result/v1",
    inputs: { suspect: { files: [] } },
    methods: Object.entries(versions).map(([method, version]) => ({
      method,
      version,
      says: says[method],
      statistics: {},
    })),
    summary: { relation: facts.relation, closest: "unknown", reasons: [] },
  };
  await db.run.create({
    data: {
      id,
      caseId,
      parameters: { methods: Object.keys(versions), nonce: "", screened: 1, level: 1 },
      state: "finished",
      createdAt: at,
      finishedAt: at,
      inputs: { create: releases },
      result: {
        create: {
          digest: `sha256:${"ab".repeat(32)}`,
          document: JSON.stringify(document),
          capsuleSha256: "cd".repeat(32),
          capsuleSize: 10,
          build: "ef".repeat(32),
        },
      },
    },
  });
  return id;
}
