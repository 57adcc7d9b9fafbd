import { describe, expect, test } from "vitest";
import { acceptParty, casePage, withdrawCase } from "@/lib/cases/server";
import {
  addPost,
  changesSince,
  editPost,
  ownPost,
  postPage,
  replyAsParty,
  threadOf,
  withdrawPost,
} from "@/lib/evidence/server";
import { anonymous } from "@/lib/platform/context";
import { testDatabase } from "@/tests/support/database";
import { caseWorld } from "../cases/support";

const { db } = await testDatabase();
const world = await caseWorld(db);
const reporter = await world.user("Reed Reader");
const author = await world.user("River Author");
const reader = await world.user("Third Reader");
const moderator = await world.user("Mod", "moderator");

async function acceptedParty(caseId: string): Promise<string> {
  const page = await casePage(world.as(moderator), caseId, moderator);
  const party = page?.parties.find((one) => one.side === "suspect");
  const { email } = await db.user.findUniqueOrThrow({ where: { id: author.userId } });
  await acceptParty(world.as(moderator), {
    caseId,
    partyId: party?.id ?? "",
    email: email ?? "",
    basis: "organisation-account",
  });
  return party?.id ?? "";
}
const evidence = (caseId: string, body = "The added tokens are equal.") =>
  addPost(world.as(reader), { caseId, body, interest: "none" });

describe("posts", () => {
  test("stand in the order in which they were added, also within one millisecond", async () => {
    const { id } = await world.opened(reporter, moderator);
    const { postId } = await evidence(id, "First.");
    const others = [];
    for (const body of ["Second.", "Third.", "Fourth.", "Fifth.", "Sixth."])
      others.push((await evidence(id, body)).postId);
    const replies = [];
    for (const body of ["One.", "Two.", "Three.", "Four.", "Five."])
      replies.push(
        (await addPost(world.as(reader), { caseId: id, parentId: postId, body, interest: "none" })).postId,
      );
    const { posts } = await threadOf(world.as(anonymous), id, anonymous);
    expect(posts.map((post) => post.id)).toEqual([postId, ...others]);
    expect(posts[0]?.replies.map((post) => post.id)).toEqual(replies);
    const page = await postPage(world.as(anonymous), postId, anonymous);
    expect(page?.replies.map((post) => post.id)).toEqual(replies);
  });

  test("evidence on a claim, a reply to it, each with author, interest and permalink", async () => {
    const { publicId, id } = await world.opened(reporter, moderator);
    const claim = await db.claim.findFirstOrThrow({ where: { caseId: id } });
    const { postId } = await addPost(world.as(reader), {
      caseId: publicId,
      claimId: claim.id,
      body: "Equal **names**.",
      interest: "other",
      interestNote: "I maintain a fork",
    });
    const reply = await addPost(world.as(reporter), {
      caseId: publicId,
      parentId: postId,
      body: "Which ones?",
      interest: "none",
    });
    const thread = await threadOf(world.as(anonymous), id, anonymous);
    expect(thread.posts).toMatchObject([
      {
        id: postId,
        kind: "evidence",
        claimId: claim.id,
        author: "Third Reader",
        interest: "other",
        interestNote: "I maintain a fork",
        html: "<p>Equal <strong>names</strong>.</p>",
        replies: [{ id: reply.postId, kind: "reply", claimId: claim.id }],
      },
    ]);
    const page = await postPage(world.as(anonymous), postId, anonymous);
    expect(page).toMatchObject({
      claimNumber: 1,
      case: { publicId, unlisted: false },
      replies: [{ id: reply.postId }],
    });
    const entries = await db.logPending.findMany({
      where: { about: `case:${publicId}`, kind: { in: ["evidence", "reply"] } },
      orderBy: { id: "asc" },
    });
    expect(entries.map((entry) => entry.kind)).toEqual(["evidence", "evidence", "reply"]);
    expect(entries.map((entry) => entry.statement).join()).not.toContain("Third Reader");
  });

  test("the same form sent twice at once is one post", async () => {
    const { publicId, id } = await world.opened(reporter, moderator);
    const input = {
      caseId: publicId,
      body: "Once.",
      interest: "none",
      idempotencyKey: "post-000001",
    } as const;
    const results = await Promise.all([addPost(world.as(reader), input), addPost(world.as(reader), input)]);
    expect(results[0]).toEqual(results[1]);
    expect(await db.post.count({ where: { caseId: id, kind: "evidence" } })).toBe(1);
  });

  test("refuses strangers, forged targets and a missing interest", async () => {
    const one = await world.opened(reporter, moderator);
    const two = await world.opened(reporter, moderator);
    const claim = await db.claim.findFirstOrThrow({ where: { caseId: two.id } });
    const { postId } = await evidence(two.id);
    const post = { caseId: one.id, body: "x", interest: "none" } as const;
    await expect(addPost(world.as(anonymous), post)).rejects.toMatchObject({ code: "sign-in-required" });
    await expect(addPost(world.as(reader), { ...post, claimId: claim.id })).rejects.toMatchObject({
      fields: { claimId: "unknown" },
    });
    await expect(addPost(world.as(reader), { ...post, parentId: postId })).rejects.toMatchObject({
      fields: { parentId: "unknown" },
    });
    await expect(addPost(world.as(reader), { caseId: one.id, body: "x" } as never)).rejects.toMatchObject({
      code: "invalid-input",
    });
    const draft = await world.draft(reporter);
    await expect(addPost(world.as(reader), { ...post, caseId: draft })).rejects.toMatchObject({
      code: "not-found",
    });
    const waiting = await world.notified(reporter, moderator);
    await expect(addPost(world.as(reader), { ...post, caseId: waiting.id })).rejects.toMatchObject({
      code: "wrong-state",
    });
  });
});

