import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import type { Context, Viewer } from "@/lib/platform/context";
import type { Database } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { type Hub, type HubRepository, startHub } from "@/tests/support/hub";

export interface RegistryWorld {
  readonly hub: Hub;
  /** A clock that tests move. */
  now: Date;
  /** What was queued. */
  readonly jobs: { readonly name: string; readonly payload: object }[];
  member(name: string): Promise<Viewer>;
  as(viewer: Viewer): Context;
}

/** A loopback Hub, a folder of blobs and a clock around a test database. Call it at the top of a file. */
export async function registryWorld(
  db: Database,
  repositories: readonly HubRepository[],
): Promise<RegistryWorld> {
  const folder = await mkdtemp(join(tmpdir(), "slipmark-registry-"));
  const hub = await startHub({ repositories });
  afterAll(async () => {
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  });
  const world: RegistryWorld = {
    hub,
    now: new Date("2026-03-01T08:00:00.000Z"),
    jobs: [],
    async member(name) {
      const { id } = await db.user.create({
        data: { id: newId("usr"), name, email: `${newId("usr")}@lab.example` },
      });
      return { role: "member", userId: id, name };
    },
    as: (viewer) => ({
      db,
      viewer,
      clock: { now: () => world.now },
      jobs: {
        send: async (_tx, name, payload) => {
          world.jobs.push({ name, payload });
        },
      },
      blobs: folderBlobs(join(folder, "blobs")),
      sources: {
        hf: { endpoint: hub.url, token: null },
        github: { endpoint: hub.url, token: null },
        cacheFolder: join(folder, "cache"),
      },
      settings: { casePrefix: "SLP", publicOrigin: "http://localhost:3000" },
    }),
  };
  return world;
}

/** The bytes of a safetensors file with these tensors, all zero. */
export function safetensors(tensors: Readonly<Record<string, readonly number[]>>): Uint8Array {
  let offset = 0;
  const header: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(tensors)) {
    const end = offset + shape.reduce((product, size) => product * size, 2);
    header[name] = { dtype: "BF16", shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(offset)]);
}
