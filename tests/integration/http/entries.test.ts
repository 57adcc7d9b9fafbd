import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { z } from "zod";
import { getBlob } from "@/app/api/v1/_endpoints/blobs";
import { getEntries, getEntry, getEntryBundle } from "@/app/api/v1/_endpoints/entries";
import { entrySchema } from "@/app/api/v1/_schemas/entries";
import { entryBundle, recordAct, storePayload } from "@/lib/ledger/server";
import { inFolder } from "@/tests/contract/bundle/made-bundle";
import { sealingKeys, sealPending, sha256 } from "@/tests/support/sealed-log";
import { testInstance } from "../verification/support";
import { asking } from "./support";

const site = await testInstance();
const ask = asking(site);
const keys = sealingKeys();
const reporter = await site.user("reporter");
const { publicId } = await site.openCase(reporter);
let claims = 0;
await claim(3);
const waiting = await site.ctx.db.logPending.count();
const size = await sealPending(site.ctx.db, keys, { witnessed: true });

/** Acts of a case, with a name and a text each. */
async function claim(count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) {
    claims += 1;
    const number = claims;
    await site.ctx.db.$transaction(async (tx) =>
      recordAct(tx, {
        kind: "claim",
        about: `case:${publicId}`,
        subjects: [{ name: "hf:lab-a/bamboo", digest: { gitCommit: "0".repeat(40) } }],
        actor: { role: "reporter", name: "竹里" },
        dedupKey: `claim:${publicId}:${number}`,
        t: new Date("2026-03-01T08:00:00.000Z"),
        predicate: {
          case: publicId,
          number,
          kind: "same-structure",
          method: "architecture",
          text: await storePayload(tx, `Claim ${number}: equal shapes.`),
        },
      }),
    );
  }
}

const page = z.object({ items: z.array(z.object({ index: z.int() }).loose()), next: z.string().nullable() });
const entries = async (query: string) => page.parse(await (await ask(getEntries, { query })).json());

function verify(zip: Uint8Array) {
  return inFolder((folder) => {
    for (const [name, bytes] of Object.entries(unzipSync(zip))) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    return spawnSync("python3", ["verify.py"], { cwd: folder, encoding: "utf8" });
  });
}

test("every act of an opened case is an entry, and the list goes through all of them once", async () => {
  expect(size).toBe(waiting);
  const seen: number[] = [];
  let cursor = "";
  for (;;) {
    const { items, next } = await entries(`?limit=2${cursor}`);
    seen.push(...items.map((item) => item.index));
    if (next === null) break;
    cursor = `&cursor=${next}`;
  }
  expect(seen).toEqual(Array.from({ length: size }, (_, at) => size - 1 - at));
  const about = await entries(`?about=case:${publicId}&order=oldest&limit=100`);
  expect(about.items.length).toBe(size);
  expect((await entries("?kind=claim")).items.length).toBe(size);
  expect((await entries("?kind=reply")).items).toEqual([]);
  for (const query of ["?kind=nothing", "?limit=0", "?cursor=-1", "?cursor=x", "?about=post:1"])
    expect((await ask(getEntries, { query })).status).toBe(422);
});

test("an entry gives its leaf, statement, key and proof state, each under the hash that the other names", async () => {
  for (let index = 0; index < size; index += 1) {
    const answer = await ask(getEntry, { params: { index: String(index) } });
    expect(answer.status).toBe(200);
    const entry = entrySchema.parse(await answer.json());
    expect(sha256(Buffer.of(0), Buffer.from(entry.leaf)).toString("hex")).toBe(entry.leafHash);
    expect(JSON.parse(entry.leaf).pae).toBe(entry.statement);
    expect(entry.proof).toEqual({ state: "logged", size, witnessed: true, timestamped: false });
    const statement = await ask(getBlob, { params: { hex: entry.statement } });
    const bytes = Buffer.from(await statement.arrayBuffer());
    expect(sha256(bytes).toString("hex")).toBe(entry.statement);
    expect(bytes.toString()).toContain(Buffer.from(entry.envelope?.payload ?? "", "base64").toString());
    for (const { digest } of entry.payloads) {
      const payload = await ask(getBlob, { params: { hex: digest } });
      expect(payload.headers.get("content-disposition")).toContain("attachment");
      expect(sha256(Buffer.from(await payload.arrayBuffer())).toString("hex")).toBe(digest);
    }
  }
  for (const index of [String(size), "-1", "01", "1e3", "x", "99999999999999999"])
    expect((await ask(getEntry, { params: { index } })).status).toBe(404);
});

test("a bundle is the same bytes each time and holds under verify.py", async () => {
  const params = { index: "1" };
  const first = await ask(getEntryBundle, { params });
  expect(first.headers.get("content-type")).toBe("application/zip");
  expect(first.headers.get("content-disposition")).toBe('attachment; filename="entry-1.zip"');
  const zip = new Uint8Array(await first.arrayBuffer());
  expect(first.headers.get("x-slipmark-sha256")).toBe(sha256(zip).toString("hex"));
  expect(new Uint8Array(await (await ask(getEntryBundle, { params })).arrayBuffer())).toEqual(zip);
  const again = await ask(getEntryBundle, {
    params,
    headers: { "if-none-match": first.headers.get("etag") ?? "" },
  });
  expect(again.status).toBe(304);
  const { status, stdout } = verify(zip);
  expect(stdout).toContain(`(entry 1 of ${size})`);
  expect(status).toBe(0);
  for (const index of [String(size), "x"])
    expect((await ask(getEntryBundle, { params: { index } })).status).toBe(404);
});

test("every entry of the log has a bundle that holds, with the witness that signed", async () => {
  for (let index = 0; index < size; index += 1) {
    const bundle = await entryBundle(site.ctx, index, {
      witnessKeys: [keys.witness.verifierKey, sealingKeys().witness.verifierKey],
      timestampRoots: null,
    });
    const { status, stdout } = verify(bundle?.zip ?? new Uint8Array());
    expect(stdout).toContain(`a witness signed the same checkpoint (${keys.witness.name}`);
    expect(status).toBe(0);
  }
});

test("a bundle keeps to the checkpoint that others vouch for, when the log has grown", async () => {
  const before = await entryBundle(site.ctx, 0);
  await claim(2);
  const grown = await sealPending(site.ctx.db, keys);
  expect(grown).toBeGreaterThan(size);
  expect((await entryBundle(site.ctx, 0))?.sha256).toBe(before?.sha256);
  const { status, stdout } = verify((await entryBundle(site.ctx, grown - 1))?.zip ?? new Uint8Array());
  expect(stdout).toContain(`(entry ${grown - 1} of ${grown})`);
  expect(stdout).toContain("no witness in this bundle");
  expect(status).toBe(0);
});
