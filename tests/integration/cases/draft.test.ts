import { describe, expect, test } from "vitest";
import { casePage, draftCase, draftPage, expireDrafts, submitCase, updateDraft } from "@/lib/cases/server";
import { anonymous } from "@/lib/platform/context";
import { testDatabase } from "@/tests/support/database";
import { caseWorld, day } from "./support";

const { db } = await testDatabase();
const world = await caseWorld(db);
const reporter = await world.user("Reed Reader");
const other = await world.user("Somebody Else");
const moderator = await world.user("Mod", "moderator");
const claims = [{ kind: "same-structure" as const, text: "Equal names." }];
const words = { claims, statement: "What I saw.", interest: "none" as const };

describe("draftCase", () => {
  test("captures both sides before it writes anything, and names the parties", async () => {
    const pair = world.pair();
    const result = await draftCase(world.as(reporter), { ...pair, ...words });
    expect(result).toMatchObject({ outcome: "drafted", declared: false });
    const page = await draftPage(world.as(reporter), result.caseId, reporter);
    expect(page?.releases.map(({ role, source, repository }) => `${role} ${source}:${repository}`)).toEqual([
      `original ${pair.original}`,
      `suspect ${pair.suspect}`,
    ]);
    for (const release of page?.releases ?? []) {
      expect(release.commit).toMatch(/^[0-9a-f]{40}$/);
      expect(release.capture).toMatchObject({ observedAt: world.now.toISOString(), likes: 0, downloads: 0 });
      expect(release.capture?.metadata.map((file) => file.path)).toContain("config.json");
    }
    const parties = await db.caseParty.findMany({
      where: { caseId: result.caseId },
      orderBy: { side: "asc" },
    });
    expect(parties.map(({ side, name }) => [side, name])).toEqual([
      ["original", "north-lab"],
      ["suspect", "river-lab"],
    ]);
    expect(await db.caseEvent.count({ where: { caseId: result.caseId } })).toBe(0);
    expect(await db.logPending.count({ where: { kind: { in: ["claim", "open", "notify"] } } })).toBe(0);
  });

  test("takes a registered model as the original, at the commit that was registered", async () => {
    const pair = world.pair();
    await draftCase(world.as(other), { ...pair, ...words });
    const release = await db.release.findFirstOrThrow({ where: { repository: pair.original.slice(3) } });
    const capture = await db.capture.findFirstOrThrow({ where: { releaseId: release.id } });
    const modelId = `mdl_${"0".repeat(20)}`;
    await db.model.create({
      data: {
        id: modelId,
        name: "Slip",
        releaseId: release.id,
        captureId: capture.id,
        registeredById: other.userId,
      },
    });
    const drafted = await draftCase(world.as(reporter), { ...pair, original: modelId, ...words });
    const page = await draftPage(world.as(reporter), drafted.caseId, reporter);
    expect(page?.releases[0]).toMatchObject({ releaseId: release.id, modelId });
  });

  test("refuses the same release on both sides, at the field", async () => {
    const { original } = world.pair();
    await expect(
      draftCase(world.as(reporter), { original, suspect: original, ...words }),
    ).rejects.toMatchObject({ code: "same-release", fields: { suspect: "same-release" } });
  });

  test("tells at the field what is wrong with an address, and keeps no half of a draft", async () => {
    const { original } = world.pair();
    const before = await db.case.count();
    await expect(
      draftCase(world.as(reporter), { original, suspect: "hf:river-lab/nowhere", ...words }),
    ).rejects.toMatchObject({ code: "unknown-repository", fields: { suspect: "unknown-repository" } });
    await expect(
      draftCase(world.as(reporter), { original: "not an address", suspect: original, ...words }),
    ).rejects.toMatchObject({ code: "bad-address", fields: { original: "bad-address" } });
    expect(await db.case.count()).toBe(before);
  });

  test("against a card that declares the original, only licence and undeclared-part claims are taken", async () => {
    const pair = world.pair({ declared: true });
    await expect(draftCase(world.as(reporter), { ...pair, ...words })).rejects.toMatchObject({
      code: "declared-derivative",
    });
    const result = await draftCase(world.as(reporter), {
      ...pair,
      ...words,
      claims: [{ kind: "licence-notice", text: "The notice is missing." }],
    });
    expect(result).toMatchObject({ outcome: "drafted", declared: true });
    await expect(updateDraft(world.as(reporter), { caseId: result.caseId, ...words })).rejects.toMatchObject({
      code: "declared-derivative",
    });
  });

  test("needs an account, and refuses forged fields", async () => {
    const pair = world.pair();
    await expect(draftCase(world.as(anonymous), { ...pair, ...words })).rejects.toMatchObject({
      code: "sign-in-required",
    });
    const forged = { ...pair, ...words, claims: [{ kind: "guilty", text: "x" }] } as never;
    await expect(draftCase(world.as(reporter), forged)).rejects.toMatchObject({ code: "invalid-input" });
    await expect(
      draftCase(world.as(reporter), { ...pair, ...words, interest: "other" }),
    ).rejects.toMatchObject({ fields: { interestNote: "required" } });
  });

  test("the same form sent twice at once is one draft", async () => {
    const input = { ...world.pair(), ...words, idempotencyKey: "form-000001" };
    const results = await Promise.all([
      draftCase(world.as(reporter), input),
      draftCase(world.as(reporter), input),
    ]);
    expect(results[0].caseId).toBe(results[1].caseId);
  });
});

