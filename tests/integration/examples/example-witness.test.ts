import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createExampleWitness, exampleWitnessName } from "@/lib/examples/witness/example-witness";
import { openKeys } from "@/lib/ledger/log/keys";
import { logVerifierKeys, publishedCheckpoint } from "@/lib/ledger/log/read";
import { checkPast, type SequencerOptions, step } from "@/lib/ledger/log/run-sequencer";
import { recordAct } from "@/lib/ledger/server";
import { configuredWitnesses, type Witness } from "@/lib/ledger/witness/configured";
import { cosignNewest } from "@/lib/ledger/witness/cosign-newest";
import { witnessedHeads } from "@/lib/ledger/witness/witnessed-heads";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import { folderFiles } from "@/lib/platform/blobs/named-files";
import { systemClock } from "@/lib/platform/clock";
import { testDatabase } from "@/tests/support/database";

const { db, url } = await testDatabase();
const origin = "localhost/example-log";
const pool = new Pool({ connectionString: url, max: 2 });
const never = new AbortController().signal;
let folder: string;
let options: SequencerOptions;
let knowsLog = true;

async function serve(dataFolder: string): Promise<{ witness: Witness; close(): void }> {
  const peer = await createExampleWitness({
    dataFolder,
    logKeys: async () => (knowsLog ? logVerifierKeys(db) : []),
  });
  const server = createServer((request, response) => void peer.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}${peer.path}`;
  const [witness] = configuredWitnesses(`${peer.vkey} ${at}`) as [Witness];
  return { witness, close: () => server.close() };
}

async function grow(entries: number): Promise<number> {
  for (let made = 0; made < entries; made += 1)
    await db.$transaction((tx) =>
      recordAct(tx, {
        kind: "recall",
        about: "model:mdl_0000",
        subjects: [{ name: "result", digest: { sha256: "cd".repeat(32) } }],
        predicate: { method: "weights/aligned", version: "1", reason: "wrong", note: null },
        dedupKey: `recall:${Math.random()}`,
        t: new Date(),
      }),
    );
  const client = await pool.connect();
  await step(client, options).finally(() => client.release());
  return (await publishedCheckpoint(db))?.size ?? 0;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-example-witness-"));
  options = {
    databaseUrl: url,
    origin,
    keys: openKeys({ folder: join(folder, "keys") }),
    guardFile: join(folder, "guard.json"),
    blobs: folderBlobs(join(folder, "blobs")),
    files: folderFiles(join(folder, "blobs")),
    batch: 64,
    intervalMs: 10,
    onAct: () => () => undefined,
  };
  const client = await pool.connect();
  await checkPast(client, options).finally(() => client.release());
});
afterAll(async () => {
  await pool.end();
  await rm(folder, { recursive: true, force: true });
});

test("the example witness cosigns the example log as it grows, and remembers over a restart what it signed", async () => {
  const deps = { db, files: options.files, clock: systemClock, timeoutMs: 2_000 };
  const first = await grow(1);
  knowsLog = false;
  const begun = await serve(folder);
  expect(await cosignNewest(deps, begun.witness, never)).toMatchObject({ problem: "unknown-log" });
  knowsLog = true;
  expect(await cosignNewest(deps, begun.witness, never)).toEqual({ outcome: "cosigned", fresh: true });
  begun.close();

  const second = await grow(3);
  const again = await serve(folder);
  expect(again.witness.vkey).toBe(begun.witness.vkey);
  expect(await cosignNewest(deps, again.witness, never)).toEqual({ outcome: "cosigned", fresh: true });
  const lines = await db.logSignature.findMany({ where: { name: exampleWitnessName } });
  expect(lines.map(({ size }) => Number(size)).sort((a, b) => a - b)).toEqual([first, second]);
  const heads = await witnessedHeads({ ...deps, origin, logKeys: [], witnesses: [again.witness] }, never);
  expect(heads).toEqual([{ who: `the witness ${exampleWitnessName}`, size: second, root: null }]);
  again.close();
});

test("what another key has signed it does not", async () => {
  const peer = await createExampleWitness({
    dataFolder: join(folder, "other"),
    logKeys: async () => logVerifierKeys(db),
  });
  const { note = "" } = (await publishedCheckpoint(db)) ?? {};
  const server = createServer((request, response) => void peer.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}${peer.path}/add-checkpoint`;
  const post = async (body: string) => (await fetch(at, { method: "POST", body })).status;
  const [text = "", size = ""] = note.split("\n");
  expect(await post(`old 0\n\n${note.replace(`${text}\n${size}`, `${text}\n${Number(size) + 1}`)}`)).toBe(
    403,
  );
  expect(await post("old 0\n")).toBe(400);
  expect(await post(`old 0\n\n${note}`)).toBe(200);
  server.close();
});