describe("editing", () => {
  test("nobody edits or withdraws another's text, a moderator neither", async () => {
    const { id } = await world.opened(reporter, moderator);
    const { postId } = await evidence(id);
    for (const viewer of [reporter, moderator, author]) {
      const ctx = world.as(viewer);
      await expect(editPost(ctx, { postId, baseVersion: 1, body: "mine" })).rejects.toMatchObject({
        code: "not-allowed",
      });
      await expect(withdrawPost(ctx, { postId })).rejects.toMatchObject({ code: "not-allowed" });
      expect(await ownPost(ctx, postId, viewer)).toBeNull();
    }
    await expect(
      editPost(world.as(anonymous), { postId, baseVersion: 1, body: "mine" }),
    ).rejects.toMatchObject({ code: "sign-in-required" });
  });

  test("free until the first reply, then dated corrections; every version and its diff stays", async () => {
    const { id } = await world.opened(reporter, moderator);
    const { postId } = await evidence(id, "It has 741 names.");
    expect(await ownPost(world.as(reader), postId, reader)).toMatchObject({ locked: false });
    expect(await editPost(world.as(reader), { postId, baseVersion: 1, body: "It has 742 names." })).toEqual({
      version: 2,
      kind: "edit",
    });
    await addPost(world.as(reporter), { caseId: id, parentId: postId, body: "741.", interest: "none" });
    world.pass(60_000);
    expect(await ownPost(world.as(reader), postId, reader)).toMatchObject({ locked: true, version: 2 });
    expect(await editPost(world.as(reader), { postId, baseVersion: 2, body: "It has 741 names." })).toEqual({
      version: 3,
      kind: "correction",
    });
    await expect(
      editPost(world.as(reader), { postId, baseVersion: 2, body: "Again." }),
    ).rejects.toMatchObject({ code: "changed-meanwhile" });
    // What the form shows then: the version to go on from, and what it changed.
    expect(await changesSince(world.as(reader), postId, 1, reader)).toEqual({
      version: 3,
      locked: true,
      diff: [{ kind: "same", text: "It has 741 names." }],
    });
    expect((await changesSince(world.as(reader), postId, 2, reader))?.diff).toContainEqual({
      kind: "removed",
      text: "742",
    });
    expect(await changesSince(world.as(reader), postId, 3, reader)).toBeNull();
    expect(await changesSince(world.as(reader), postId, 9, reader)).toBeNull();
    expect(await changesSince(world.as(reporter), postId, 2, reporter)).toBeNull();
    const page = await postPage(world.as(anonymous), postId, anonymous);
    expect(page?.post).toMatchObject({
      version: 3,
      changeKind: "correction",
      changedAt: world.now.toISOString(),
    });
    expect(page?.versions.map((version) => version.kind)).toEqual(["first", "edit", "correction"]);
    expect(page?.versions[2]?.diff).toEqual([
      { kind: "same", text: "It has " },
      { kind: "removed", text: "742" },
      { kind: "added", text: "741" },
      { kind: "same", text: " names." },
    ]);
  });

  test("an edit and the first reply at once: whichever comes second sees the other", async () => {
    const { id } = await world.opened(reporter, moderator);
    for (let round = 0; round < 5; round += 1) {
      const { postId } = await evidence(id, `Round ${round}.`);
      const [, edit] = await Promise.all([
        addPost(world.as(reporter), { caseId: id, parentId: postId, body: "Answer.", interest: "none" }),
        editPost(world.as(reader), { postId, baseVersion: 1, body: `Round ${round}, changed.` }),
      ]);
      const events = await db.caseEvent.findMany({
        where: { caseId: id },
        orderBy: { sequence: "desc" },
        take: 2,
      });
      const replyCameFirst = events[1]?.type === "post-added";
      expect(edit.kind).toBe(replyCameFirst ? "correction" : "edit");
    }
  });

  test("a withdrawn post keeps its place and its replies, and loses its words in the thread", async () => {
    const { id, publicId } = await world.opened(reporter, moderator);
    const { postId } = await evidence(id, "Never mind.");
    await addPost(world.as(reporter), { caseId: id, parentId: postId, body: "Why?", interest: "none" });
    await withdrawPost(world.as(reader), { postId });
    await withdrawPost(world.as(reader), { postId });
    const thread = await threadOf(world.as(anonymous), id, anonymous);
    expect(thread.posts).toMatchObject([
      { state: "withdrawn", html: "", links: [], replies: [{ kind: "reply" }] },
    ]);
    expect(await postPage(world.as(anonymous), postId, anonymous)).toMatchObject({
      post: { state: "withdrawn" },
    });
    const page = await casePage(world.as(anonymous), publicId, anonymous);
    expect(page?.timeline.filter((event) => event.type === "post-withdrawn")).toHaveLength(1);
    await expect(editPost(world.as(reader), { postId, baseVersion: 1, body: "Back." })).rejects.toMatchObject(
      { code: "not-allowed" },
    );
  });
});

