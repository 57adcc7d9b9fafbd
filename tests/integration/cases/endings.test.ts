import { generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import {
  acceptParty,
  casePage,
  documentCase,
  moderationQueue,
  moveCase,
  withdrawCase,
} from "@/lib/cases/server";
import { appealCase, replyAsParty, threadOf } from "@/lib/evidence/server";
import { heldActs, signHeldAct } from "@/lib/ledger/server";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { testDatabase } from "@/tests/support/database";
import { caseWorld, day, finishedRun } from "./support";

const { db } = await testDatabase();
const world = await caseWorld(db);
const reporter = await world.user("Reed Reader");
const author = await world.user("River Author");
const stranger = await world.user("Somebody Else");
const first = await world.user("First Mod", "moderator");
const second = await world.user("Second Mod", "moderator");
const third = await world.user("Third Mod", "moderator");

/** What the statement of the newest act of a kind about a case says. */
async function said(publicId: string, kind: string) {
  const row = await db.logPending.findFirstOrThrow({
    where: { about: `case:${publicId}`, kind },
    orderBy: { id: "desc" },
  });
  return JSON.parse(row.statement).predicate;
}
const payload = async (digest: string) =>
  Buffer.from((await db.logPayload.findUniqueOrThrow({ where: { digest } })).bytes).toString();

async function accepted(id: string) {
  const party = await db.caseParty.findFirstOrThrow({ where: { caseId: id, side: "suspect" } });
  await acceptParty(world.as(first), {
    caseId: id,
    partyId: party.id,
    userId: author.userId,
    basis: "challenge-file",
  });
  return party;
}

/** A case with the suspect's author as a party, resolved by the first and the second moderator. */
async function resolved() {
  const found = await world.opened(reporter, first);
  const party = await accepted(found.id);
  const runId = await finishedRun(db, found.id, world.now, { relation: "inconclusive" });
  await moveCase(world.as(first), {
    caseId: found.id,
    act: { act: "propose-resolution", finding: "inconclusive", reasons: [{ code: "metadata-only", runId }] },
  });
  await moveCase(world.as(second), { caseId: found.id, act: { act: "confirm" } });
  return { ...found, party };
}
const page = async (id: string, viewer: Viewer = anonymous) => {
  const found = await casePage(world.as(anonymous), id, viewer);
  if (found === null) throw new Error("no such case");
  return found;
};
const appeal = (viewer: Viewer, caseId: string) =>
  appealCase(world.as(viewer), { caseId, grounds: "reply-not-considered", body: "Our reply names the run." });

test("whose voice was accepted is an entry: which namespace, who, on what basis; the words are payloads", async () => {
  const { id, publicId } = await world.opened(reporter, first);
  const party = await accepted(id);
  const entry = await said(publicId, "namespace");
  expect(entry).toMatchObject({ party: party.id, side: "suspect", basis: "challenge-file" });
  expect([await payload(entry.name), await payload(entry.speaker)]).toEqual(["river-lab", author.name]);
});

test("a finding is an outcome: by how many people, and until when an appeal is taken", async () => {
  const { publicId } = await resolved();
  expect(await said(publicId, "outcome")).toMatchObject({
    state: "resolved",
    finding: "inconclusive",
    by: "moderators",
    people: 2,
    appealUntil: new Date(world.now.getTime() + 14 * day).toISOString(),
  });
});

test("so is a withdrawal; and where nothing was decided here, no appeal is taken", async () => {
  const { id, publicId } = await world.opened(reporter, first);
  await withdrawCase(world.as(reporter), { caseId: id, reason: "mistaken" });
  expect(await said(publicId, "outcome")).toMatchObject({ state: "withdrawn", by: "reporter", people: 1 });
  const told = await documentCase(world.as(first), {
    original: { source: "hf", repository: "a-lab/one", commit: "a".repeat(40), party: "a-lab" },
    suspect: { source: "hf", repository: "b-lab/two", commit: "b".repeat(40), party: "b-lab" },
    finding: "acknowledged",
    reasons: ["party-acknowledged"],
    record: [
      { date: "2024-06-01", textEn: "Said.", textZh: "说过。", sourceKind: "press", source: "Gazette" },
    ],
  });
  expect(await said(told.publicId, "outcome")).toMatchObject({ finding: "acknowledged", appealUntil: null });
  await expect(appeal(first, told.publicId)).rejects.toMatchObject({ code: "wrong-state" });
});

test("the named author appeals, once and in time; the reasons stand where their replies stand", async () => {
  const { id, publicId } = await resolved();
  await expect(appeal(stranger, publicId)).rejects.toMatchObject({ code: "not-allowed" });
  expect((await page(publicId, author)).may.appeal).toBe(true);
  expect((await page(publicId, stranger)).may.appeal).toBe(false);
  const { postId } = await appeal(author, publicId);
  expect(await said(publicId, "appeal")).toMatchObject({
    post: postId,
    against: "resolved",
    by: "party",
    side: "suspect",
    grounds: "reply-not-considered",
  });
  const shown = await page(publicId, author);
  expect(shown.appeals).toMatchObject([{ postId, by: "party", side: "suspect" }]);
  expect(shown.may.appeal).toBe(false);
  expect(shown.timeline.at(-1)).toMatchObject({ type: "case-appealed", data: { postId } });
  expect((await threadOf(world.as(anonymous), id, anonymous)).partyReplies.map((one) => one.id)).toEqual([
    postId,
  ]);
  await expect(appeal(author, publicId)).rejects.toMatchObject({ code: "already-done" });
  const queue = await moderationQueue(world.as(third), third);
  expect(queue.find((item) => item.publicId === publicId)).toMatchObject({ waitsFor: "appeal" });

  // Whoever decided may not dismiss it alone within a day; a moderator who had no part may, with a public reason.
  const dismiss = (viewer: Viewer) =>
    moveCase(world.as(viewer), {
      caseId: id,
      act: { act: "dismiss-appeal", postId, reason: "considered-before" },
    });
  for (const viewer of [first, second])
    await expect(dismiss(viewer)).rejects.toMatchObject({ code: "not-allowed" });
  await dismiss(third);
  expect(await said(publicId, "moderate")).toMatchObject({
    action: "dismiss-appeal",
    subject: postId,
    reason: "considered-before",
  });
  expect(await page(publicId)).toMatchObject({ state: "resolved", appeals: [] });
});

test("an appeal made in time is accepted at any time, and reopens the case; without one there is nothing to accept", async () => {
  const { id, publicId } = await resolved();
  const accept = () =>
    moveCase(world.as(third), { caseId: id, act: { act: "reopen", reason: "appeal-accepted" } });
  await expect(accept()).rejects.toMatchObject({ code: "wrong-state" });
  world.pass(14 * day - 1);
  await appeal(reporter, publicId);
  world.pass(day);
  await expect(appeal(author, publicId)).rejects.toMatchObject({ code: "wrong-state" });
  await accept();
  expect(await page(publicId)).toMatchObject({ state: "open", appeals: [] });
});

test("a party's reply waits for its author's key, also while the case is not listed, and keeps it when it is", async () => {
  const { id, publicId } = await world.notified(reporter, first);
  const party = await accepted(id);
  const { postId } = await replyAsParty(world.as(author), {
    caseId: publicId,
    partyId: party.id,
    body: "We answer.",
    ownKey: true,
  });
  const [act] = await heldActs(world.as(author));
  expect(act).toMatchObject({ kind: "reply", until: null });
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  await signHeldAct(world.as(author), act?.id ?? "", {
    publicKey: publicKey.export({ format: "pem", type: "spki" }).toString(),
    signature: sign(null, act?.encoding ?? Buffer.of(), privateKey).toString("base64"),
  });
  const waiting = () =>
    db.logPending.findUniqueOrThrow({ where: { dedupKey: `reply:${publicId}:${postId}:1` } });
  expect((await waiting()).heldUntil).not.toBeNull();
  await moveCase(world.as(first), { caseId: id, act: { act: "open" } });
  const { heldUntil, publicKey: signer } = await waiting();
  expect(heldUntil).toBeNull();
  expect(Buffer.from(signer ?? [])).toEqual(publicKey.export({ format: "der", type: "spki" }));
});
