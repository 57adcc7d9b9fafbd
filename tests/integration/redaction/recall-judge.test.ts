import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { getCanaryJudgement } from "@/app/api/v1/_endpoints/canary-judgements";
import { getEntry } from "@/app/api/v1/_endpoints/entries";
import { buildBundle } from "@/lib/canaries/judge/build-bundle";
import { executeJudge, judgement, judgementsOfSet, queueJudge } from "@/lib/canaries/server";
import { inputOfBundle } from "@/lib/engine/canary/bundle";
import { canaryJudgeAbout, judge } from "@/lib/engine/canary/judge";
import { entryPage } from "@/lib/ledger/server";
import { applyRecall, recallMethod } from "@/lib/verification/server";
import { type CommittedSet, judgingWorld } from "../canaries/judging-world";
import { asking } from "../http/support";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const world = await judgingWorld();
const { db } = world;
const author = await world.user("Meridian");
const reader = await world.user("Wren");
const moderator = await world.user("Mod", "moderator");
const ask = asking({ ctx: world.ctx } as never);

/** A judge of an earlier version, which says what today's says. */
async function judgedBy(version: string, set: CommittedSet, suspect: string): Promise<string> {
  const { judgementId } = await queueJudge(world.as(reader), { setId: set.setId, suspect });
  const row = await db.canarySet.findUniqueOrThrow({ where: { setId: set.setId } });
  const answers = await db.canaryAnswerSet.findUniqueOrThrow({ where: { id: suspect } });
  const { bundle } = await buildBundle(world.ctx, row, answers);
  const result = { ...(await judge(await inputOfBundle(bundle))), version };
  const made = JSON.stringify({ ...result, digest: `sha256:${version.padStart(64, "0")}` });
  const engine = join(world.folder, `judge-${version}.mjs`);
  await writeFile(engine, `process.stdout.write(${JSON.stringify(made)});\n`);
  const options = {
    engine: { path: engine, sha256: "ee".repeat(32) },
    temporaryFolder: join(world.folder, "tmp"),
    timeLimitMs: 60_000,
    memoryLimitBytes: 256 * 1024 * 1024,
    patienceMs: 0,
    signal: new AbortController().signal,
    onNotify: () => () => undefined,
  };
  expect(await executeJudge(world.ctx, judgementId, options)).toBe("done");
  return judgementId;
}

test("a recall of the judge strikes its judgements through, tells whom they concern, and judges again", async () => {
  for (const [viewer, address] of [
    [author, "author@lab.example"],
    [reader, "reader@lab.example"],
  ] as const)
    await db.user.update({ where: { id: viewer.userId ?? "" }, data: { email: address } });
  const set = await world.commit(author);
  const own = (of: object, wrong: boolean) =>
    world.answers(reader, set, of as never, (item) => (wrong ? "nothing" : (item.answer ?? "")));
  await world.answers(
    author,
    set,
    { role: "original", name: "Bamboo" } as never,
    (item) => item.answer ?? "",
  );
  const suspect = await own({ role: "suspect", name: "Reed" }, false);
  const other = await own({ role: "suspect", name: "Rush" }, true);
  await world.seal();
  await world.reveal(author, set);
  await world.seal();
  const hit = await judgedBy("0", set, suspect);
  const spared = await judgedBy("00", set, other);
  await world.seal();

  const asked = {
    method: canaryJudgeAbout.id,
    version: "0",
    reasonCode: "wrong-null",
    note: "",
  } as const;
  await expect(recallMethod(world.as(moderator), { ...asked, version: "77" })).rejects.toMatchObject({
    fields: { version: "unknown-version" },
  });
  const done = await recallMethod(world.as(moderator), asked);
  expect(done).toMatchObject({ findings: 0, results: 1 });
  await world.seal();
  const recall = await db.logEntry.findUniqueOrThrow({ where: { dedupKey: "recall:canary/judge@0" } });
  expect(recall.about).toBe("method:canary-judge");

  // Struck through wherever it stands: its page, the set's list, the interface, its entry in the log.
  const name = ["canary/judge@0"];
  expect((await judgement(world.ctx, hit))?.judged).toMatchObject({ recalled: name });
  expect((await judgement(world.ctx, spared))?.judged?.recalled).toEqual([]);
  const rows = await judgementsOfSet(world.ctx, set.setId);
  expect(rows.map(({ id, recalled }) => [id, recalled])).toEqual([
    [spared, []],
    [hit, name],
  ]);
  expect(rows[1]?.movesFinding).toBe(false);
  const answer = await (await ask(getCanaryJudgement, { params: { id: hit } })).json();
  expect(answer).toMatchObject({ judged: { recalled: name } });
  const entry = await db.logEntry.findUniqueOrThrow({ where: { dedupKey: `verify:${hit}` } });
  const page = await entryPage({ db }, Number(entry.index));
  const by = { method: "canary/judge", version: "0", index: Number(recall.index) };
  expect(page?.recalled).toEqual([by]);
  expect(await (await ask(getEntry, { params: { index: String(entry.index) } })).json()).toMatchObject({
    recalled: [by],
  });
  const sparedEntry = await db.logEntry.findUniqueOrThrow({ where: { dedupKey: `verify:${spared}` } });
  expect((await entryPage({ db }, Number(sparedEntry.index)))?.recalled).toEqual([]);

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
  await expect(applyRecall(world.ctx, done.recallId, send)).rejects.toThrow("hangs up");
  await applyRecall(world.ctx, done.recallId, send);
  await applyRecall(world.ctx, done.recallId, send);
  expect(mails.map(({ to }) => to).sort()).toEqual(["author@lab.example", "reader@lab.example"]);
  expect(mails[0]?.text).toMatch(/Judge of canaries, version 0[\s\S]*金丝雀判定，第 0 版/);
  expect(mails[0]?.text).toContain(`/en/canaries/${set.setId}`);
  const again = await db.canaryJudgeJob.findMany({
    where: { suspectId: { in: [suspect, other] }, id: { notIn: [hit, spared] } },
  });
  expect(again).toHaveLength(1);
  expect(again[0]).toMatchObject({ suspectId: suspect, state: "queued", requestedById: moderator.userId });
});

test("the version of today is recalled without being asked again", async () => {
  const set = await world.commit(author, { items: 5 });
  const right = (item: { answer?: string | undefined }) => item.answer ?? "";
  await world.answers(author, set, { role: "original", name: "Bamboo" } as never, right);
  const suspect = await world.answers(reader, set, { role: "suspect", name: "Sedge" } as never, right);
  await world.seal();
  await world.reveal(author, set);
  await world.seal();
  const id = await judgedBy(canaryJudgeAbout.version, set, suspect);
  const { recallId } = await recallMethod(world.as(moderator), {
    method: canaryJudgeAbout.id,
    version: canaryJudgeAbout.version,
    reasonCode: "false-positives",
  });
  await applyRecall(world.ctx, recallId, async () => undefined);
  expect(await db.canaryJudgeJob.count({ where: { suspectId: suspect, id: { not: id } } })).toBe(0);
});
