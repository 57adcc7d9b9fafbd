import { expect, test } from "vitest";
import { getRunReproductions } from "@/app/api/v1/_endpoints/runs";
import { heldActs } from "@/lib/ledger/server";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { fileReproduction, reproductionsOf } from "@/lib/verification/server";
import { testDatabase } from "@/tests/support/database";
import { caseWorld, finishedRun } from "../cases/support";
import { asking } from "../http/support";

const { db } = await testDatabase();
const world = await caseWorld(db);
const reporter = await world.user("Reed Reader");
const sceptic = await world.user("Sceptic");
const second = await world.user("Second Sceptic");
const moderator = await world.user("Mod", "moderator");

const recorded = `sha256:${"ab".repeat(32)}`;
const other = `sha256:${"12".repeat(32)}`;
const printed = (computed: string, change: object = {}) =>
  JSON.stringify({
    schema: "slipmark.reproduction/v1",
    same: true,
    intact: true,
    from: "capsule",
    recorded: { digest: recorded, build: "ef".repeat(32) },
    computed: { digest: computed, build: "ef".repeat(32) },
    ...change,
  });
const file = (viewer: Viewer, runId: string, document: string, ownKey?: boolean) =>
  fileReproduction(world.as(viewer), { runId, document, interest: "none", ...(ownKey ? { ownKey } : {}) });
async function run(): Promise<{ readonly runId: string; readonly publicId: string }> {
  const { id, publicId } = await world.opened(reporter, moderator);
  return { runId: await finishedRun(db, id, world.now, { relation: "inconclusive" }), publicId };
}

test("an account states what came out; equal or not is decided here, and both stand in one list and in the log", async () => {
  const { runId, publicId } = await run();
  const same = await file(sceptic, runId, printed(recorded));
  expect(same.same).toBe(true);
  expect(await file(sceptic, runId, printed(recorded))).toEqual(same);
  world.pass(1000);
  // Whatever the file says of itself.
  expect((await file(second, runId, printed(other))).same).toBe(false);
  world.pass(1000);
  expect((await file(reporter, runId, printed(recorded))).same).toBe(true);
  expect(await reproductionsOf(world.as(anonymous), runId)).toMatchObject([
    { by: "Sceptic", same: true, independent: true, from: "capsule", entry: { kind: "reproduce" } },
    { by: "Second Sceptic", same: false, computed: other, independent: true },
    // Who reported the case is no independent witness, whatever interest they declare.
    { by: "Reed Reader", same: true, independent: false },
  ]);
  const row = await db.logPending.findUniqueOrThrow({
    where: { dedupKey: `reproduce:${same.reproductionId}` },
  });
  expect(row.about).toBe(`case:${publicId}`);
  expect(JSON.parse(row.statement)).toMatchObject({
    subject: [{ name: "result", digest: { sha256: "ab".repeat(32) } }],
    predicate: { run: runId, result: "ab".repeat(32), same: true, from: "capsule", build: "ef".repeat(32) },
  });
  const site = asking({ ctx: world.as(anonymous) } as never);
  const listed = await site(getRunReproductions, { params: { id: runId } });
  expect(await listed.json()).toMatchObject({ items: [{ same: true, entry: null }, { same: false }, {}] });
});

test("what is no reproduction of this result is refused at its field", async () => {
  const { runId } = await run();
  const refused = (document: string, code: string) =>
    expect(file(sceptic, runId, document)).rejects.toMatchObject({ fields: { document: code } });
  await refused("{", "not-a-reproduction");
  await refused(JSON.stringify({ schema: "slipmark.result/v1" }), "not-a-reproduction");
  await refused(printed(recorded, { recorded: { digest: other } }), "other-result");
  await refused(printed(recorded, { intact: false }), "altered");
  await expect(file(anonymous, runId, printed(recorded))).rejects.toMatchObject({ code: "sign-in-required" });
  await expect(file(sceptic, `run_${"0".repeat(20)}`, printed(recorded))).rejects.toMatchObject({
    code: "not-found",
  });
});

test("it may be signed by the key of whoever made it", async () => {
  const { runId } = await run();
  const { reproductionId } = await file(second, runId, printed(recorded), true);
  expect((await heldActs(world.as(second))).map(({ dedupKey }) => dedupKey)).toEqual([
    `reproduce:${reproductionId}`,
  ]);
});
