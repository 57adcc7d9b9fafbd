import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test, vi } from "vitest";
import {
  canaryBundle,
  executeJudge,
  judgement,
  judgementsOfSet,
  orderChain,
  pinRelease,
  publicCanaryBlob,
  queueJudge,
} from "@/lib/canaries/server";
import { inputOfBundle, parseBundle } from "@/lib/engine/canary/bundle";
import { judge } from "@/lib/engine/canary/judge";
import { sha256Hex } from "@/lib/engine/formats/canonical-json";
import { type Answering, bamboo, guess, judgingCourt, release, right, transcriptOf } from "./judging-court";
import type { CommittedSet } from "./judging-world";

// Each judgement starts a process of its own.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const willow = release("lab-b/willow");
const elm = release("lab-c/elm");
// Nobody has looked at it before its set below: what was seen earlier is out of order.
const ash = release("lab-e/ash");
const references = [1, 2, 3, 4, 5].map((at) => release(`lab-${at}/reference`));
const { world, author, reader, options, confirm, askedTwice, judged } = await judgingCourt([
  bamboo,
  willow,
  elm,
  ash,
  ...references,
]);

describe("in order", () => {
  let set: CommittedSet;
  const suspects: Record<string, string> = {};

  beforeAll(async () => {
    set = await world.commit(author, { items: 8 });
    const pin = (address: string) =>
      pinRelease(world.as(reader), { setId: set.setId, address: `hf:${address}` });
    const { release: original } = await pin(bamboo.name);
    await world.seal();
    const own = await world.answers(
      author,
      set,
      { role: "original", name: "Bamboo", release: original },
      right,
    );
    await world.seal();
    const pinned: Record<string, string> = {};
    for (const one of [willow, elm, ...references]) pinned[one.name] = (await pin(one.name)).release;
    await world.seal();
    const asked = (role: "suspect" | "reference", name: string, answer: Answering) =>
      askedTwice(set, { role, name, release: pinned[name] ?? "", family: name }, answer);
    await confirm(set, own, original);
    suspects.willow = await asked("suspect", willow.name, (item, at) =>
      at < 7 ? right(item, at) : "nothing",
    );
    suspects.elm = await asked("suspect", elm.name, guess(1));
    // The author's word about a copy of the targets: worth nothing.
    suspects.claimed = await world.answers(
      author,
      set,
      { role: "suspect", name: "Claimed", release: pinned[willow.name] ?? "" },
      right,
    );
    for (const [at, one] of references.entries()) await asked("reference", one.name, guess(at + 2));
    await world.answers(author, set, { role: "reference", name: "Own word", family: "own" }, guess(9));
    await world.seal();
    await expect(
      queueJudge(world.as(reader), { setId: set.setId, suspect: suspects.willow }),
    ).rejects.toMatchObject({ code: "wrong-state", detail: { reason: "unrevealed" } });
    await world.reveal(author, set);
    await world.seal();
  }, 180_000);

  test("a suspect that answers the drawn labels is found, by answers that two unconnected people asked for", async () => {
    const found = await judged(set.setId, suspects.willow ?? "");
    expect(found.failure).toBeNull();
    expect(found.judged?.result).toMatchObject({
      says: "not-independent",
      movesFinding: true,
      authenticity: "re-run",
      hits: { original: 8, suspect: 7 },
      order: { ok: true, withheld: [] },
    });
    expect(found.judged?.result.p.secret?.log10).toBeLessThan(-10);
    expect(found.judged?.suspect).toMatchObject({ authenticity: "re-run", authenticityReasons: ["re-run"] });
    expect(found.judged?.references.map(({ authenticity }) => authenticity)).toEqual(Array(5).fill("re-run"));
    expect(found.judged?.leftOut.filter(({ reason }) => reason !== "confirms-another")).toEqual([
      expect.objectContaining({ name: "Own word", reason: "claimed-by-author" }),
    ]);
    const act = await world.db.logPending.findFirstOrThrow({ where: { kind: "verify" } });
    const { predicate } = JSON.parse(act.statement);
    expect(predicate["urn:slipmark:statement:verify:v1"] ?? predicate).toMatchObject({
      judgement: found.id,
      result: found.judged?.digest.slice("sha256:".length),
      says: "not-independent",
      movesFinding: true,
    });
  });

  test("an independent one is not, and both pairs count", async () => {
    await judged(set.setId, suspects.willow ?? "");
    const other = await judged(set.setId, suspects.elm ?? "");
    expect(other.judged?.result).toMatchObject({ says: "nothing-found", movesFinding: false });
    // What was registered counts, judged or not: the claim too.
    expect(other.judged?.result.primary?.pairs).toBe(3);
    expect((await judgementsOfSet(world.ctx, set.setId)).map(({ says }) => says)).toContain("nothing-found");
  });

  test("what the author claims moves nothing, however well it fits", async () => {
    const claimed = await judged(set.setId, suspects.claimed ?? "");
    expect(claimed.judged?.suspect).toMatchObject({ authenticity: "claimed" });
    expect(claimed.judged?.suspect.authenticityReasons).toContain("collector-connected");
    expect(claimed.judged?.result).toMatchObject({
      says: "inconclusive",
      movesFinding: false,
      authenticity: "claimed",
      primary: { reached: true },
      p: { secret: { claimed: true } },
    });
    // The signed entry and the list say the same.
    const entry = await world.db.logPending.findFirstOrThrow({
      where: { dedupKey: `verify:${claimed.judged?.judgementId}` },
    });
    const { predicate } = JSON.parse(entry.statement);
    expect(predicate["urn:slipmark:statement:verify:v1"] ?? predicate).toMatchObject({
      says: "inconclusive",
      movesFinding: false,
    });
    const listed = await judgementsOfSet(world.ctx, set.setId);
    expect(listed.find(({ id }) => id === claimed.id)).toMatchObject({ says: "inconclusive" });
  });

  test("a stranger judges again from one file, and gets the same digest; a changed file is refused or differs", async () => {
    const [row] = await world.db.canaryJudgement.findMany({ where: { suspectId: suspects.willow ?? "" } });
    const served = await canaryBundle(world.ctx, row?.id ?? "");
    const text = await new Response(served?.stream).text();
    expect(sha256Hex(text)).toBe(served?.sha256);
    expect(await publicCanaryBlob(world.ctx, served?.sha256 ?? "")).not.toBeNull();
    const bundle = parseBundle(Buffer.from(text));
    expect(judge(inputOfBundle(bundle)).digest).toBe(row?.digest);

    const run = async (content: string) => {
      const file = join(world.folder, "bundle.json");
      await writeFile(file, content);
      return promisify(execFile)(
        process.execPath,
        [options.engine.path, "canary", "score", "--bundle", file, "--json"],
        {
          env: {} as NodeJS.ProcessEnv,
        },
      ).then(
        ({ stdout }) => ({ code: 0, stdout }),
        (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
      );
    };
    const again = await run(text);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout).digest).toBe(row?.digest);
    // An answer that was changed does not have the digest that stands in the log …
    expect((await run(text.replace("nothing", "all of it"))).code).toBe(2);
    // … nor an opening the root, nor a round its signature.
    const salt = bundle.openings[0]?.salt ?? "";
    expect((await run(text.replace(salt, "0".repeat(64)))).code).toBe(2);
    // What is no hash changes the digest.
    expect((await run(text.replace('"setsOfNamespace":1', '"setsOfNamespace":2'))).code).toBe(1);
  }, 60_000);

  test("the same judgement twice is one, and no second act", async () => {
    const first = await judged(set.setId, suspects.elm ?? "");
    const again = await judged(set.setId, suspects.elm ?? "");
    expect(again.judged?.digest).toBe(first.judged?.digest);
    expect(again.judged?.judgementId).toBe(first.judged?.judgementId);
    expect(await world.db.canaryJudgement.count({ where: { digest: again.judged?.digest ?? "" } })).toBe(1);
  });
});

