import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { verifyBundle } from "@/lib/engine/log";
import {
  type Act,
  entryBundle,
  entryLineOf,
  entryLinesAbout,
  entryPage,
  ledgerBlob,
  listEntries,
  logHealth,
  logSummary,
  recordAct,
} from "@/lib/ledger/server";
import { inFolder } from "@/tests/contract/bundle/made-bundle";
import { commitFacts } from "@/tests/support/commit-facts";
import { testDatabase } from "@/tests/support/database";
import { sealingKeys, sealPending, sha256 } from "@/tests/support/sealed-log";

const { db } = await testDatabase();
const ctx = { db, clock: { now: () => new Date() } };
const keys = sealingKeys();
const model = (number: number) => `mdl_${String(number).padStart(20, "0")}`;

function verifyScript(files: Readonly<Record<string, Uint8Array>>) {
  return inFolder((folder) => {
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    const { status, stdout } = spawnSync("python3", ["verify.py"], { cwd: folder, encoding: "utf8" });
    return { status, stdout };
  });
}

async function record(number: number, over: Partial<Act<"commit">> = {}): Promise<void> {
  await db.$transaction((tx) =>
    recordAct(tx, {
      kind: "commit",
      about: `model:${model(number)}`,
      subjects: [{ name: "canary-root", digest: { sha256: "cd".repeat(32) } }],
      predicate: {
        model: model(number),
        ...commitFacts,
      },
      actor: { role: "registrant", name: "竹里" },
      dedupKey: `commit:${model(number)}`,
      t: new Date("2026-03-01T08:00:00.000Z"),
      ...over,
    }),
  );
}

test("an empty log says so", async () => {
  expect(await logSummary(ctx)).toBeNull();
  expect(await logHealth(ctx)).toMatchObject({ state: "empty", size: 0, pending: 0, lagSeconds: null });
  expect(await listEntries(ctx, { limit: 10 })).toEqual({ size: 0, items: [], next: null });
  expect(await entryPage(ctx, 0)).toBeNull();
});

test("an act waits, then stands under a checkpoint, then is witnessed", async () => {
  await record(1);
  expect(await entryLinesAbout(db, `model:${model(1)}`)).toEqual([
    {
      kind: "commit",
      dedupKey: `commit:${model(1)}`,
      t: "2026-03-01T08:00:00.000Z",
      proof: { state: "waiting" },
    },
  ]);
  expect(await logHealth(ctx)).toMatchObject({ state: "behind", pending: 1 });

  await sealPending(db, keys, { publish: false });
  const key = `commit:${model(1)}`;
  expect((await entryLineOf(db, key))?.proof).toEqual({ state: "waiting" });
  expect((await listEntries(ctx, { limit: 10 })).items).toEqual([]);
  expect((await entryPage(ctx, 0))?.proof).toEqual({ state: "waiting" });

  await record(2);
  await sealPending(db, keys);
  const logged = { state: "logged", index: 0, size: 2, witnessed: false, timestamped: false };
  expect((await entryLineOf(db, key))?.proof).toEqual(logged);

  await record(3);
  await sealPending(db, keys, { witnessed: true });
  expect((await entryLineOf(db, key))?.proof).toEqual({ ...logged, size: 3, witnessed: true });
  await record(4);
  await sealPending(db, keys);
  expect((await entryLineOf(db, `commit:${model(4)}`))?.proof).toMatchObject({ index: 3, witnessed: false });
  expect(await entryPage(ctx, 0)).toMatchObject({
    witnesses: [{ name: keys.witness.name, size: 3 }],
    signer: { role: "site" },
    about: { kind: "model", id: model(1) },
    size: 4,
  });
  expect((await entryPage(ctx, 3))?.witnesses).toEqual([]);
});

test("the list goes through every entry once, either way, by kind and by page", async () => {
  const seen: number[] = [];
  let from: number | undefined;
  do {
    const page = await listEntries(ctx, { limit: 3, from });
    seen.push(...page.items.map((row) => row.index));
    from = page.next ?? undefined;
  } while (from !== undefined);
  expect(seen).toEqual([3, 2, 1, 0]);
  const oldest = await listEntries(ctx, { limit: 3, order: "oldest" });
  expect([oldest.items.map((row) => row.index), oldest.next]).toEqual([[0, 1, 2], 3]);
  expect((await listEntries(ctx, { limit: 3, kind: "reply" })).items).toEqual([]);
  expect(
    (await listEntries(ctx, { limit: 3, about: `model:${model(2)}` })).items.map((row) => row.index),
  ).toEqual([1]);
  // Beyond the end is the end, not a page of nothing.
  expect((await listEntries(ctx, { limit: 1, from: 999 })).items.map((row) => row.index)).toEqual([3]);
});

