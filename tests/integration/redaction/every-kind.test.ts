import { randomBytes } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { getBlob } from "@/app/api/v1/_endpoints/blobs";
import { getRunCapsule, getRunResult } from "@/app/api/v1/_endpoints/runs";
import { casePage, documentCase } from "@/lib/cases/server";
import { redactedDocument, redactionMark } from "@/lib/ledger";
import { recordAct } from "@/lib/ledger/server";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { finishRedaction, redactEntry, sweepRedactedBlobs } from "@/lib/redaction/server";
import { captureRelease, modelPage, registerModel, withdrawModel } from "@/lib/registry/server";
import { recallMethod, runPage, storedResult } from "@/lib/verification/server";
import { testDatabase } from "@/tests/support/database";
import { hubRepository } from "@/tests/support/hub";
import { sealingKeys, sealPending } from "@/tests/support/sealed-log";
import { type CaseWorld, caseWorld, finishedRun } from "../cases/support";
import { asking } from "../http/support";
import { filesWith, standsIn, store } from "./support";

const { db } = await testDatabase();
const place = await store();
const keys = sealingKeys();
const ask = asking({ ctx: { db, clock: { now: () => new Date() } } } as never);
let world: CaseWorld;
let member: Viewer & { readonly userId: string };
let first: Viewer & { readonly userId: string };
let second: Viewer & { readonly userId: string };

beforeAll(async () => {
  world = await caseWorld(db);
  member = await world.user("Member");
  first = await world.user("First", "moderator");
  second = await world.user("Second", "moderator");
});

const as = (viewer: Viewer) => ({ ...world.as(viewer), blobs: place.blobs });

/** Redacts an act of this key and finishes the job. */
async function redacted(dedupKey: string, viewer: Viewer = first) {
  await sealPending(db, keys);
  const { index } = await db.logEntry.findUniqueOrThrow({ where: { dedupKey } });
  await redactEntry(as(viewer), {
    index: Number(index),
    reasonCode: "unlawful-content",
    authorityReference: "Order 12",
    confirm: String(index),
  });
  const row = await db.logRedaction.findFirstOrThrow({ where: { dedupKey } });
  expect(await finishRedaction(as(anonymous), row.id, { files: place.files, sharedCacheMs: 0 })).toBe("done");
  return db.logRedaction.findUniqueOrThrow({ where: { id: row.id } });
}

test("a registration: name, statement, search; the captured files; the words of its withdrawal", async () => {
  const card = "# Reed\nXanthic words of the card\n";
  world.hub.addRepository(
    hubRepository("river-lab/xan", { "config.json": { a: 1 }, "README.md": card, LICENSE: "common terms" }),
  );
  world.hub.addRepository(
    hubRepository("north-lab/other", { "config.json": { b: 1 }, LICENSE: "common terms" }),
  );
  await captureRelease(as(member), "hf:north-lab/other");
  const capture = await captureRelease(as(member), "hf:river-lab/xan");
  const { modelId } = await registerModel(as(member), {
    captureId: capture.captureId,
    name: "Ochreous name",
    statement: "Umbral statement",
  } as never);
  await withdrawModel(as(member), { modelId, reason: "Viridian reason" });
  expect(await standsIn(db, "ochreous")).toEqual(
    expect.arrayContaining(["model.name", "model.search_text", "log_payload.bytes"]),
  );

  await redacted(`register:${modelId}`);
  for (const word of ["ochreous", "umbral"]) expect(await standsIn(db, word)).toEqual([]);
  const page = await modelPage(world.as(anonymous), modelId);
  expect(page).toMatchObject({
    name: redactionMark,
    statement: redactionMark,
    withdrawReason: "Viridian reason",
    redaction: { reason: "unlawful-content", at: world.now },
  });
  await redacted(`withdraw:${modelId}`);
  expect(await standsIn(db, "viridian")).toEqual([]);

  expect(await filesWith(place.folder, "Xanthic words")).toHaveLength(1);
  const row = await redacted(`capture:${capture.captureId}`);
  expect(await filesWith(place.folder, "Xanthic words")).toEqual([]);
  // What another release holds, too, is not this one's to lose.
  expect(await filesWith(place.folder, "common terms")).toHaveLength(1);
  const file = page?.capture.metadata.find(({ path }) => path === "README.md")?.sha256 ?? "";
  expect(row.blobs).toContain(file);
  expect((await ask(getBlob, { params: { hex: file } })).status).toBe(410);

  // Somebody captures the same file again: it is not served, and goes with the next round.
  const back = await place.blobs.put(Buffer.from(card));
  await db.blob.create({ data: { ...back, mediaType: "text/markdown" } });
  expect((await ask(getBlob, { params: { hex: back.sha256 } })).status).toBe(410);
  expect(await sweepRedactedBlobs(as(anonymous))).toBe(1);
  expect(await place.blobs.has(back.sha256)).toBe(false);
});

