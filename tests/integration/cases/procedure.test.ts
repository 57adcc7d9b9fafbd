import { describe, expect, test } from "vitest";
import {
  acceptParty,
  casePage,
  draftCase,
  latestCases,
  listCases,
  moderationPage,
  moderationQueue,
  moveCase,
  submitCase,
  withdrawCase,
} from "@/lib/cases/server";
import { replyAsParty, threadOf } from "@/lib/evidence/server";
import { anonymous } from "@/lib/platform/context";
import { captureRelease, registerModel } from "@/lib/registry/server";
import { testDatabase } from "@/tests/support/database";
import { hubRepository } from "@/tests/support/hub";
import { caseWorld, day, finishedRun } from "./support";

const { db } = await testDatabase();
const world = await caseWorld(db);
const reporter = await world.user("Reed Reader");
const author = await world.user("River Author");
const first = await world.user("First Mod", "moderator");
const second = await world.user("Second Mod", "admin");
const emailOf = async (userId: string) =>
  (await db.user.findUniqueOrThrow({ where: { id: userId } })).email as string;
const kindsOf = async (publicId: string) =>
  (await db.logPending.findMany({ where: { about: `case:${publicId}` }, orderBy: { id: "asc" } })).map(
    (row) => row.kind,
  );

/** Kinds of acts that the log may take now. */
const dueOf = async (publicId: string) =>
  (
    await db.logPending.findMany({
      where: { about: `case:${publicId}`, heldUntil: null },
      orderBy: { id: "asc" },
    })
  ).map((row) => row.kind);

