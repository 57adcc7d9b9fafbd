import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { getBlob } from "@/app/api/v1/_endpoints/blobs";
import { getEntry } from "@/app/api/v1/_endpoints/entries";
import { casePage, casesAfter, moveCase } from "@/lib/cases/server";
import { addPost, captureLink, editPost, postPage, threadOf } from "@/lib/evidence/server";
import { redactionMark } from "@/lib/ledger";
import { entryPage } from "@/lib/ledger/server";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { searchFilter } from "@/lib/platform/search";
import {
  finishRedaction,
  numberRedactions,
  reapplyRedactions,
  redactEntry,
  redactionQueue,
} from "@/lib/redaction/server";
import { testDatabase } from "@/tests/support/database";
import { sealingKeys, sealPending } from "@/tests/support/sealed-log";
import { type CaseWorld, caseWorld, day } from "../cases/support";
import { asking } from "../http/support";
import { filesWith, standsIn, store } from "./support";

const { db } = await testDatabase();
const place = await store();
const keys = sealingKeys();
let world: CaseWorld;
let reporter: Viewer & { readonly userId: string };
let member: Viewer & { readonly userId: string };
let first: Viewer & { readonly userId: string };
let second: Viewer & { readonly userId: string };

beforeAll(async () => {
  world = await caseWorld(db);
  reporter = await world.user("Reporter Rowan");
  member = await world.user("Member Mei");
  first = await world.user("Moderator Mika", "moderator");
  second = await world.user("Moderator Noor", "moderator");
});

const as = (viewer: Viewer) => ({ ...world.as(viewer), blobs: place.blobs });
const finish = (id: string, over = {}) =>
  finishRedaction(as(anonymous), id, { files: place.files, sharedCacheMs: 0, lookMs: 0, ...over });
const keyOf = (id: string) => db.logRedaction.findFirstOrThrow({ where: { dedupKey: id } });
async function indexOf(dedupKey: string): Promise<number> {
  return Number((await db.logEntry.findUniqueOrThrow({ where: { dedupKey } })).index);
}

// Words that stand nowhere else.
const secret = "Quartzvale secret 绝密竹简文字 token-7f3a";
const ask = asking({ ctx: { db, clock: { now: () => new Date() } } } as never);

