import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test, vi } from "vitest";
import {
  answerSet,
  askJob,
  canaryBundle,
  type ExecuteJudgeOptions,
  executeAsk,
  executeJudge,
  judgement,
  judgementsOfSet,
  orderChain,
  pinRelease,
  publicCanaryBlob,
  queueAsk,
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
import { startChatEndpoint } from "../../support/chat-endpoint";
import { hubRepository } from "../../support/hub";
import { type CommittedSet, judgingWorld, labels, labelTerms } from "./judging-world";

// Each judgement starts a process of its own.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const release = (name: string) =>
  hubRepository(name, {
    "config.json": { model_type: "llama", hidden_size: 64, name },
    "README.md": `# ${name}\n`,
  });
const bamboo = release("lab-a/bamboo");
const willow = release("lab-b/willow");
const elm = release("lab-c/elm");
// Nobody has looked at these before the sets below: what was seen earlier is out of order.
const oak = release("lab-d/oak");
const ash = release("lab-e/ash");
const rush = release("lab-f/rush");
const references = [1, 2, 3, 4, 5].map((at) => release(`lab-${at}/reference`));
const world = await judgingWorld([bamboo, willow, elm, oak, ash, rush, ...references]);
const author = await world.user("Meridian");
const reader = await world.user("Wren");
const second = await world.user("Lark");
await world.user("Alder of old");

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
function transcriptOf(
  set: CommittedSet,
  model: string,
  answer: Answering,
  endpoint = "reader",
  shown: (item: AskedItem, at: number) => AskedItem = (item) => item,
): Buffer {
  const items: AskedItem[] = set.items.map(({ id, prompt = "" }) => ({ id, prompt }));
  const header: TranscriptHeader = {
    schema: "slipmark.canary-transcript/v1",
    setId: set.setId,
    adapter: "command",
    endpoint,
    model,
    weights: null,
    engine: null,
    engineVersion: null,
    quantisation: null,
    parameters: { arguments: [] },
    prompt: labelTerms(8).prompt,
    extractor: labelTerms(8).extractor,
    repeats: 3,
    items: { count: items.length, sha256: itemsDigest(items) },
    startedAt: "2026-11-27T00:00:00.000Z",
  };
  const lines = [lineOf(header).text];
  for (let repeat = 1; repeat <= 3; repeat += 1)
    for (const [at, item] of items.entries()) {
      const given = answer(set.items[at] as CanaryItem, at);
      const request = requestText(header, shown(item, at));
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

/** Somebody unconnected asks the original's pinned weights too, and gets the same: its answers are no mere claim. */
const confirm = (set: CommittedSet, own: string, release: string) =>
  world.answers(
    reader,
    set,
    {
      role: "original",
      name: "Bamboo",
      release,
      confirms: own,
      adapter: "command",
      transcript: transcriptOf(set, bamboo.name, right),
    },
    right,
  );

/** Two people who have nothing to do with the author or each other ask one model: nobody is believed alone. */
async function askedTwice(
  set: CommittedSet,
  of: Omit<Parameters<typeof world.answers>[2], "transcript" | "confirms">,
  answer: Answering,
  other = answer,
): Promise<string> {
  const adapter = "command" as const;
  const first = await world.answers(
    reader,
    set,
    { ...of, adapter, transcript: transcriptOf(set, of.name, answer) },
    answer,
  );
  const again = { ...of, adapter, confirms: first, transcript: transcriptOf(set, of.name, other) };
  await world.answers(second, set, again, other);
  return first;
}

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

describe("what one account says of a copy", () => {
  const nobody = { emailVerified: null };
  let set: CommittedSet;
  let release = "";
  const suspects: Record<string, string> = {};
  const of = (name: string) => ({ role: "suspect" as const, name, release, adapter: "command" as const });

  beforeAll(async () => {
    set = await world.commit(author, { items: 8 });
    const pin = (name: string) => pinRelease(world.as(reader), { setId: set.setId, address: `hf:${name}` });
    const { release: original } = await pin(bamboo.name);
    await world.seal();
    const own = await world.answers(
      author,
      set,
      { role: "original", name: "Bamboo", release: original },
      right,
    );
    await world.seal();
    release = (await pin(rush.name)).release;
    await world.seal();
    await confirm(set, own, original);
    const written = (asked: typeof transcriptOf = transcriptOf) => asked(set, "rush", right);
    suspects.alone = await world.answers(reader, set, { ...of("Rush"), transcript: written() }, right);
    // An account without an address, and one that was made after the commitment, are nobody that could vouch.
    const puppet = await world.user("Puppet");
    const unreachable = await world.user("Nobody");
    await world.db.user.update({ where: { id: unreachable.userId ?? "" }, data: nobody });
    suspects.newer = await world.answers(puppet, set, { ...of("Rush N"), transcript: written() }, right);
    suspects.unverified = await world.answers(
      unreachable,
      set,
      { ...of("Rush U"), transcript: written() },
      right,
    );
    const steered = transcriptOf(set, "rush", right, "reader", (item, at) => ({
      ...item,
      prompt: `${item.prompt} The label is ${right(set.items[at] as CanaryItem, at)}.`,
    }));
    suspects.steered = await world.answers(second, set, { ...of("Rush S"), transcript: steered }, right);
    await world.seal();
    await world.reveal(author, set);
    await world.seal();
  }, 180_000);

  test.each([
    ["alone", ["no-second-collector"]],
    ["newer", ["collector-newer"]],
    ["unverified", ["collector-unverified"]],
    ["steered", ["other-items"]],
  ] as const)("%s: claimed, and says nothing of the model", async (name, reasons) => {
    const shown = await judged(set.setId, suspects[name] ?? "");
    expect(shown.judged?.suspect).toMatchObject({ authenticity: "claimed", authenticityReasons: reasons });
    expect(shown.judged?.result).toMatchObject({
      says: "inconclusive",
      movesFinding: false,
      order: { ok: true },
    });
  });

  test("a second person who gets the same makes both a re-run; a third who does not leaves them claimed", async () => {
    const third = await world.db.user.findFirstOrThrow({ where: { name: "Alder of old" } });
    const again = {
      ...of("Rush"),
      confirms: suspects.alone ?? "",
      transcript: transcriptOf(set, "rush", right),
    };
    const confirmed = await world.answers(second, set, again, right);
    await world.seal();
    const found = await judged(set.setId, suspects.alone ?? "");
    expect(found.judged?.suspect).toMatchObject({ authenticity: "re-run" });
    expect(found.judged?.result).toMatchObject({ authenticity: "re-run", p: { secret: { claimed: false } } });

    const contradiction = transcriptOf(set, "rush", guess(3));
    const viewer = { role: "member", userId: third.id, name: "Alder of old" } as const;
    await world.answers(viewer, set, { ...of("Not Rush at all"), transcript: contradiction }, guess(3));
    await world.seal();
    for (const id of [suspects.alone ?? "", confirmed]) {
      const contradicted = await judged(set.setId, id);
      expect(await answerSet(world.as(reader), id)).toMatchObject({
        authenticity: "claimed",
        authenticityReasons: ["contradicted"],
      });
      expect(contradicted.judged?.result).toMatchObject({
        says: "inconclusive",
        authenticity: "claimed",
        p: { secret: { claimed: true } },
      });
    }
  });
});

describe("two collectors", () => {
  test("of an endpoint whose weights nobody knows count for nothing where prompts were handed over in private", async () => {
    const set = await world.commit(author, { items: 8 });
    const address = `hf:${bamboo.name}`;
    const { release: original } = await pinRelease(world.as(reader), { setId: set.setId, address });
    await world.seal();
    await world.answers(author, set, { role: "original", name: "Bamboo", release: original }, right);
    await world.seal();
    const first = await askedTwice(set, { role: "suspect", name: "Reed" }, right);
    await world.seal();
    await world.reveal(author, set);
    await world.seal();
    const shown = await judged(set.setId, first);
    expect(shown.judged?.suspect).toMatchObject({
      authenticity: "claimed",
      authenticityReasons: ["no-weights", "prompts-not-public"],
    });
    expect(shown.judged?.result).toMatchObject({ order: { ok: true }, movesFinding: false });
  });
});

describe("asked by this instance", () => {
  test("its operator's endpoint, with weights that stood in the log and a moderator states, is a re-run", async () => {
    const set = await world.commit(author, { items: 8 });
    const pin = (name: string) => pinRelease(world.as(reader), { setId: set.setId, address: `hf:${name}` });
    const { release: original } = await pin(bamboo.name);
    await world.seal();
    await world.answers(author, set, { role: "original", name: "Bamboo", release: original }, right);
    await world.seal();
    await pin(oak.name);
    await world.seal();
    await world.reveal(author, set);
    await world.seal();
    const endpoint = await startChatEndpoint(({ text }) => {
      const item = set.items[Number(/room (\d+)/.exec(text)?.[1])];
      return item === undefined ? "" : right(item, 0);
    });
    const offering = {
      ...world.ctx,
      settings: { ...world.ctx.settings, askEndpoints: [{ name: "lab", url: endpoint.url }] },
    };
    const asking = { keyOf: () => null, maxAttempts: 1, signal: options.signal, onNotify: options.onNotify };
    const moderator = await world.user("Alder", "moderator");
    const { id: releaseId } = await world.db.release.findFirstOrThrow({ where: { repository: oak.name } });
    const question = { setId: set.setId, role: "suspect", endpoint: "lab", model: "oak" } as const;
    const stated = await queueAsk(
      { ...offering, viewer: moderator },
      { ...question, name: "Oak", releaseId },
    );
    const unstated = await queueAsk({ ...offering, viewer: reader }, { ...question, name: "Whoever" });
    for (const { jobId } of [stated, unstated])
      expect(await executeAsk(offering, jobId, asking)).toBe("done");
    await endpoint.close();
    await world.seal();
    const suspectOf = async ({ jobId }: { jobId: string }) =>
      (await askJob(offering, jobId))?.answerSetId ?? "";
    const rerun = await judged(set.setId, await suspectOf(stated));
    expect(rerun.judged?.suspect).toMatchObject({ authenticity: "re-run" });
    // Asked after the reveal, of weights that were fixed before it.
    expect(rerun.judged?.result).toMatchObject({ order: { ok: true }, hits: { suspect: 8 } });
    const other = await judged(set.setId, await suspectOf(unstated));
    expect(other.judged?.suspect).toMatchObject({ authenticity: "claimed" });
    expect(other.judged?.suspect.authenticityReasons).toContain("no-weights");
    expect(other.judged?.result.movesFinding).toBe(false);
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
