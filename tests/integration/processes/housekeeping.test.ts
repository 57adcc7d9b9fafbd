import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { draftCase, retractDraft, submitCase } from "@/lib/cases/server";
import { newId } from "@/lib/platform/ids";
import { consume } from "@/lib/platform/rate-limit";
import { startCheck } from "@/lib/verification/server";
import { housekeeping } from "@/worker/housekeeping";
import { original, suspect, testInstance } from "../verification/support";

const day = 86_400_000;
const site = await testInstance();
const { db, blobs } = site.ctx;
const started = Date.now();
const temporary = join(site.folder, "tmp-of-worker");

/** The hourly round as it would run so many days from now. */
const after = (days: number) =>
  housekeeping({ ...site.ctx, clock: { now: () => new Date(started + days * day) } }, temporary);
const in_ = (days: number) => new Date(started + days * day);

test("sessions, tokens, setup links and limits go when their term is over, and not before", async () => {
  const reader = await site.user("Reader");
  const session = { userId: reader.userId!, expires: in_(1) };
  await db.session.createMany({
    data: [
      { id: "ses_1", sessionToken: "ends", ...session },
      { id: "ses_2", sessionToken: "lives", ...session, expires: in_(40) },
    ],
  });
  await db.verificationToken.createMany({
    data: [
      { identifier: "a@lab.example", token: "ends", expires: in_(1) },
      { identifier: "b@lab.example", token: "lives", expires: in_(40) },
    ],
  });
  await db.setupLink.createMany({
    data: [
      { tokenHash: "unused", createdAt: in_(0) },
      { tokenHash: "used", createdAt: in_(0), usedAt: in_(0) },
      { tokenHash: "fresh", createdAt: in_(10) },
    ],
  });
  await consume(db, { name: "short", key: "x", points: 2, seconds: 60 });
  await consume(db, { name: "long", key: "x", points: 2, seconds: 35 * 86_400 });
  const left = async () => ({
    sessions: (await db.session.findMany({ orderBy: { id: "asc" } })).map((row) => row.sessionToken),
    tokens: (await db.verificationToken.findMany({ orderBy: { token: "asc" } })).map((row) => row.token),
    links: (await db.setupLink.findMany({ orderBy: { tokenHash: "asc" } })).map((row) => row.tokenHash),
    limits: (await db.rateLimit.findMany({ orderBy: { key: "asc" } })).map((row) => row.key),
  });
  const before = await left();
  expect(before.limits).toEqual(["long:x", "short:x"]);

  await after(0);
  expect(await left()).toEqual(before);
  await after(29);
  expect(await left()).toEqual({
    sessions: ["lives"],
    tokens: ["lives"],
    links: ["fresh", "unused", "used"],
    limits: ["long:x"],
  });
  await after(31);
  expect((await left()).links).toEqual(["fresh", "used"]);
});

test("a look-up goes after 30 days with run, result and capsule, unless a case rests on the same bytes", async () => {
  const { runId } = await startCheck(
    site.ctx,
    { original: `hf:${original.name}`, suspect: `hf:${suspect.name}` },
    { address: "192.0.2.1" },
  );
  await site.execute(runId);
  const result = await db.runResult.findUniqueOrThrow({ where: { runId } });
  await after(29);
  expect(await db.check.count()).toBe(1);

  const { id: caseId } = await site.openCase(await site.user("Reporter"));
  const { runId: _, ...copy } = result;
  const ofCase = newId("run");
  await db.run.create({
    data: { id: ofCase, caseId, state: "finished", parameters: {}, result: { create: copy } },
  });
  const releases = await db.release.count();
  await after(31);
  expect(await db.check.count()).toBe(0);
  expect(await db.run.findMany({ select: { id: true } })).toEqual([{ id: ofCase }]);
  expect(await db.runInput.count()).toBe(0);
  expect(await blobs.has(result.capsuleSha256)).toBe(true);
  expect(await db.release.count()).toBe(releases);
});

test("a capsule that nothing else refers to goes with its look-up", async () => {
  const { runId } = await startCheck(
    site.ctx,
    { original: `hf:${suspect.name}`, suspect: `hf:${original.name}` },
    { address: "192.0.2.1" },
  );
  await site.execute(runId);
  const { capsuleSha256: sha256 } = await db.runResult.findUniqueOrThrow({ where: { runId } });
  expect(await blobs.has(sha256)).toBe(true);
  await after(31);
  expect(await blobs.has(sha256)).toBe(false);
  expect(await db.blob.count({ where: { sha256 } })).toBe(0);
});

test("drafts go after 90 days; one with a number loses its words and keeps the number; captures stay", async () => {
  // A prefix of its own: the numbers of openCase are the test's.
  const settings = { ...site.ctx.settings, casePrefix: "DRF" };
  const reporter = { ...site.as(await site.user("Drafter")), settings };
  const draft = (left: string, right: string) =>
    draftCase(reporter, {
      original: `hf:${left}`,
      suspect: `hf:${right}`,
      claims: [{ kind: "same-structure", text: "The same structure." }],
      statement: "Seen today.",
      interest: "none",
    });
  const numbered = await draft(suspect.name, original.name);
  if (numbered.outcome !== "drafted") throw new Error("another test reported this pair");
  const { publicId } = await submitCase(reporter, { caseId: numbered.caseId });
  await retractDraft(reporter, { caseId: numbered.caseId });
  const waiting = await draft(suspect.name, original.name);
  const captures = await db.capture.count();
  expect(captures).toBeGreaterThan(0);

  await after(89);
  expect(await db.case.count({ where: { state: "draft" } })).toBe(2);
  await after(91);
  expect(await db.case.findUnique({ where: { id: waiting.caseId ?? "" } })).toBeNull();
  expect(await db.case.findUnique({ where: { id: numbered.caseId } })).toMatchObject({
    publicId,
    state: "draft",
    draftStatement: null,
  });
  expect(await db.capture.count()).toBe(captures);
});

test("files that a killed worker left behind go after a day", async () => {
  await mkdir(temporary, { recursive: true });
  for (const [name, age] of [
    ["old.tar", 2],
    ["new.tar", 0],
  ] as const) {
    await writeFile(join(temporary, name), "x");
    await utimes(join(temporary, name), in_(-age), in_(-age));
  }
  await after(0);
  expect(await readdir(temporary)).toEqual(["new.tar"]);
});
