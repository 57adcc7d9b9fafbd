import { beforeAll, expect, test } from "vitest";
import { getCase } from "@/app/api/v1/_endpoints/cases";
import { acceptParty, casePage, moveCase } from "@/lib/cases/server";
import { methodsAbout } from "@/lib/engine/methods/about";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { applyRecall, recallMethod, runPage } from "@/lib/verification/server";
import { testDatabase } from "@/tests/support/database";
import { type CaseWorld, caseWorld, finishedRun } from "../cases/support";
import { asking } from "../http/support";

const { db } = await testDatabase();
let world: CaseWorld;
let reporter: Viewer & { readonly userId: string };
let voice: Viewer & { readonly userId: string };
let first: Viewer & { readonly userId: string };
let second: Viewer & { readonly userId: string };
const ask = asking({ ctx: { db, clock: { now: () => new Date() } } } as never);

beforeAll(async () => {
  world = await caseWorld(db);
  reporter = await world.user("Reporter");
  voice = await world.user("Voice");
  first = await world.user("First", "moderator");
  second = await world.user("Second", "moderator");
});

/** A case resolved on one finished run, whose result names these versions. */
async function resolvedOn(versions: Readonly<Record<string, string>>) {
  const { id, publicId } = await world.opened(reporter, first);
  const runId = await finishedRun(db, id, world.now, { relation: "inconclusive", versions });
  await moveCase(world.as(first), {
    caseId: id,
    act: {
      act: "propose-resolution",
      finding: "inconclusive",
      reasons: [{ code: "metadata-only", runId }],
    },
  });
  await moveCase(world.as(second), { caseId: id, act: { act: "confirm" } });
  return { id, publicId, runId };
}

test("a recall strikes results through, takes findings back, tells people and queues re-runs, once", async () => {
  const hit = await resolvedOn({ architecture: "0", lineage: "2" });
  const spared = await resolvedOn({ architecture: "1", lineage: "2" });
  const suspect = (await db.caseParty.findFirstOrThrow({ where: { caseId: hit.id, side: "suspect" } })).id;
  await acceptParty(world.as(first), {
    caseId: hit.id,
    partyId: suspect,
    userId: voice.userId,
    basis: "challenge-file",
  });

  const asked = {
    method: "architecture",
    version: "0",
    reasonCode: "implementation-error",
    note: "Shards were read twice.",
  } as const;
  await expect(recallMethod(world.as(reporter), asked)).rejects.toMatchObject({ code: "not-allowed" });
  await expect(recallMethod(world.as(first), { ...asked, version: "77" })).rejects.toMatchObject({
    fields: { version: "unknown-version" },
  });
  const done = await recallMethod(world.as(first), asked);
  expect(done).toMatchObject({ findings: 1, results: 1 });
  await expect(recallMethod(world.as(second), asked)).rejects.toMatchObject({ code: "already-done" });

  // The finding is gone with the procedure, at once; the other case stands.
  const page = await casePage(world.as(anonymous), hit.publicId, anonymous);
  expect(page).toMatchObject({ state: "open", finding: "not_examined", findingReasons: [] });
  expect(page?.runs[0]).toMatchObject({ id: hit.runId, recalled: ["architecture@0"], redacted: false });
  expect(page?.timeline.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["finding-recalled", "case-reopened"]),
  );
  expect(await casePage(world.as(anonymous), spared.publicId, anonymous)).toMatchObject({
    state: "resolved",
    finding: "inconclusive",
  });
  const run = await runPage({ ...world.as(anonymous) }, hit.runId);
  expect(run?.result?.recalled).toEqual(["architecture@0"]);
  const answer = await (await ask(getCase, { params: { id: hit.publicId } })).json();
  expect(answer).toMatchObject({ finding: "not_examined", runs: [{ recalled: ["architecture@0"] }] });
  // A new finding cannot rest on it either.
  await expect(
    moveCase(world.as(first), {
      caseId: hit.id,
      act: {
        act: "propose-resolution",
        finding: "inconclusive",
        reasons: [{ code: "metadata-only", runId: hit.runId }],
      },
    }),
  ).rejects.toMatchObject({ fields: { reasons: "reason-unfounded" } });

  const kinds = (
    await db.logPending.findMany({ where: { about: `case:${hit.publicId}` }, orderBy: { id: "asc" } })
  ).map(({ kind }) => kind);
  expect(kinds.slice(-2)).toEqual(["finding", "state"]);
  const recall = await db.logPending.findUniqueOrThrow({ where: { dedupKey: "recall:architecture@0" } });
  expect(JSON.parse(recall.statement).predicate).toMatchObject({
    method: "architecture",
    version: "0",
    reason: "implementation-error",
  });
  expect(world.sent.at(-1)).toEqual({
    name: "recall.apply",
    payload: { version: 1, recallId: done.recallId },
  });

  // The job, three times: after a crash it is done again.
  const mails: { to: string; subject: string; text: string }[] = [];
  let broken = true;
  const send = async (mail: (typeof mails)[number]) => {
    if (broken && mails.length === 1) {
      broken = false;
      throw new Error("the mail server hangs up");
    }
    mails.push(mail);
  };
  await expect(applyRecall(world.as(anonymous), done.recallId, send)).rejects.toThrow("hangs up");
  await applyRecall(world.as(anonymous), done.recallId, send);
  await applyRecall(world.as(anonymous), done.recallId, send);
  const addresses = await db.user.findMany({
    where: { id: { in: [reporter.userId, voice.userId] } },
    select: { email: true },
  });
  expect(mails.map(({ to }) => to).sort()).toEqual(addresses.map(({ email }) => email).sort());
  expect(mails[0]?.text).toMatch(/Architecture and names, version 0[\s\S]*结构与命名，第 0 版/);
  expect(mails[0]?.text).toContain("“not examined” again");
  const again = await db.run.findMany({ where: { rerunOfId: hit.runId }, include: { inputs: true } });
  expect(again).toHaveLength(1);
  expect(again[0]).toMatchObject({ state: "queued", requestedById: first.userId, caseId: hit.id });
  // The version of today is another one, so the method itself is asked again, too.
  expect(again[0]?.parameters).toMatchObject({ methods: ["architecture", "lineage"] });
  expect(await db.case.findUniqueOrThrow({ where: { id: hit.id } })).toMatchObject({
    state: "under_verification",
  });
  expect(await db.run.count({ where: { caseId: spared.id, state: "queued" } })).toBe(0);
});

test("a version that is still in use is not asked again; a finding that stands without it stays", async () => {
  const version = methodsAbout.find(({ id }) => id === "lineage")?.version ?? "";
  const { id, publicId, runId } = await resolvedOn({ architecture: "9", lineage: version });
  // A second run without the method bears the finding out by itself, once the reason names it.
  const other = await finishedRun(db, id, world.now, {
    relation: "inconclusive",
    versions: { architecture: "9" },
  });
  await db.case.update({
    where: { id },
    data: { findingReasons: [{ code: "metadata-only", runId: other }] },
  });
  const { recallId } = await recallMethod(world.as(second), {
    method: "lineage",
    version,
    reasonCode: "false-positives",
  });
  expect(await casePage(world.as(anonymous), publicId, anonymous)).toMatchObject({
    state: "resolved",
    finding: "inconclusive",
  });
  await applyRecall(world.as(anonymous), recallId, async () => undefined);
  const [again] = await db.run.findMany({ where: { rerunOfId: runId } });
  expect(again?.parameters).toMatchObject({ methods: ["architecture"] });
});
