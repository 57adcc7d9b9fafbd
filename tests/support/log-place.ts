import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { expect } from "vitest";
import {
  consistencyProof,
  decodeBundle,
  hex,
  leafHash,
  openCheckpoint,
  parseLeaf,
  parseVerifierKey,
  rootOfHashes,
  verifyConsistency,
} from "@/lib/engine/log";
import { openKeys } from "@/lib/ledger/log/keys";
import { readTileFile, tileReader } from "@/lib/ledger/log/log-files";
import { logVerifierKeys } from "@/lib/ledger/log/read";
import { checkPast, type SequencerOptions, step } from "@/lib/ledger/log/run-sequencer";
import { recordAct } from "@/lib/ledger/server";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import { folderFiles } from "@/lib/platform/blobs/named-files";
import { connect, type Database } from "@/lib/platform/database";
import { commitFacts } from "./commit-facts";

/** Keys, guard and published files of one log, to be used with any database. */
export interface LogPlace {
  readonly folder: string;
  readonly options: SequencerOptions;
  remove(): Promise<void>;
}

export async function logPlace(databaseUrl: string, origin = "localhost/test-log"): Promise<LogPlace> {
  const folder = await mkdtemp(join(tmpdir(), "slipmark-log-"));
  return {
    folder,
    options: {
      databaseUrl,
      origin,
      keys: openKeys({ folder: join(folder, "keys") }),
      guardFile: join(folder, "guard.json"),
      blobs: folderBlobs(join(folder, "blobs")),
      files: folderFiles(join(folder, "blobs")),
      batch: 64,
      intervalMs: 10,
      onAct: () => () => undefined,
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

let number = 0;

/** A public act with a name in a payload. Returns its dedup key. */
export async function recordCommit(db: Database, name = "竹里 Bamboo"): Promise<string> {
  const model = `mdl_${String(Date.now())}${String(++number).padStart(7, "0")}`;
  const dedupKey = `commit:${model}`;
  await db.$transaction(
    (tx) =>
      recordAct(tx, {
        kind: "commit",
        about: `model:${model}`,
        subjects: [{ name: "canary-root", digest: { sha256: "cd".repeat(32) } }],
        predicate: { model, ...commitFacts },
        actor: { role: "registrant", name },
        dedupKey,
        t: new Date("2026-03-01T08:00:00.000Z"),
      }),
    // Machines that run these tests may be busy.
    { maxWait: 30_000, timeout: 30_000 },
  );
  return dedupKey;
}

/** One round of the sequencer, as at a start. */
export async function sequence(options: SequencerOptions): Promise<void> {
  await onClient(options.databaseUrl, async (client) => {
    await checkPast(client as never, options);
    await step(client as never, options);
  });
}

export async function onClient<Result>(
  connectionString: string,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/**
 * Holds everything that a log says of itself against itself: published entries hash to the published root, database and
 * files agree, indices are contiguous, nothing is twice, and every checkpoint ever committed is a beginning of the
 * published one, by hashes and by proof. Returns its dedup keys in order.
 */
export async function requireSoundLog(options: SequencerOptions): Promise<readonly string[]> {
  const db = connect(options.databaseUrl, { max: 2 });
  try {
    const keys = (await logVerifierKeys(db)).map(parseVerifierKey);
    const note = (await options.files.get("log/checkpoint")) ?? new Uint8Array();
    const { size, root } = openCheckpoint(note, { origin: options.origin, keys });
    const leaves: Uint8Array[] = [];
    for (let index = 0; index * 256 < size; index += 1) {
      const width = Math.min(256, size - index * 256);
      const bundle = await readTileFile(options.files, { level: "entries", index, width });
      leaves.push(...decodeBundle(bundle ?? new Uint8Array(), width));
    }
    const hashes = leaves.map(leafHash);
    expect(hex(rootOfHashes(hashes))).toBe(hex(root));
    const rows = await db.logEntry.findMany({ orderBy: { index: "asc" } });
    expect(rows.map(({ index }) => Number(index))).toEqual(rows.map((_, at) => at));
    expect(rows.length).toBeGreaterThanOrEqual(size);
    for (const [at, leaf] of leaves.entries())
      expect(Buffer.from(rows[at]?.leaf ?? []).equals(Buffer.from(leaf))).toBe(true);
    expect(new Set(rows.map(({ dedupKey }) => dedupKey)).size).toBe(rows.length);
    expect(new Set(leaves.map((leaf) => hex(parseLeaf(leaf).pae))).size).toBe(leaves.length);
    const read = tileReader(options.files);
    for (const checkpoint of await db.logCheckpoint.findMany({ where: { size: { lte: size } } })) {
      const old = Number(checkpoint.size);
      const oldRoot = new Uint8Array(checkpoint.root);
      expect(hex(rootOfHashes(hashes.slice(0, old)))).toBe(hex(oldRoot));
      const proof = await consistencyProof(old, size, read);
      verifyConsistency({ oldSize: old, oldRoot, size, root, proof });
    }
    return rows.map(({ dedupKey }) => dedupKey);
  } finally {
    await db.$disconnect();
  }
}