describe("a text with two versions, a link and a note", () => {
  let publicId: string;
  let caseId: string;
  let postId: string;

  beforeAll(async () => {
    ({ id: caseId, publicId } = await world.opened(reporter, first));
    ({ postId } = await addPost(world.as(member), {
      caseId,
      body: `${secret}: see https://quartzvale.example/leak`,
      interest: "other",
      interestNote: "quartzvale interest note",
    }));
    await editPost(world.as(member), { postId, baseVersion: 1, body: `Edited. ${secret}, again.` });
    const link = await db.postLink.findFirstOrThrow({ where: { version: { postId } } });
    await captureLink(world.as(anonymous), link.id);
    await sealPending(db, keys);
  });

  test("is proposed by one, carried out by another, and gone from every table", async () => {
    const index = await indexOf(`evidence:${publicId}:${postId}:1`);
    const before = await entryPage({ db }, index);
    const asked = { index, reasonCode: "privacy", authorityReference: "Request 7 of 1 March" } as const;
    await expect(redactEntry(as(member), { ...asked, confirm: String(index) })).rejects.toMatchObject({
      code: "not-allowed",
    });
    await expect(redactEntry(as(first), { ...asked, confirm: "yes" })).rejects.toMatchObject({
      code: "invalid-input",
      fields: { confirm: "confirm-entry" },
    });
    const confirmed = { ...asked, confirm: String(index) };
    expect(await redactEntry(as(first), confirmed)).toMatchObject({
      outcome: "proposed",
      // With what its link answered: that act holds the address.
      acts: [
        `evidence:${publicId}:${postId}:1`,
        `correct:${publicId}:${postId}:2`,
        expect.stringMatching(/^capture:lnk_/),
      ],
    });
    // Nothing has gone yet, and the same person has to wait.
    expect(await redactEntry(as(first), confirmed)).toMatchObject({ outcome: "proposed" });
    expect((await standsIn(db, "quartzvale")).length).toBeGreaterThan(5);
    expect(await redactEntry(as(second), confirmed)).toMatchObject({ outcome: "erased" });
    await expect(redactEntry(as(second), confirmed)).rejects.toMatchObject({ code: "already-done" });

    for (const word of ["quartzvale", "token-7f3a", "绝密竹简"]) expect(await standsIn(db, word)).toEqual([]);
    expect((await standsIn(db, redactionMark)).sort()).toEqual([
      "link_capture.url",
      "post.interest_note",
      "post_version.body",
    ]);
    expect(before?.payloads.length).toBe(2);
    // The leaf stays as it was: every proof of it holds.
    const after = await entryPage({ db }, index);
    expect(after).toMatchObject({
      leaf: before?.leaf,
      leafHash: before?.leafHash,
      statement: null,
      proof: { state: "redacted" },
    });
  });

  test("pages and the interface show a dated mark with the reason, and no word of it", async () => {
    const [page, thread, post] = await Promise.all([
      casePage(world.as(anonymous), publicId, anonymous),
      threadOf(world.as(anonymous), caseId, anonymous),
      postPage(world.as(anonymous), postId, anonymous),
    ]);
    const shown = JSON.stringify({ page, thread, post });
    expect(shown).not.toMatch(/quartzvale|绝密竹简|token-7f3a/i);
    expect(thread.posts.at(-1)).toMatchObject({
      redaction: { at: world.now.toISOString(), reason: "privacy" },
      links: [],
    });
    expect(thread.posts.at(-1)?.html).toContain("redacted");
    expect(post?.versions).toHaveLength(2);
    expect(page?.timeline.filter(({ type }) => type === "entry-redacted")).toHaveLength(3);
    expect(await db.case.count({ where: searchFilter("quartzvale") })).toBe(0);
    for (const q of ["quartzvale", ""])
      expect(JSON.stringify(await casesAfter(world.as(anonymous), { q, limit: 50 }))).not.toMatch(
        /quartzvale/i,
      );
  });

  test("its blobs answer 410 with tombstone and proof; a blob that never was answers 404", async () => {
    const index = await indexOf(`evidence:${publicId}:${postId}:1`);
    await sealPending(db, keys);
    const tombstone = await indexOf(`tombstone:${index}`);
    const { blobs } = await keyOf(`evidence:${publicId}:${postId}:1`);
    expect(blobs).toHaveLength(3);
    for (const hex of blobs) {
      const answer = await ask(getBlob, { params: { hex } });
      expect(answer.status).toBe(410);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(await answer.json()).toMatchObject({
        code: "redacted",
        redaction: {
          reason: "privacy",
          entry: index,
          tombstone: { index: tombstone, proof: `/log/entry/${tombstone}.tlog-proof` },
        },
      });
    }
    expect((await ask(getBlob, { params: { hex: "ab".repeat(32) } })).status).toBe(404);
    const entry = await (await ask(getEntry, { params: { index: String(index) } })).json();
    expect(entry).toMatchObject({ redaction: { reason: "privacy", tombstone, scope: "entry" } });
    const stated = await db.logStatement.findUniqueOrThrow({ where: { index: BigInt(tombstone) } });
    expect(JSON.parse(stated.statement)).toMatchObject({
      predicateType: "urn:slipmark:statement:tombstone:v1",
      subject: [{ digest: { sha256: (await entryPage({ db }, index))?.pae } }],
      predicate: {
        index,
        scope: "entry",
        reason: "privacy",
        authority: createHash("sha256").update("Request 7 of 1 March").digest("hex"),
      },
    });
    await expect(
      redactEntry(as(second), {
        index: tombstone,
        reasonCode: "safety",
        authorityReference: "none",
        confirm: String(tombstone),
      }),
    ).rejects.toMatchObject({ code: "wrong-state" });
  });

  test("is done only when every site process has cleaned its caches", async () => {
    const row = await keyOf(`evidence:${publicId}:${postId}:1`);
    await db.siteProcess.createMany({ data: [{ id: "alive" }, { id: "gone", seenAt: new Date(0) }] });
    const cleaned = async () => (await keyOf(row.dedupKey)).cleanAt;
    expect(await finish(row.id)).toBe("again");
    expect(await cleaned()).toBeNull();
    await db.logRedactionSite.create({ data: { redactionId: row.id, processId: "alive" } });
    // A shared cache may still hold what it fetched just before.
    expect(await finish(row.id, { sharedCacheMs: 60_000 })).toBe("again");
    expect(await finish(row.id)).toBe("done");
    expect(await cleaned()).toEqual(world.now);
    expect((await redactionQueue(world.as(first), first)).find(({ id }) => id === row.id)?.state).toBe(
      "clean",
    );
    expect(row.paths).toEqual(
      expect.arrayContaining([`/cases/${publicId}`, `/evidence/${postId}`, "/cases", "/"]),
    );
    await db.siteProcess.deleteMany();
  });
});