describe("submitCase", () => {
  test("gives consecutive numbers, one per case, however often and at once it is sent", async () => {
    const ids = await Promise.all([world.draft(reporter), world.draft(reporter), world.draft(reporter)]);
    const results = await Promise.all(
      [...ids, ...ids].map((caseId) => submitCase(world.as(reporter), { caseId })),
    );
    const numbers = results.map(({ publicId }) => Number(/^SLP-2026-(\d{4})$/.exec(publicId)?.[1]));
    const first = Math.min(...numbers);
    expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual([first, first + 1, first + 2]);
    for (const [index] of ids.entries())
      expect(results[index]?.publicId).toBe(results[index + ids.length]?.publicId);
    expect(await db.caseEvent.count({ where: { caseId: { in: ids } } })).toBe(3);
  });

  test("nobody else submits, edits or sees a draft", async () => {
    const caseId = await world.draft(reporter);
    await expect(submitCase(world.as(other), { caseId })).rejects.toMatchObject({ code: "not-found" });
    await expect(updateDraft(world.as(other), { caseId, ...words })).rejects.toMatchObject({
      code: "not-found",
    });
    await expect(submitCase(world.as(moderator), { caseId })).rejects.toMatchObject({ code: "not-allowed" });
    expect(await draftPage(world.as(other), caseId, other)).toBeNull();
    expect(await draftPage(world.as(reporter), caseId, reporter)).toMatchObject({ own: true });
    expect(await draftPage(world.as(moderator), caseId, moderator)).toMatchObject({ own: false });
    expect(await draftPage(world.as(anonymous), caseId, anonymous)).toBeNull();
    const { publicId } = await submitCase(world.as(reporter), { caseId });
    expect(await casePage(world.as(anonymous), publicId, anonymous)).toBeNull();
    await expect(updateDraft(world.as(reporter), { caseId, ...words })).rejects.toMatchObject({
      code: "wrong-state",
    });
  });
});

describe("expireDrafts", () => {
  test("removes drafts of 90 days, and no others", async () => {
    const old = await world.draft(reporter);
    world.pass(90 * day);
    const young = await world.draft(reporter);
    await expect(submitCase(world.as(reporter), { caseId: old })).rejects.toMatchObject({
      code: "wrong-state",
    });
    await expireDrafts(world.as(anonymous));
    expect(await db.case.findMany({ where: { id: { in: [old, young] } }, select: { id: true } })).toEqual([
      { id: young },
    ]);
  });
});
