import { beforeAll, describe, expect, test } from "vitest";
import { hex } from "@/lib/engine/log";
import { dateBasis } from "@/lib/ledger/dates";
import { publishedCheckpoint } from "@/lib/ledger/log/read";
import {
  type CheckpointCitation,
  checkpointCitation,
  citableCheckpoint,
  isOrderedBefore,
  orderOf,
} from "@/lib/ledger/order";
import { rootAt } from "@/lib/ledger/root-at";
import { recordAct } from "@/lib/ledger/server";
import { commitFacts } from "@/tests/support/commit-facts";
import { testDatabase } from "@/tests/support/database";
import { sealingKeys, sealPending } from "@/tests/support/sealed-log";

const { db } = await testDatabase();
const keys = sealingKeys();
let number = 0;

async function act(t = new Date()): Promise<void> {
  const model = `mdl_${String(++number).padStart(20, "0")}`;
  await db.$transaction((tx) =>
    recordAct(tx, {
      kind: "commit",
      about: `model:${model}`,
      subjects: [{ name: "canary-root", digest: { sha256: "cd".repeat(32) } }],
      predicate: { model, ...commitFacts },
      actor: { role: "registrant", name: null },
      dedupKey: `commit:${model}`,
      t,
    }),
  );
}

async function seal(options: Parameters<typeof sealPending>[2] = {}, t?: Date): Promise<number> {
  await act(t);
  return sealPending(db, keys, options);
}

async function citation(size: number): Promise<CheckpointCitation> {
  const row = await db.logCheckpoint.findUniqueOrThrow({ where: { size: BigInt(size) } });
  return checkpointCitation.parse({ origin: keys.origin, size, root: hex(new Uint8Array(row.root)) });
}

const stamp = (size: number, time: Date, authority = "an authority") =>
  db.logTimestamp.create({
    data: { size: BigInt(size), authority, token: new Uint8Array(1), note: "note", time },
  });

let unwitnessed: number;
let witnessed: number;
let later: number;

beforeAll(async () => {
  expect(await citableCheckpoint(db)).toBeNull();
  unwitnessed = await seal();
  expect(await citableCheckpoint(db)).toBeNull();
  witnessed = await seal({ witnessed: true });
  later = (await seal()) - 1;
});

describe("on what a date rests", () => {
  test("an entry that does not exist has no date", async () => {
    expect(await dateBasis(db, 1_000)).toBeNull();
  });

  test("first our word, then a witness over a later checkpoint, whose time counts", async () => {
    const last = later;
    const now = await dateBasis(db, last);
    expect(now).toMatchObject({ basis: "our-word", witnesses: [], timestamp: null, noLaterThan: null });
    expect(now?.firstCheckpoint?.size).toBe(last + 1);
    const first = await dateBasis(db, unwitnessed - 1);
    expect(first).toMatchObject({
      basis: "witnessed",
      firstCheckpoint: { size: unwitnessed },
      witnesses: [{ name: keys.witness.name, size: witnessed }],
    });
    expect(first?.noLaterThan).toBe(first?.witnesses[0]?.time);
  });

  test("an unpublished checkpoint dates nothing", async () => {
    const hidden = (await seal({ witnessed: true, publish: false })) - 1;
    expect(await dateBasis(db, hidden)).toMatchObject({
      basis: "our-word",
      firstCheckpoint: null,
      witnesses: [],
    });
    await seal();
    expect(await dateBasis(db, hidden)).toMatchObject({ basis: "witnessed" });
  });

  test("of witness and authority the earlier outside date counts", async () => {
    const size = await seal({ witnessed: true });
    const [line] = await db.logSignature.findMany({ where: { size: BigInt(size), signer: "witness" } });
    const witnessTime = line?.time ?? new Date(0);
    await stamp(size, new Date(witnessTime.getTime() + 1_000));
    expect(await dateBasis(db, size - 1)).toMatchObject({
      basis: "witnessed",
      noLaterThan: witnessTime.toISOString(),
      timestamp: { authority: "an authority", size },
    });
    const alone = await seal();
    await stamp(alone, new Date("2026-11-27T00:00:00.000Z"));
    expect(await dateBasis(db, alone - 1)).toMatchObject({
      basis: "timestamped",
      noLaterThan: "2026-11-27T00:00:00.000Z",
      witnesses: [],
    });
  });
});

