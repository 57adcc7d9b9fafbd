import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { executeJudge, judgement, orderChain } from "@/lib/canaries/server";
import { casePage, latestCases } from "@/lib/cases/server";
import { threadOf } from "@/lib/evidence/server";
import { plays } from "@/lib/examples/canary/play";
import { canaryRepositories } from "@/lib/examples/canary/releases";
import { exampleRepositories } from "@/lib/examples/releases/catalogue";
import { loadExamples } from "@/lib/examples/server";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import { anonymous, type Context } from "@/lib/platform/context";
import { createJobSender } from "@/lib/platform/jobs/sender";
import { listModels } from "@/lib/registry/server";
import { testDatabase } from "@/tests/support/database";
import { type Hub, startHub } from "@/tests/support/hub";
import { sealingKeys, sealPending } from "@/tests/support/sealed-log";

const { db, url } = await testDatabase();
let folder: string;
let hub: Hub;
let ctx: Context;
const jobs = createJobSender(url);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-examples-"));
  hub = await startHub({ repositories: [...exampleRepositories(), ...canaryRepositories()] });
  ctx = {
    db,
    clock: { now: () => new Date() },
    viewer: anonymous,
    jobs,
    blobs: folderBlobs(join(folder, "blobs")),
    sources: {
      hf: { endpoint: hub.url, token: null },
      github: { endpoint: "http://127.0.0.1:1", token: null },
      cacheFolder: join(folder, "cache"),
    },
    settings: { casePrefix: "SLP", publicOrigin: "http://localhost:3000" },
  };
});
afterAll(async () => {
  await jobs.close();
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

test("an empty database gets the ledger through the commands, up to the queued runs", async () => {
  expect(await loadExamples(ctx)).toBe("runs-pending");
  const cases = await latestCases(ctx, 10);
  expect(cases.map((one) => [one.suspect, one.state, one.finding, one.documented, one.example])).toEqual([
    ["example-tidewater/osprey-vision", "under_verification", "not_examined", false, true],
    ["example-tidewater/heron-vl-harbour", "under_verification", "not_examined", false, true],
    ["example-tidewater/plover-vl", "under_verification", "not_examined", false, true],
    ["llama3v", "resolved", "acknowledged", true, true],
  ]);
  const models = await listModels(ctx, {});
  expect(models.rows.map((row) => row.name).sort()).toEqual(["Heron-VL", "Heron-VL Harbour", "Plover-VL"]);
  expect(models.rows.every((row) => row.example)).toBe(true);
  expect(await db.canarySet.count()).toBe(1);
}, 120_000);

test("nobody can sign in as an example account: it has neither an address nor a linked identity", async () => {
  const users = await db.user.findMany({ include: { accounts: true } });
  expect(users.length).toBeGreaterThan(4);
  expect(users.filter((user) => user.role === "moderator").length).toBe(2);
  expect(users.flatMap((user) => [...user.accounts, ...(user.email === null ? [] : [user.email])])).toEqual(
    [],
  );
});

test("the documented case tells dated statements with their sources in both languages and names no person", async () => {
  const [row] = await db.case.findMany({ where: { documented: true } });
  const page = await casePage(ctx, row?.publicId ?? "", anonymous);
  expect(page?.original).toBe("openbmb/MiniCPM-Llama3-V-2_5");
  expect(page?.record.length).toBe(12);
  for (const { date, text, source } of page?.record ?? []) {
    expect(date).not.toBe("");
    expect(source).not.toBe("");
    expect(text.en).toMatch(/[a-z]/);
    expect(text.zh).toMatch(/\p{Script=Han}.*。$/su);
  }
  const words = JSON.stringify(page?.record);
  expect(words).toContain("nothing had been committed to in public beforehand");
  expect(words).toContain("not established");
  expect(words).not.toMatch(/抄袭|剽窃|plagiari|stole/i);
  expect(page?.findingReasons).toEqual([{ code: "party-acknowledged" }]);
  const acts = await db.logPending.findMany({
    where: { about: `case:${row?.publicId}` },
    orderBy: { id: "asc" },
  });
  expect(acts.map(({ kind }) => kind)).toEqual(["state", "finding", "outcome"]);
});

test("the renamed copy's case has claims, evidence and both parties' replies", async () => {
  const row = await db.case.findFirstOrThrow({
    where: {
      releases: { some: { role: "suspect", release: { repository: "example-tidewater/osprey-vision" } } },
    },
  });
  const page = await casePage(ctx, row.id, anonymous);
  expect(page?.claims.map((claim) => claim.kind)).toEqual([
    "same-structure",
    "same-tokenizer",
    "lineage-undeclared",
  ]);
  expect(page?.parties.map((party) => [party.name, party.hasReplied])).toEqual([
    ["example-meridian", true],
    ["example-tidewater", true],
  ]);
  const thread = await threadOf(ctx, row.id, anonymous);
  expect(thread?.partyReplies.length).toBe(2);
  expect(thread?.posts.length).toBe(1);
  expect(thread?.posts[0]?.replies.length).toBe(1);
});

test("once the runs have ended the other cases reach their ends, and nothing happens twice", async () => {
  const before = await db.caseEvent.count();
  expect(await loadExamples(ctx)).toBe("runs-pending");
  expect(await db.caseEvent.count()).toBe(before);
  await db.run.updateMany({ data: { state: "failed", failure: { code: "internal" } } });
  // The canary case needs a log that goes on; the others do not wait for it.
  expect(await loadExamples(ctx)).toBe("runs-pending");
  const ends = await db.case.findMany({
    where: { state: { in: ["resolved", "withdrawn"] } },
    orderBy: { publicId: "asc" },
  });
  expect(ends.map((one) => [one.state, one.finding])).toEqual([
    ["resolved", "acknowledged"],
    ["withdrawn", "not_examined"],
    ["resolved", "attributed"],
  ]);
  const after = await db.caseEvent.count();
  expect(await loadExamples(ctx)).toBe("runs-pending");
  expect(await db.caseEvent.count()).toBe(after);
});

test("two canary cases are told to their ends: a copy with labels is found, one without is missed, a sibling and an independent model are not", async () => {
  const keys = sealingKeys("localhost/example-log");
  const engine = { path: join(folder, "slipmark.mjs"), sha256: "ee".repeat(32) };
  await promisify(execFile)(process.execPath, [join("cli", "build.mjs"), "--outfile", engine.path]);
  const judging = {
    engine,
    temporaryFolder: join(folder, "tmp"),
    timeLimitMs: 60_000,
    memoryLimitBytes: 512 * 1024 * 1024,
    patienceMs: 0,
    signal: new AbortController().signal,
    onNotify: () => () => undefined,
  };
  let loaded = "";
  for (let round = 0; round < 200 && loaded !== "complete"; round += 1) {
    if ((await db.logPending.count()) > 0) await sealPending(db, keys, { witnessed: true });
    loaded = await loadExamples(ctx, { beaconMs: 4_000 });
    for (const { id } of await db.canaryJudgeJob.findMany({ where: { state: "queued" } }))
      await executeJudge(ctx, id, judging);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(loaded).toBe("complete");
  const judged = await Promise.all(
    plays.map(async ({ setId }) => {
      const jobs = await db.canaryJudgeJob.findMany({
        where: { set: { setId } },
        orderBy: { createdAt: "asc" },
        include: { suspect: true },
      });
      for (const { suspectId } of jobs)
        expect((await orderChain(db, setId, suspectId)).filter(({ ok }) => !ok)).toEqual([]);
      return Promise.all(
        jobs.map(async ({ id, suspect }) => [suspect.name, (await judgement(ctx, id))?.judged] as const),
      );
    }),
  );
  const said = judged.flat().map(([name, one]) => [name, one?.result.says, one?.result.movesFinding]);
  expect(said).toEqual([
    ["Bittern OCR", "nothing-found", false],
    ["Dipper OCR", "nothing-found", false],
    ["Curlew Mini", "not-independent", true],
    ["Godwit Mini", "nothing-found", false],
  ]);
  const [[, copy], [, sibling], [, tuned]] = judged.flat() as [
    (typeof judged)[number][number],
    (typeof judged)[number][number],
    (typeof judged)[number][number],
  ];
  expect(copy?.original.authenticityReasons).toEqual(["confirmed-by-re-run"]);
  // With two makers of references and every pair counted the number stays above what was registered.
  expect(copy?.result).toMatchObject({ nBothWrong: 93, sameWrong: 78, primary: { reached: false } });
  expect(copy?.result.reasons.map(({ code }) => code)).toEqual(
    expect.arrayContaining(["alphabet-listed", "too-few-references", "floor-above-threshold"]),
  );
  expect(sibling?.result).toMatchObject({ declaredShared: { vendor: "example meridian" }, sameWrong: 7 });
  expect(tuned?.result.p.secret?.log10).toBeLessThan(-6);
  expect(await db.canarySet.count({ where: { example: false } })).toBe(0);
  expect(await db.canaryAnswerSet.count({ where: { example: false } })).toBe(0);
  const before = await db.logPending.count();
  expect(await loadExamples(ctx)).toBe("complete");
  expect(await db.logPending.count()).toBe(before);
}, 600_000);

test("a database that somebody uses is left alone", async () => {
  await db.setting.deleteMany();
  expect(await loadExamples(ctx)).toBe("not-empty");
});