test("statement and payloads are there by their plain SHA-256", async () => {
  const page = await entryPage(ctx, 0);
  const blob = await ledgerBlob(db, page?.pae ?? "");
  expect(sha256(blob ?? Buffer.of()).toString("hex")).toBe(page?.pae);
  expect(Buffer.from(blob ?? []).toString()).toContain(page?.statement ?? "nothing");
  expect(page?.payloads).toEqual([{ digest: expect.stringMatching(/^[0-9a-f]{64}$/), here: true }]);
  const [payload] = page?.payloads ?? [];
  const preimage = await ledgerBlob(db, payload?.digest ?? "");
  expect(sha256(preimage ?? Buffer.of()).toString("hex")).toBe(payload?.digest);
  expect(
    Buffer.from(preimage ?? [])
      .subarray(-6)
      .toString(),
  ).toBe("竹里");
  expect(await ledgerBlob(db, "00".repeat(32))).toBeNull();
});

test("a case that is not listed is not named, nor found by its number", async () => {
  await record(5, { about: "case:SLP-2026-0099", dedupKey: "notify:SLP-2026-0099:1" });
  await sealPending(db, keys);
  expect((await listEntries(ctx, { limit: 1 })).items[0]?.about).toEqual({
    kind: "unlisted",
    id: null,
    name: null,
  });
  expect((await listEntries(ctx, { limit: 1, about: "case:SLP-2026-0099" })).items).toEqual([]);
});

test("an entry whose statement is gone is redacted and keeps its place", async () => {
  await db.logStatement.delete({ where: { index: 1n } });
  const page = await entryPage(ctx, 1);
  expect(page).toMatchObject({ statement: null, envelope: null, signer: null, payloads: [] });
  expect(page?.proof).toMatchObject({ state: "redacted", index: 1 });
  expect((await entryLineOf(db, `commit:${model(2)}`))?.proof.state).toBe("redacted");
  expect(await ledgerBlob(db, page?.pae ?? "")).toBeNull();
  expect((await listEntries(ctx, { limit: 9 })).items.map((row) => row.proof.state)).toEqual([
    "logged",
    "logged",
    "logged",
    "redacted",
    "logged",
  ]);
});

test("a bundle of a redacted entry names the tombstone, and there is none before that stands in the log", async () => {
  expect(await entryBundle(ctx, 1)).toBeNull();
  const erased = {
    reason: "privacy",
    authority: "ab".repeat(32),
    erasedAt: new Date(),
    proposedAt: new Date(),
  };
  await db.logRedaction.create({
    data: {
      id: "rdc_1",
      dedupKey: `commit:${model(2)}`,
      scope: "entry",
      kind: "commit",
      about: "",
      index: 1n,
      proposedById: "usr_1",
      ...erased,
    },
  });
  await record(6, { dedupKey: "tombstone:1" });
  await sealPending(db, keys);
  const files = unzipSync((await entryBundle(ctx, 1))?.zip ?? new Uint8Array());
  expect(Buffer.from(files["redacted.json"] ?? []).toString()).toBe(
    '{"payloads":[],"statement":true,"tombstone":5}',
  );
  expect(files["statement.json"]).toBeUndefined();
  const steps = verifyBundle(new Map(Object.entries(files)), { logKeys: null, witnessKeys: null });
  expect(steps.map((step) => [step.id, step.ok])).toEqual([
    ["leaf", true],
    ["redacted", true],
    ["checkpoint", true],
    ["inclusion", true],
  ]);
  expect(verifyScript(files)).toMatchObject({ status: 0 });

  // One text of an entry that otherwise stands.
  const { payloads } = (await entryPage(ctx, 0)) ?? { payloads: [] };
  await db.logPayload.delete({ where: { digest: `sha256:${payloads[0]?.digest}` } });
  expect(await entryBundle(ctx, 0)).toBeNull();
  await db.logRedaction.create({
    data: {
      id: "rdc_2",
      dedupKey: `commit:${model(1)}`,
      scope: "name",
      kind: "commit",
      about: "",
      index: 0n,
      proposedById: "usr_1",
      ...erased,
    },
  });
  await record(7, { dedupKey: "tombstone:0:name" });
  await sealPending(db, keys);
  const part = unzipSync((await entryBundle(ctx, 0))?.zip ?? new Uint8Array());
  expect(verifyScript(part)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("entry 6 as tombstone"),
  });
  const { "redacted.json": _note, ...silent } = part;
  expect(verifyScript(silent)).toMatchObject({ status: 1, stdout: expect.stringContaining("is missing") });
});

test("the summary carries the key that signed the newest checkpoint", async () => {
  const summary = await logSummary(ctx);
  expect(summary).toMatchObject({ origin: keys.origin, size: 7, example: 6 });
  expect(summary?.verifierKey).toMatch(/^ledger\.example\/log\+[0-9a-f]{8}\+AQ?[A-Za-z0-9+/]+=*$/);
  expect(summary?.witnesses).toEqual([{ name: keys.witness.name, size: 3, time: expect.any(String) }]);
});