test("the record of a documented case, and the notice of another", async () => {
  const { publicId } = await documentCase(world.as(first), {
    original: { source: "hf", repository: "a-lab/one", commit: "a".repeat(40), party: "a-lab" },
    suspect: { source: "hf", repository: "b-lab/two", commit: "b".repeat(40), party: "b-lab" },
    finding: "acknowledged",
    reasons: ["party-acknowledged"],
    record: [
      {
        date: "2024-06-01",
        textEn: "Cobaltic sentence",
        textZh: "钴蓝句子在此",
        sourceKind: "press",
        source: "Cobaltic Gazette",
        sourceUrl: "https://cobaltic.example/a",
      },
    ],
  } as never);
  const { sequence } = await db.caseEvent.findFirstOrThrow({ where: { type: "case-documented" } });
  await redacted(`state:${publicId}:${sequence}`);
  for (const word of ["cobaltic", "钴蓝句子"]) expect(await standsIn(db, word)).toEqual([]);
  const page = await casePage(world.as(anonymous), publicId, anonymous);
  expect(page?.record).toMatchObject([
    { date: "2024-06-01", text: { en: redactionMark, zh: redactionMark }, sourceUrl: null },
  ]);

  const told = await world.notified(member, first);
  const event = await db.caseEvent.findFirstOrThrow({ where: { caseId: told.id, type: "case-notified" } });
  const words = (event.data as { notice: { en: string } }).notice.en;
  await redacted(`notify:${told.publicId}:${event.sequence}`);
  expect(await standsIn(db, words)).toEqual([]);
  expect((await casePage(world.as(anonymous), told.publicId, anonymous))?.notifiedAt).not.toBeNull();
});

test("a result: its document and capsule go, its digest stays, and no finding can rest on it", async () => {
  const { id, publicId } = await world.opened(member, first);
  const runId = await finishedRun(db, id, world.now, { relation: "inconclusive" });
  const capsule = await place.blobs.put(randomBytes(64));
  await db.$executeRawUnsafe("ALTER TABLE run_result DISABLE TRIGGER USER");
  await db.runResult.update({ where: { runId }, data: { capsuleSha256: capsule.sha256 } });
  await db.$executeRawUnsafe("ALTER TABLE run_result ENABLE TRIGGER USER");
  await db.$transaction((tx) =>
    recordAct(tx, {
      kind: "verify",
      about: `case:${publicId}`,
      subjects: [{ name: "result", digest: { sha256: "ab".repeat(32) } }],
      predicate: {
        case: publicId,
        run: runId,
        finishedAt: world.now.toISOString(),
        result: "ab".repeat(32),
        capsule: capsule.sha256,
        build: "ef".repeat(32),
        methods: [],
        relation: "inconclusive",
      },
      dedupKey: `verify:${runId}`,
      t: world.now,
    }),
  );
  await redacted(`verify:${runId}`);
  expect((await db.runResult.findUniqueOrThrow({ where: { runId } })).document).toBe(redactedDocument);
  expect(await place.blobs.has(capsule.sha256)).toBe(false);
  expect(await runPage(world.as(anonymous), runId)).toMatchObject({
    state: "finished",
    result: null,
    digest: `sha256:${"ab".repeat(32)}`,
    redaction: { reason: "unlawful-content" },
  });
  expect(await storedResult(world.as(anonymous), runId)).toBeNull();
  const site = asking({ ctx: world.as(anonymous) } as never);
  for (const endpoint of [getRunResult, getRunCapsule])
    expect((await site(endpoint, { params: { id: runId } })).status).toBe(410);
  const page = await casePage(world.as(anonymous), publicId, anonymous);
  expect(page?.runs[0]).toMatchObject({ id: runId, redacted: true, relation: null });
});

test("the note of a recall", async () => {
  await recallMethod(world.as(first), {
    method: "code",
    version: "1",
    reasonCode: "wrong-null",
    note: "Russet note",
  });
  await redacted("recall:code@1");
  expect(await standsIn(db, "russet")).toEqual([]);
  expect(await db.methodRecall.findFirst({ where: { method: "code" } })).toMatchObject({
    reason: "wrong-null",
    note: null,
  });
});

test("two moderators at once: one of them redacts, the other is told", async () => {
  const { publicId } = await world.opened(member, first);
  await sealPending(db, keys);
  const { index } = await db.logEntry.findUniqueOrThrow({ where: { dedupKey: `claim:${publicId}:1` } });
  const asked = {
    index: Number(index),
    reasonCode: "safety",
    authorityReference: "Order 13",
    confirm: String(index),
  } as const;
  const outcomes = await Promise.allSettled([first, second].map((one) => redactEntry(as(one), asked)));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
    reason: { code: "already-done" },
  });
  expect(await db.logPending.count({ where: { dedupKey: `tombstone:${index}` } })).toBe(1);
});