describe("notice and opening", () => {
  test("what is said about an unlisted case waits outside of the log, where anybody could read it", async () => {
    const { id, publicId } = await world.notified(reporter, first);
    // That both sides were captured before anybody was told says nothing about anybody.
    expect(await dueOf(publicId)).toEqual(["capture", "capture"]);
    world.pass(7 * day);
    await moveCase(world.as(first), { caseId: id, act: { act: "open" } });
    expect(await dueOf(publicId)).toEqual(["capture", "capture", "claim", "evidence", "notify", "open"]);
  });

  test("withdrawn before it opened, it is public too, and so is what was said", async () => {
    const { id, publicId } = await world.notified(reporter, first);
    await withdrawCase(world.as(reporter), { caseId: id, reason: "mistaken" });
    expect(await dueOf(publicId)).toEqual(await kindsOf(publicId));
    expect((await dueOf(publicId)).slice(-2)).toEqual(["withdraw", "outcome"]);
  });

  test("a refused draft goes back with its coded reason and keeps its number", async () => {
    const caseId = await world.draft(reporter);
    const { publicId } = await submitCase(world.as(reporter), { caseId });
    await moveCase(world.as(first), { caseId, act: { act: "refuse", reason: "names-people" } });
    expect(await db.case.findUnique({ where: { id: caseId } })).toMatchObject({
      state: "draft",
      submittedAt: null,
      refusedReason: "names-people",
    });
    expect(await submitCase(world.as(reporter), { caseId })).toEqual({ outcome: "submitted", publicId });
  });

  test("the notice publishes claims and statement, starts the clock, and keeps the case unlisted", async () => {
    const { id, publicId } = await world.notified(reporter, first);
    const page = await casePage(world.as(anonymous), publicId, anonymous);
    expect(page).toMatchObject({ state: "notified", unlisted: true, finding: "not_examined" });
    expect(Date.parse(page?.replyDueAt ?? "")).toBe(world.now.getTime() + 7 * day);
    expect(page?.timeline.map((event) => event.type)).toEqual(["case-submitted", "case-notified"]);
    expect(page?.timeline[1]?.data.notice).toMatchObject({
      en: expect.stringContaining(`https://slipmark.example/en/cases/${publicId}`),
      zh: expect.stringContaining(`https://slipmark.example/zh/cases/${publicId}`),
    });
    const thread = await threadOf(world.as(anonymous), id, anonymous);
    expect(thread.statement?.html).toContain("Compared on 1 March");
    expect(thread.statement?.links).toMatchObject([{ url: "https://notes.example/compare", capture: null }]);
    expect(await kindsOf(publicId)).toEqual(["capture", "capture", "claim", "evidence", "notify"]);
    expect((await listCases(world.as(anonymous), {})).items.map((item) => item.publicId)).not.toContain(
      publicId,
    );
    expect((await latestCases(world.as(anonymous), 50)).map((item) => item.publicId)).not.toContain(publicId);
  });

  test("captures of all releases go on record with the notice, not before, and each once", async () => {
    // With tensor names, so that nothing is missing from the capture and it is used again for the report.
    const index = { weight_map: { "layers.0.weight": "model-00001-of-00001.safetensors" } };
    world.hub.addRepository(hubRepository("north-lab/indexed", { "model.safetensors.index.json": index }));
    const pair = { ...world.pair(), original: "hf:north-lab/indexed" };
    const [ancestor, control] = [world.pair().original, world.pair().original];
    const { captureId } = await captureRelease(world.as(author), pair.original);
    await registerModel(world.as(author), { captureId, name: "Slip" });
    const caseId = await world.draft(reporter, { ...pair, ancestors: [ancestor], controls: [control] });
    const { publicId } = await submitCase(world.as(reporter), { caseId });
    const recorded = async () => {
      const rows = await db.caseRelease.findMany({ where: { caseId } });
      const keys = rows.map((row) => `capture:${row.captureId}`);
      const acts = await db.logPending.findMany({
        where: { dedupKey: { in: keys } },
        orderBy: { id: "asc" },
      });
      return { releases: rows.length, about: acts.map((act) => act.about.replace(/mdl_.*/, "mdl")) };
    };
    // The original's capture was recorded by its registration; the draft has announced nothing.
    expect(await recorded()).toEqual({ releases: 4, about: ["model:mdl"] });
    await moveCase(world.as(first), { caseId, act: { act: "notify" } });
    const about = `case:${publicId}`;
    expect(await recorded()).toEqual({ releases: 4, about: ["model:mdl", about, about, about] });
    expect(await db.logPending.count({ where: { kind: "capture", about } })).toBe(3);
  });

  test("opens when the clock has run out, not before; at once when evidence is at risk", async () => {
    const { id, publicId } = await world.notified(reporter, first);
    const open = { caseId: id, act: { act: "open" } } as const;
    await expect(moveCase(world.as(first), open)).rejects.toMatchObject({ code: "wrong-state" });
    world.pass(7 * day);
    expect(await moveCase(world.as(first), open)).toEqual({ state: "open" });
    expect((await listCases(world.as(anonymous), {})).items[0]).toMatchObject({ publicId, state: "open" });
    expect(await kindsOf(publicId)).toContain("open");

    const risky = await world.notified(reporter, first);
    await moveCase(world.as(first), { caseId: risky.id, act: { act: "open-early", reason: "deleted" } });
    const page = await casePage(world.as(anonymous), risky.publicId, anonymous);
    expect(page?.timeline.at(-1)).toMatchObject({
      type: "case-opened",
      data: { reason: "evidence-deleted" },
    });
  });

  test("opens after a reply of the named party, who was accepted on a stated basis", async () => {
    const { id, publicId } = await world.notified(reporter, first);
    const page = await casePage(world.as(author), publicId, author);
    const party = page?.parties.find((one) => one.side === "suspect");
    const accept = { caseId: id, partyId: party?.id ?? "", basis: "challenge-file" } as const;
    await expect(
      acceptParty(world.as(reporter), { ...accept, email: await emailOf(author.userId) }),
    ).rejects.toMatchObject({ code: "not-allowed" });
    await expect(
      acceptParty(world.as(first), { ...accept, email: await emailOf(reporter.userId) }),
    ).rejects.toMatchObject({ fields: { email: "is-reporter" } });
    await expect(
      acceptParty(world.as(first), { ...accept, email: "nobody@lab.example" }),
    ).rejects.toMatchObject({ fields: { email: "unknown-account" } });
    await acceptParty(world.as(first), { ...accept, email: await emailOf(author.userId) });
    await replyAsParty(world.as(author), {
      caseId: publicId,
      partyId: accept.partyId,
      body: "We trained it.",
    });
    await moveCase(world.as(first), { caseId: id, act: { act: "open" } });
    const after = await casePage(world.as(anonymous), publicId, anonymous);
    expect(after?.timeline.at(-1)?.data).toEqual({ reason: "reply-received" });
    expect(after?.parties.find((one) => one.side === "suspect")).toMatchObject({
      hasReplied: true,
      basis: "challenge-file",
      speaker: "River Author",
    });
    expect(JSON.stringify(after)).not.toContain(await emailOf(author.userId));
  });

  test("two moderators at once: one act takes effect, the other is told", async () => {
    const caseId = await world.draft(reporter);
    await submitCase(world.as(reporter), { caseId });
    const results = await Promise.allSettled([
      moveCase(world.as(first), { caseId, act: { act: "notify" } }),
      moveCase(world.as(second), { caseId, act: { act: "refuse", reason: "private-data" } }),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await db.caseEvent.count({ where: { caseId } })).toBe(2);
  });

  test("an act on a page that is out of date is refused", async () => {
    const { id } = await world.opened(reporter, first);
    const page = await moderationPage(world.as(first), id, first);
    await moveCase(world.as(second), { caseId: id, act: { act: "propose-withdrawal", reason: "mistaken" } });
    await expect(
      moveCase(world.as(first), {
        caseId: id,
        ...(page ? { version: page.version } : {}),
        act: { act: "discard-proposal" },
      }),
    ).rejects.toMatchObject({ code: "changed-meanwhile" });
  });

  test("the same pair reported again joins the case; of two waiting reports one becomes it", async () => {
    const pair = world.pair();
    const words = {
      claims: [{ kind: "same-files" as const, text: "Equal." }],
      statement: "Seen.",
      interest: "none" as const,
    };
    const [one, two] = await Promise.all([
      draftCase(world.as(reporter), { ...pair, ...words }),
      draftCase(world.as(author), { ...pair, ...words }),
    ]);
    await submitCase(world.as(reporter), { caseId: one.caseId });
    await submitCase(world.as(author), { caseId: two.caseId });
    const results = await Promise.allSettled([
      moveCase(world.as(first), { caseId: one.caseId, act: { act: "notify" } }),
      moveCase(world.as(second), { caseId: two.caseId, act: { act: "notify" } }),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find((result) => result.status === "rejected")).toMatchObject({
      reason: { code: "already-done" },
    });
    expect(await draftCase(world.as(first), { ...pair, ...words })).toMatchObject({ outcome: "joined" });
  });
});

describe("finding, withdrawal, reopening", () => {
  test("a finding needs a run behind its reason and a second person; the public sees it only then", async () => {
    const { id, publicId } = await world.opened(reporter, first);
    const propose = (runId: string) => ({
      caseId: id,
      act: {
        act: "propose-resolution" as const,
        finding: "inconclusive" as const,
        reasons: [{ code: "metadata-only" as const, runId }],
      },
    });
    await expect(moveCase(world.as(first), propose("run_none"))).rejects.toMatchObject({
      fields: { reasons: "reason-unfounded" },
    });
    const runId = await finishedRun(db, id, world.now, { relation: "inconclusive" });
    await moveCase(world.as(first), propose(runId));
    await expect(moveCase(world.as(first), { caseId: id, act: { act: "confirm" } })).rejects.toMatchObject({
      code: "not-allowed",
    });
    const before = await casePage(world.as(anonymous), publicId, anonymous);
    expect(before?.finding).toBe("not_examined");
    expect(before?.timeline.map((event) => event.type)).not.toContain("case-resolution-proposed");
    expect((await moderationQueue(world.as(second), second))[0]).toMatchObject({
      waitsFor: expect.any(String),
    });

    await moveCase(world.as(second), { caseId: id, act: { act: "confirm" } });
    const page = await casePage(world.as(anonymous), publicId, anonymous);
    expect(page).toMatchObject({
      state: "resolved",
      finding: "inconclusive",
      findingReasons: [{ code: "metadata-only", runId }],
      claims: [{ runs: [{ id: runId, relation: "inconclusive" }] }],
    });
    // Two people: whoever proposed stands in the public history as well as whoever confirmed.
    expect(page?.timeline.slice(-2)).toMatchObject([
      { type: "case-resolution-proposed", actor: first.name },
      { type: "case-resolved", actor: second.name, data: { people: 2 } },
    ]);
    expect(Date.parse(page?.appealUntil ?? "")).toBe(world.now.getTime() + 14 * day);
    const entry = await db.logPending.findFirstOrThrow({
      where: { about: `case:${publicId}`, kind: "finding" },
    });
    expect(JSON.parse(entry.statement).predicate).toMatchObject({
      finding: "inconclusive",
      results: ["ab".repeat(32)],
    });

    await moveCase(world.as(first), { caseId: id, act: { act: "reopen", reason: "new-evidence" } });
    expect(await casePage(world.as(anonymous), publicId, anonymous)).toMatchObject({ state: "open" });
  });

  test("withdrawn cases still resolve; one that was never opened stays out of lists", async () => {
    const opened = await world.opened(reporter, first);
    await expect(
      withdrawCase(world.as(author), { caseId: opened.id, reason: "mistaken" }),
    ).rejects.toMatchObject({ code: "not-allowed" });
    await withdrawCase(world.as(reporter), { caseId: opened.id, reason: "mistaken" });
    const waiting = await world.notified(reporter, first);
    await withdrawCase(world.as(reporter), { caseId: waiting.publicId, reason: "settled" });
    const listed = (await listCases(world.as(anonymous), { state: "withdrawn" })).items.map(
      (item) => item.publicId,
    );
    expect(listed).toContain(opened.publicId);
    expect(listed).not.toContain(waiting.publicId);
    for (const { publicId } of [opened, waiting])
      expect(await casePage(world.as(anonymous), publicId, anonymous)).toMatchObject({ state: "withdrawn" });
    expect(await casePage(world.as(anonymous), waiting.publicId, anonymous)).toMatchObject({
      unlisted: true,
    });
  });

  test("members cannot moderate", async () => {
    const { id } = await world.notified(reporter, first);
    for (const viewer of [reporter, author])
      await expect(
        moveCase(world.as(viewer), { caseId: id, act: { act: "open-early", reason: "deleted" } }),
      ).rejects.toMatchObject({ code: "not-allowed" });
    await expect(moderationQueue(world.as(reporter), reporter)).rejects.toMatchObject({
      code: "not-allowed",
    });
    await expect(moderationPage(world.as(anonymous), id, anonymous)).rejects.toMatchObject({
      code: "sign-in-required",
    });
  });
});

describe("listCases", () => {
  test("finds by name, number and Chinese words, filters, and pages", async () => {
    const caseId = await world.draft(reporter, {
      claims: [{ kind: "same-tokenizer", text: "两边的分词器完全一致。" }],
    });
    const { publicId } = await submitCase(world.as(reporter), { caseId });
    const find = async (q: string) =>
      (await listCases(world.as(anonymous), { q })).items.map((item) => item.publicId);
    expect(await find("分词器")).not.toContain(publicId);
    await moveCase(world.as(first), { caseId, act: { act: "notify" } });
    await moveCase(world.as(first), { caseId, act: { act: "open-early", reason: "deleted" } });
    expect(await find("分词器")).toEqual([publicId]);
    expect(await find(publicId.toLowerCase())).toEqual([publicId]);
    expect(await find("river-lab")).toContain(publicId);
    expect(await find("100%_nothing")).toEqual([]);
    const page = await listCases(world.as(anonymous), { state: "open", page: 99 });
    expect(page.items).toEqual([]);
    expect((await listCases(world.as(anonymous), { finding: "acknowledged" })).total).toBe(0);
  });
});