describe("what counts as earlier", () => {
  test("inside a published, witnessed checkpoint that the later one cites", async () => {
    const cites = await citation(witnessed);
    for (const earlier of [0, witnessed - 1])
      expect(await orderOf(db, earlier, { index: later, cites })).toEqual({
        ordered: true,
        reason: "ordered",
      });
    expect(await isOrderedBefore(db, 0, { index: later, cites })).toBe(true);
  });

  test.each<
    [
      string,
      (cites: CheckpointCitation) => { cites: CheckpointCitation | null; earlier?: number; index?: number },
      string,
    ]
  >([
    ["nothing cited: index and date alone are our word", () => ({ cites: null }), "not-cited"],
    ["not in the cited checkpoint", (cites) => ({ cites, earlier: witnessed }), "not-covered"],
    [
      "a checkpoint that holds the later one itself",
      (cites) => ({ cites, index: witnessed - 1 }),
      "not-covered",
    ],
    ["the same entry", (cites) => ({ cites, earlier: later }), "not-covered"],
    ["another root", (cites) => ({ cites: { ...cites, root: "00".repeat(32) } }), "foreign-checkpoint"],
    ["another log", (cites) => ({ cites: { ...cites, origin: "other.example/log" } }), "foreign-checkpoint"],
    ["a later entry that is not there", (cites) => ({ cites, index: 9_999 }), "not-logged"],
  ])("not: %s", async (_name, make, reason) => {
    const { cites, earlier = 0, index = later } = make(await citation(witnessed));
    expect(await orderOf(db, earlier, { index, cites })).toEqual({ ordered: false, reason });
    expect(await isOrderedBefore(db, earlier, { index, cites })).toBe(false);
  });

  test("not: a size that was never signed, or whose checkpoint is lost; the root tells whose log it is", async () => {
    const before = await seal();
    await act();
    const size = await seal();
    expect(size).toBe(before + 2);
    const index = (await seal()) - 1;
    const cites = { ...(await citation(before)), size: before + 1 };
    expect(await orderOf(db, 0, { index, cites })).toMatchObject({ reason: "foreign-checkpoint" });
    const root = (await rootAt(db, before + 1))?.root ?? "";
    expect(await orderOf(db, 0, { index, cites: { ...cites, root } })).toEqual({
      ordered: false,
      reason: "our-word",
    });
  });

  test("not: a checkpoint that nobody outside has seen; once dated in time, yes; dated afterwards, no", async () => {
    const early = await seal();
    const index = (await seal({}, new Date("2026-11-27T12:00:00.000Z"))) - 1;
    const cites = await citation(early);
    expect(await orderOf(db, 0, { index, cites })).toMatchObject({ reason: "our-word" });
    await stamp(early, new Date("2026-11-27T12:06:00.000Z"));
    expect(await orderOf(db, 0, { index, cites })).toMatchObject({ reason: "vouched-too-late" });
    await stamp(early, new Date("2026-11-27T11:59:00.000Z"), "another authority");
    expect(await orderOf(db, 0, { index, cites })).toMatchObject({ ordered: true });
  });

  test("what to cite now is the newest that is vouched for and published", async () => {
    const size = await seal({ witnessed: true });
    await seal();
    expect(await citableCheckpoint(db)).toEqual(await citation(size));
    await seal({ witnessed: true, publish: false });
    expect(await citableCheckpoint(db)).toEqual(await citation(size));
    expect((await publishedCheckpoint(db))?.size).toBeGreaterThan(size);
  });
});