describe("out of order", () => {
  test("answers without a witness are an illustration without a p", async () => {
    const set = await world.commit(author, { items: 8 });
    const pin = (address: string) =>
      pinRelease(world.as(reader), { setId: set.setId, address: `hf:${address}` });
    const { release: original } = await pin(bamboo.name);
    // Never witnessed: whatever comes now cites an older checkpoint.
    await world.answers(author, set, { role: "original", name: "Bamboo", release: original }, right);
    const { release: suspect } = await pin(willow.name);
    const id = await world.answers(
      reader,
      set,
      {
        role: "suspect",
        name: "Willow",
        release: suspect,
        transcript: transcriptOf(set, "w", right),
        adapter: "command",
      },
      right,
    );
    await world.reveal(author, set);
    await world.seal();
    const shown = await judged(set.setId, id);
    expect(shown.judged?.result).toMatchObject({
      says: "illustration",
      primary: null,
      p: {},
      movesFinding: false,
    });
    expect(shown.judged?.result.order.withheld.length).toBeGreaterThan(0);
    expect((await orderChain(world.db, set.setId, id)).some(({ ok }) => !ok)).toBe(true);
  });
});

describe("past the deadline", () => {
  test("what is unrevealed counts as missed, for ever", async () => {
    const set = await world.commit(author, { items: 8 });
    const address = `hf:${bamboo.name}`;
    const { release: original } = await pinRelease(world.as(reader), { setId: set.setId, address });
    await world.seal();
    await world.answers(author, set, { role: "original", name: "Bamboo", release: original }, right);
    await world.seal();
    const pinned = await pinRelease(world.as(reader), { setId: set.setId, address: `hf:${ash.name}` });
    await world.seal();
    const id = await world.answers(
      reader,
      set,
      {
        role: "suspect",
        name: "Ash",
        release: pinned.release,
        transcript: transcriptOf(set, "e", right),
        adapter: "command",
      },
      right,
    );
    await world.seal();
    await world.reveal(author, set, [0, 1, 2]);
    await world.seal();
    const late = new Date(Date.now() + 60 * 86_400_000);
    const after = { ...world.as(reader), clock: { now: () => late } };
    const { judgementId } = await queueJudge(after, { setId: set.setId, suspect: id });
    await executeJudge({ ...world.ctx, clock: after.clock }, judgementId, options);
    const shown = await judgement(world.ctx, judgementId);
    expect(shown?.judged?.result).toMatchObject({
      revealed: 3,
      unrevealed: 5,
      hits: { original: 3, suspect: 3 },
    });
    // Whoever downloads it reads what is public, and no answer to an item that stays sealed.
    const served = await canaryBundle(world.ctx, shown?.id ?? "");
    const bundle = parseBundle(Buffer.from(await new Response(served?.stream).arrayBuffer()));
    for (const one of [bundle.original, bundle.suspect]) {
      expect(one.answers.match(/item-\d/g)).toEqual(["item-0", "item-1", "item-2"]);
      expect(one.logged).toBeNull();
    }
    expect(judge(inputOfBundle(bundle)).digest).toBe(shown?.judged?.digest);
    // Three of eight are no eight: not even the original passes a threshold of 1e-6 any more.
    expect(shown?.judged?.result).toMatchObject({ order: { ok: true }, says: "void", movesFinding: false });
  });
});