test("an urgent ground needs one person; copies in the blob store go with it", async () => {
  const { publicId } = await world.opened(reporter, first);
  const key = `claim:${publicId}:1`;
  await sealPending(db, keys);
  const index = await indexOf(key);
  const page = await entryPage({ db }, index);
  const { sha256 } = await place.blobs.put(Buffer.from("a copy of the statement"));
  expect(
    await redactEntry(as(first), {
      index,
      reasonCode: "secret-exposed",
      authorityReference: "Key found by its owner",
      confirm: String(index),
    }),
  ).toMatchObject({ outcome: "erased" });
  const row = await keyOf(key);
  expect(row.blobs).toContain(page?.pae);
  await db.logRedaction.update({ where: { id: row.id }, data: { blobs: { push: sha256 } } });
  expect(await finish(row.id)).toBe("done");
  expect(await filesWith(place.folder, "a copy of the statement")).toEqual([]);
  const shown = await casePage(world.as(anonymous), publicId, anonymous);
  expect(shown?.claims[0]).toMatchObject({
    text: redactionMark,
    redaction: { reason: "secret-exposed", at: world.now.toISOString() },
  });
});

test("an act that waits for the log loses its words at once, and its statement when it has a number", async () => {
  const { id: caseId, publicId } = await world.opened(reporter, first);
  await sealPending(db, keys);
  const { postId } = await addPost(world.as(member), {
    caseId,
    body: "Basaltine words that wait",
    interest: "none",
  });
  const dedupKey = `evidence:${publicId}:${postId}:1`;
  await redactEntry(as(first), {
    dedupKey,
    reasonCode: "safety",
    authorityReference: "Desk 3",
    confirm: dedupKey,
  });
  expect(await standsIn(db, "basaltine")).toEqual([]);
  const row = await keyOf(dedupKey);
  expect(row.index).toBeNull();
  expect(await finish(row.id)).toBe("again");
  await sealPending(db, keys);
  expect(await finish(row.id)).toBe("done");
  const index = await indexOf(dedupKey);
  expect(await db.logStatement.findUnique({ where: { index: BigInt(index) } })).toBeNull();
  // The address that was written down beforehand is the one the log has given it.
  expect((await keyOf(dedupKey)).blobs).toContain((await entryPage({ db }, index))?.pae);
  expect(await db.logPending.count({ where: { dedupKey: `tombstone:${index}` } })).toBe(1);
});

test("an act about a case that is not listed is clean without a number, and gets its tombstone with one", async () => {
  const { id: caseId, publicId } = await world.notified(reporter, first);
  const dedupKey = `claim:${publicId}:1`;
  const ask = { dedupKey, reasonCode: "safety", authorityReference: "Desk 4", confirm: dedupKey } as const;
  await redactEntry(as(first), ask);
  const row = await keyOf(dedupKey);
  expect((await db.logPending.findUniqueOrThrow({ where: { dedupKey } })).heldUntil).not.toBeNull();
  expect(await finish(row.id)).toBe("done");
  expect(await keyOf(dedupKey)).toMatchObject({ index: null, cleanAt: world.now });
  world.pass(7 * day);
  await moveCase(world.as(first), { caseId, act: { act: "open" } });
  await sealPending(db, keys);
  await numberRedactions(as(anonymous), place.files);
  const index = await indexOf(dedupKey);
  expect(await db.logStatement.count({ where: { index: BigInt(index) } })).toBe(0);
  expect(await db.logPending.count({ where: { dedupKey: `tombstone:${index}` } })).toBe(1);
  expect((await keyOf(dedupKey)).index).toBe(BigInt(index));
});

test("one moderator alone waits 24 hours for what is not urgent", async () => {
  const { publicId } = await world.opened(reporter, first);
  await sealPending(db, keys);
  const index = await indexOf(`claim:${publicId}:1`);
  const asked = {
    index,
    reasonCode: "court-order",
    authorityReference: "Court of Examples, 3 O 14/26",
    confirm: String(index),
  } as const;
  expect((await redactEntry(as(first), asked)).outcome).toBe("proposed");
  await expect(
    redactEntry(as(second), { ...asked, authorityReference: "Another court" }),
  ).rejects.toMatchObject({ code: "changed-meanwhile" });
  world.pass(day);
  expect((await redactEntry(as(first), asked)).outcome).toBe("erased");
});

