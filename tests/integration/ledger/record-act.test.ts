import { describe, expect, test } from "vitest";
import { sha256Hex } from "@/lib/engine/formats/canonical-json";
import { type Act, payloadDigest, recordAct, storePayload } from "@/lib/ledger/server";
import { commitFacts } from "@/tests/support/commit-facts";
import { testDatabase } from "@/tests/support/database";

const { db } = await testDatabase();
const t = new Date("2026-03-01T08:00:00.000Z");
let number = 0;

function commitment(over: Partial<Act<"commit">> = {}): Act<"commit"> {
  const model = `mdl_${String(++number).padStart(20, "0")}`;
  return {
    kind: "commit",
    about: `model:${model}`,
    subjects: [{ name: "canary-root", digest: { sha256: "cd".repeat(32) } }],
    predicate: { model, ...commitFacts },
    actor: { role: "registrant", name: "竹里 Bamboo" },
    dedupKey: `commit:${model}`,
    t,
    ...over,
  };
}

describe("recordAct", () => {
  test("writes one canonical statement whose hash is kept beside it", async () => {
    const act = commitment();
    await db.$transaction((tx) => recordAct(tx, act));
    const row = await db.logPending.findUniqueOrThrow({ where: { dedupKey: act.dedupKey } });
    expect(row).toMatchObject({ kind: "commit", about: act.about, t });
    expect(row.statementSha256).toBe(sha256Hex(row.statement));
    const statement = JSON.parse(row.statement);
    expect(statement.predicateType).toBe("urn:slipmark:statement:commit:v1");
    expect(statement.predicate.salt).toMatch(/^[0-9a-f]{64}$/);
    const waiting = await db.logPending.findMany({
      where: { about: act.about },
      select: { kind: true, statementSha256: true, t: true },
    });
    expect(waiting).toEqual([{ kind: "commit", statementSha256: row.statementSha256, t }]);
  });

  test("keeps the public name in a payload, under another salt each time, so that acts do not link", async () => {
    const acts = [commitment(), commitment()];
    await db.$transaction(async (tx) => {
      for (const act of acts) await recordAct(tx, act);
    });
    const rows = await db.logPending.findMany({ where: { about: { in: acts.map(({ about }) => about) } } });
    const actors = rows.map(({ statement }) => JSON.parse(statement).predicate.actor);
    expect(rows.map(({ statement }) => statement.includes("Bamboo"))).toEqual([false, false]);
    expect(actors[0].name).not.toBe(actors[1].name);
    const payload = await db.logPayload.findUniqueOrThrow({ where: { digest: actors[0].name } });
    expect(Buffer.from(payload.bytes).toString("utf8")).toBe("竹里 Bamboo");
    expect(payloadDigest(payload.salt, payload.bytes)).toBe(payload.digest);
  });

  test("the same act again changes nothing, even after the log has taken the first one over", async () => {
    const act = commitment();
    await db.$transaction((tx) => recordAct(tx, act));
    await db.$transaction((tx) => recordAct(tx, act));
    expect(await db.logPending.count({ where: { about: act.about } })).toBe(1);
    await db.logPending.deleteMany({ where: { about: act.about } });
    await db.$transaction((tx) => recordAct(tx, act));
    expect(await db.logPending.count({ where: { about: act.about } })).toBe(0);
  });

  test("two at the same moment make one entry", async () => {
    const act = commitment();
    await Promise.all([1, 2, 3, 4].map(() => db.$transaction((tx) => recordAct(tx, act))));
    expect(await db.logPending.count({ where: { about: act.about } })).toBe(1);
  });

  test("leaves nothing behind when the transaction fails", async () => {
    const act = commitment();
    const payloads = await db.logPayload.count();
    const failing = db.$transaction(async (tx) => {
      await recordAct(tx, act);
      throw new Error("the business write failed");
    });
    await expect(failing).rejects.toThrow("the business write failed");
    expect(await db.logPending.count({ where: { about: act.about } })).toBe(0);
    expect(await db.logDedup.count({ where: { key: act.dedupKey } })).toBe(0);
    expect(await db.logPayload.count()).toBe(payloads);
  });

  test("a malformed act takes the business write down with it", async () => {
    const act = commitment({ subjects: [] });
    const failing = db.$transaction(async (tx) => {
      await tx.setting.create({ data: { key: "written-first", value: true } });
      await recordAct(tx, act);
    });
    await expect(failing).rejects.toThrow();
    expect(await db.setting.count({ where: { key: "written-first" } })).toBe(0);
    expect(await db.logDedup.count({ where: { key: act.dedupKey } })).toBe(0);
  });
});

test("storePayload gives another digest for the same text each time", async () => {
  const [first, second] = await db.$transaction(async (tx) => [
    await storePayload(tx, "same words"),
    await storePayload(tx, "same words"),
  ]);
  expect(first).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(second).not.toBe(first);
});