describe("replyAsParty", () => {
  test("is possible in every state once accepted, and only for that party", async () => {
    const { id, publicId } = await world.notified(reporter, moderator);
    const partyId = await acceptedParty(id);
    const reply = (viewer: typeof author, body: string) =>
      replyAsParty(world.as(viewer), { caseId: publicId, partyId, body });
    await reply(author, "While the clock runs.");
    for (const viewer of [reporter, reader, moderator])
      await expect(reply(viewer, "Not mine.")).rejects.toMatchObject({ code: "not-allowed" });
    const page = await casePage(world.as(author), publicId, author);
    const other = page?.parties.find((one) => one.side === "original");
    await expect(
      replyAsParty(world.as(author), { caseId: publicId, partyId: other?.id ?? "", body: "x" }),
    ).rejects.toMatchObject({ code: "not-allowed" });
    await withdrawCase(world.as(reporter), { caseId: id, reason: "mistaken" });
    world.pass(1000);
    await reply(author, "After the withdrawal.");
    const thread = await threadOf(world.as(anonymous), id, anonymous);
    expect(thread.partyReplies.map((post) => post.html)).toEqual([
      "<p>While the clock runs.</p>",
      "<p>After the withdrawal.</p>",
    ]);
    expect(thread.partyReplies[0]).toMatchObject({ party: { side: "suspect", name: "river-lab" } });
    expect(thread.posts).toEqual([]);
  });
});

test("an address that no id has leads nowhere, whatever bytes it holds", async () => {
  const ctx = world.as(anonymous);
  for (const id of ["\u0000", "SLP-2026-\u0000", "", "x".repeat(5_000), "\ud800"]) {
    expect(await casePage(ctx, id, anonymous)).toBeNull();
    expect(await postPage(ctx, id, anonymous)).toBeNull();
  }
});