test("a name goes from every act under it, with a tombstone each; texts stay", async () => {
  const named = await world.user("Hollyhock Legalname");
  const { id: caseId, publicId } = await world.opened(reporter, first);
  const { postId } = await addPost(world.as(named), { caseId, body: "These words stay.", interest: "none" });
  await editPost(world.as(named), { postId, baseVersion: 1, body: "These words stay, too." });
  await sealPending(db, keys);
  const index = await indexOf(`evidence:${publicId}:${postId}:1`);
  const asked = {
    index,
    what: "name",
    reasonCode: "privacy",
    authorityReference: "Request of the person",
    confirm: String(index),
  } as const;
  await redactEntry(as(first), asked);
  expect((await redactEntry(as(second), asked)).acts).toHaveLength(2);
  expect(await standsIn(db, "hollyhock")).toEqual([]);
  const post = await postPage(world.as(anonymous), postId, anonymous);
  expect(post?.post.html).toContain("These words stay, too.");
  expect(post?.post.author).toMatch(/^reader-/);
  const page = await entryPage({ db }, index);
  expect(page?.statement).not.toBeNull();
  expect(page?.payloads.filter(({ here }) => !here)).toHaveLength(1);
  await sealPending(db, keys);
  expect(await db.logEntry.count({ where: { dedupKey: `tombstone:${index}:name` } })).toBe(1);
});

test("a restored backup loses again what was redacted after it", async () => {
  const { publicId } = await world.opened(reporter, first);
  await sealPending(db, keys);
  const key = `claim:${publicId}:1`;
  const index = await indexOf(key);
  const claim = await db.claim.findFirstOrThrow({ where: { case: { publicId }, number: 1 } });
  const statement = await db.logStatement.findUniqueOrThrow({ where: { index: BigInt(index) } });
  const payloads = await db.logPayload.findMany({ where: { digest: { in: statement.payloads } } });
  await redactEntry(as(first), {
    index,
    reasonCode: "unlawful-content",
    authorityReference: "Order 9",
    confirm: String(index),
  });
  const row = await keyOf(key);
  expect(await finish(row.id)).toBe("done");
  expect(await filesWith(place.folder, row.id)).toEqual([`${row.id}.json`]);

  // As after a restore: the words are back, and the database knows of no redaction.
  await db.claim.update({ where: { id: claim.id }, data: { text: claim.text, redactionId: null } });
  await db.logStatement.create({ data: statement });
  await db.logPayload.createMany({ data: payloads });
  await db.$executeRawUnsafe("ALTER TABLE log_redaction DISABLE TRIGGER USER");
  await db.logRedaction.delete({ where: { id: row.id } });
  await db.$executeRawUnsafe("ALTER TABLE log_redaction ENABLE TRIGGER USER");

  const again = await reapplyRedactions(as(anonymous), place.files);
  expect(again.erased).toBeGreaterThanOrEqual(1);
  expect((await db.claim.findUniqueOrThrow({ where: { id: claim.id } })).text).toBe(redactionMark);
  expect(await db.logStatement.findUnique({ where: { index: BigInt(index) } })).toBeNull();
  expect(await db.logPayload.count({ where: { digest: { in: statement.payloads } } })).toBe(0);
  expect(await keyOf(key)).toMatchObject({ id: row.id, erasedAt: row.erasedAt, blobs: row.blobs });

  // A backup of the time before the act was recorded: nothing to erase, but its blobs are known to be redacted.
  const record = JSON.parse(
    Buffer.from((await place.files.get(`redactions/${row.id}.json`)) ?? []).toString(),
  );
  const lost = { ...record, id: "rdc_00000000000000000000", dedupKey: "claim:SLP-2026-9999:1", index: 9_999 };
  await place.files.put(
    `redactions/${lost.id}.json`,
    Buffer.from(JSON.stringify({ ...lost, blobs: ["77".repeat(32)] })),
  );
  expect((await reapplyRedactions(as(anonymous), place.files)).erased).toBe(0);
  expect((await ask(getBlob, { params: { hex: "77".repeat(32) } })).status).toBe(410);
});
