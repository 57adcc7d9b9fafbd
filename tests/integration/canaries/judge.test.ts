import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import {
  canaryBundle,
  type ExecuteJudgeOptions,
  executeJudge,
  judgement,
  judgementsOfSet,
  orderChain,
  pinRelease,
  publicCanaryBlob,
  queueJudge,
} from "@/lib/canaries/server";
import type { CanaryItem } from "@/lib/engine/canary";
import { inputOfBundle, parseBundle } from "@/lib/engine/canary/bundle";
import { judge } from "@/lib/engine/canary/judge";
import {
  type AskedItem,
  type Call,
  itemsDigest,
  lineOf,
  requestText,
  type TranscriptHeader,
} from "@/lib/engine/canary/transcript";
import { sha256Hex } from "@/lib/engine/formats/canonical-json";
import { hubRepository } from "../../support/hub";
import { type CommittedSet, judgingWorld, labels } from "./judging-world";

const release = (name: string) =>
  hubRepository(name, {
    "config.json": { model_type: "llama", hidden_size: 64, name },
    "README.md": `# ${name}\n`,
  });
const bamboo = release("lab-a/bamboo");
const willow = release("lab-b/willow");
const elm = release("lab-c/elm");
const references = [1, 2, 3, 4, 5].map((at) => release(`lab-${at}/reference`));
const world = await judgingWorld([bamboo, willow, elm, ...references]);
const author = await world.user("Meridian");
const reader = await world.user("Wren");

/** Built anew by this test: the judge that runs has to be the one of this checkout. */
const bundlePath = join(world.folder, "slipmark.mjs");
let options: ExecuteJudgeOptions;
beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join("cli", "build.mjs"), "--outfile", bundlePath]);
  options = {
    engine: { path: bundlePath, sha256: "ee".repeat(32) },
    temporaryFolder: join(world.folder, "tmp"),
    timeLimitMs: 60_000,
    memoryLimitBytes: 512 * 1024 * 1024,
    patienceMs: 0,
    signal: new AbortController().signal,
    onNotify: () => () => undefined,
  };
}, 120_000);

/** A transcript as somebody who asked the weights themselves hands it in. */
function transcriptOf(set: CommittedSet, model: string, answer: Answering): Buffer {
  const items: AskedItem[] = set.items.map(({ id, prompt = "" }) => ({ id, prompt }));
  const header: TranscriptHeader = {
    schema: "slipmark.canary-transcript/v1",
    setId: set.setId,
    adapter: "command",
    endpoint: "reader",
    model,
    weights: null,
    engine: null,
    engineVersion: null,
    quantisation: null,
    parameters: { arguments: [] },
    prompt: "{prompt}",
    extractor: { kind: "whole" },
    repeats: 3,
    items: { count: items.length, sha256: itemsDigest(items) },
    startedAt: "2026-11-27T00:00:00.000Z",
  };
  const lines = [lineOf(header).text];
  for (let repeat = 1; repeat <= 3; repeat += 1)
    for (const [at, item] of items.entries()) {
      const given = answer(set.items[at] as CanaryItem, at);
      const request = requestText(header, item);
      const call: Call = {
        n: lines.length,
        id: item.id,
        repeat,
        request,
        requestSha256: sha256Hex(request),
        status: 0,
        date: null,
        receivedAt: "2026-11-27T00:00:00.000Z",
        attempts: 1,
        response: given,
        encoding: "utf-8",
        responseSha256: sha256Hex(given),
        problem: null,
        answer: given,
      };
      lines.push(lineOf(call).text);
    }
  return Buffer.from(lines.map((line) => `${line}\n`).join(""), "utf8");
}

type Answering = (item: CanaryItem, at: number) => string;
const right: Answering = (item) => item.answer ?? "";
const guess =
  (seed: number): Answering =>
  (_, at) =>
    labels[(at * 7 + seed * 13) % 64] as string;

async function judged(setId: string, suspect: string) {
  const { judgementId } = await queueJudge(world.as(reader), { setId, suspect });
  expect(await executeJudge(world.ctx, judgementId, options)).toBe("done");
  return (await judgement(world.ctx, judgementId))!;
}

describe("in order", () => {
  let set: CommittedSet;
  const suspects: Record<string, string> = {};

  beforeAll(async () => {
    set = await world.commit(author, { items: 8 });
    const pin = (address: string) =>
      pinRelease(world.as(reader), { setId: set.setId, address: `hf:${address}` });
    const { release: original } = await pin(bamboo.name);
    await world.seal();
    await world.answers(author, set, { role: "original", name: "Bamboo", release: original }, right);
    await world.seal();
    const pinned: Record<string, string> = {};
    for (const one of [willow, elm, ...references]) pinned[one.name] = (await pin(one.name)).release;
    await world.seal();
    const asked = async (role: "suspect" | "reference", name: string, answer: Answering) =>
      world.answers(
        reader,
        set,
        {
          role,
          name,
          release: pinned[name] ?? "",
          family: name,
          adapter: "command",
          transcript: transcriptOf(set, name, answer),
        },
        answer,
      );
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
  }, 60_000);

  test("a suspect that answers the drawn labels is found, by answers that somebody unconnected asked", async () => {
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
    expect(found.judged?.leftOut).toEqual([
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
    expect(other.judged?.result.primary?.pairs).toBe(2);
    expect((await judgementsOfSet(world.ctx, set.setId)).map(({ says }) => says)).toContain("nothing-found");
  });

  test("what the author claims moves nothing, however well it fits", async () => {
    const claimed = await judged(set.setId, suspects.claimed ?? "");
    expect(claimed.judged?.suspect).toMatchObject({ authenticity: "claimed" });
    expect(claimed.judged?.suspect.authenticityReasons).toContain("collector-connected");
    expect(claimed.judged?.result).toMatchObject({ movesFinding: false, authenticity: "claimed" });
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
    expect(await world.db.canaryJudgement.count({ where: { suspectId: suspects.elm ?? "" } })).toBe(1);
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
    const pinned = await pinRelease(world.as(reader), { setId: set.setId, address: `hf:${elm.name}` });
    await world.seal();
    const id = await world.answers(
      reader,
      set,
      {
        role: "suspect",
        name: "Elm 2",
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
    expect(shown?.judged?.result.says).not.toBe("not-independent");
  });
});
