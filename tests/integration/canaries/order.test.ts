import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { chainHolds } from "@/lib/canaries";
import {
  canarySet,
  commitSet,
  fetchNonce,
  fetchRoundFrom,
  orderChain,
  pinRelease,
} from "@/lib/canaries/server";
import {
  type CanaryTerms,
  generatedItems,
  generatorRoot,
  knownChains,
  roundAfter,
  timeOfRound,
} from "@/lib/engine/canary";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { hubRepository } from "@/tests/support/hub";
import { safetensors } from "../registry/support";
import { type CommittedSet, judgingWorld, labelTerms } from "./judging-world";

const repository = (name: string) =>
  hubRepository(`river-lab/${name}`, {
    "config.json": { model_type: name },
    "model.safetensors": safetensors({ [name]: [4, 4] }),
  });
const repositories = Object.fromEntries(
  ["original", "suspect", "known", "rushed", "foreign", "again", "fixed", "trained", "unseen"].map(
    (name) => [name, repository(name)] as const,
  ),
);
const world = await judgingWorld(Object.values(repositories));
const { db } = world;
let author: Viewer;
let stranger: Viewer;
let original: string;

const given = (name: string) => {
  const found = repositories[name];
  if (found === undefined) throw new Error(name);
  return found;
};
const pin = async (set: CommittedSet, name: string) =>
  (await pinRelease(world.as(stranger), { setId: set.setId, address: `hf:river-lab/${name}` })).release;
const hits = (item: { readonly answer?: string }) => item.answer ?? "";
const steps = async (set: CommittedSet, answersId: string) =>
  (await orderChain(db, set.setId, answersId)).map(({ id, ok, reason }) => (ok ? id : `${id}: ${reason}`));
const answersOfOriginal = (set: CommittedSet) =>
  world.answers(author, set, { role: "original", name: "Original", release: original }, hits);

beforeAll(async () => {
  author = await world.user("Author");
  stranger = await world.user("Stranger");
  original = (await world.capture(author, given("original"))).release;
});

describe("in the right order", () => {
  test("commit < nonce < original < first observation < answers < reveal, each inside what the next one cites", async () => {
    const set = await world.commit(author);
    expect((await canarySet(world.as(anonymous), set.setId))?.chain.map(({ id, ok }) => [id, ok])).toEqual([
      ["commit", true],
      ["nonce", true],
      ["original", false],
    ]);
    await answersOfOriginal(set);
    await world.seal();
    const release = await pin(set, "suspect");
    await world.seal();
    const suspect = await world.answers(stranger, set, { role: "suspect", name: "Suspect", release }, hits);
    await world.seal();
    expect(await steps(set, suspect)).toEqual([
      "commit",
      "nonce",
      "original",
      "observed",
      "answers",
      "reveal: not-yet",
    ]);
    await world.reveal(author, set);
    // Appended, but nobody can see it before it is in the log.
    expect(await steps(set, suspect)).toContain("reveal: not-logged");
    await world.seal();
    const chain = await orderChain(db, set.setId, suspect);
    expect(chain.map(({ id, ok, reason, basis }) => [id, ok, reason, basis])).toEqual([
      ["commit", true, "ordered", "witnessed"],
      ["nonce", true, "ordered", null],
      ["original", true, "ordered", "witnessed"],
      ["observed", true, "ordered", "witnessed"],
      ["answers", true, "ordered", "witnessed"],
      ["reveal", true, "ordered", "witnessed"],
    ]);
    expect(chainHolds(chain)).toEqual({ ok: true, withheld: [] });
    const indices = chain.flatMap(({ index }) => (index === null ? [] : [index]));
    expect([...indices].sort((a, b) => a - b)).toEqual(indices);
    // A second answering of the same weights, after the reveal, changes nothing: they were fixed before it.
    const again = await world.answers(
      stranger,
      set,
      { role: "suspect", name: "Suspect again", release },
      hits,
    );
    await world.seal();
    expect(chainHolds(await orderChain(db, set.setId, again))).toEqual({ ok: true, withheld: [] });
  });

  test("a suspect behind an endpoint is first observed by its answers", async () => {
    const set = await world.commit(author);
    await answersOfOriginal(set);
    await world.seal();
    const suspect = await world.answers(stranger, set, { role: "suspect", name: "Closed model" }, hits);
    await world.seal();
    await world.reveal(author, set);
    await world.seal();
    const chain = await orderChain(db, set.setId, suspect);
    expect(chainHolds(chain).ok).toBe(true);
    expect(chain[3]?.index).toBe(chain[4]?.index);
    // A stranger's early answers under the same name spoil nothing: a name is no weights. The author's own do.
    const second = await world.commit(author);
    const early = await world.answers(author, set, { role: "suspect", name: "Known to the author" }, hits);
    await answersOfOriginal(second);
    await world.seal();
    const same = await world.answers(stranger, second, { role: "suspect", name: "closed MODEL" }, hits);
    const known = await world.answers(
      stranger,
      second,
      { role: "suspect", name: "known to the AUTHOR" },
      hits,
    );
    await world.seal();
    expect(early).not.toBe(known);
    expect(await steps(second, same)).toContain("observed");
    expect(await steps(second, known)).toContain("observed: not-covered");
  });
});

describe("out of order", () => {
  test("an author who learns the suspect's answers first has an illustration, whatever comes afterwards", async () => {
    // The suspect was captured and asked before anything was committed to.
    const earlier = await world.commit(author);
    const release = await pin(earlier, "known");
    await world.answers(author, earlier, { role: "suspect", name: "Known", release }, hits);
    await world.seal();
    const set = await world.commit(author);
    await answersOfOriginal(set);
    await world.seal();
    const suspect = await world.answers(stranger, set, { role: "suspect", name: "Renamed", release }, hits);
    await world.seal();
    await world.reveal(author, set);
    await world.seal();
    expect(await steps(set, suspect)).toEqual([
      "commit",
      "nonce",
      "original",
      "observed: not-covered",
      "answers",
      "reveal",
    ]);
    expect(chainHolds(await orderChain(db, set.setId, suspect))).toEqual({
      ok: false,
      withheld: ["observed:not-covered"],
    });
    // The same weights under another name and commit are the same weights: their digest tells.
    const { files } = await db.capture.findFirstOrThrow({
      where: { release: { repository: "river-lab/known" } },
    });
    const weights = (files as { path: string; lfsSha256: string | null }[]).find(
      ({ lfsSha256 }) => lfsSha256 !== null,
    )?.lfsSha256;
    const mirrored = await world.answers(
      stranger,
      set,
      { role: "suspect", name: "Mirror", weights: weights ?? "" },
      hits,
    );
    await world.seal();
    expect(await steps(set, mirrored)).toContain("observed: not-covered");
  });

  test("a look at the suspect that was not logged counts against whoever says it came later", async () => {
    const set = await world.commit(author);
    await world.capture(stranger, given("foreign"));
    await answersOfOriginal(set);
    await world.seal();
    const release = await pin(set, "foreign");
    await world.seal();
    const suspect = await world.answers(stranger, set, { role: "suspect", name: "Foreign", release }, hits);
    await world.seal();
    expect(await steps(set, suspect)).toContain("observed: seen-before");
  });

  test("what is logged faster than the witness signs is not ordered", async () => {
    const set = await world.commit(author);
    await answersOfOriginal(set);
    // The original's answers are in no checkpoint that this observation could cite.
    const release = await pin(set, "rushed");
    await world.seal();
    const suspect = await world.answers(stranger, set, { role: "suspect", name: "Rushed", release }, hits);
    await world.reveal(author, set);
    await world.seal();
    expect(await steps(set, suspect)).toEqual([
      "commit",
      "nonce",
      "original",
      "observed: not-covered",
      "answers",
      "reveal: not-covered",
    ]);
  });

  test("answers after the reveal count only of weights that were fixed before it", async () => {
    const set = await world.commit(author);
    await answersOfOriginal(set);
    await world.seal();
    await world.reveal(author, set);
    await world.seal();
    const claimed = await world.answers(stranger, set, { role: "suspect", name: "Asked too late" }, hits);
    const release = await pin(set, "again");
    await world.seal();
    const late = await world.answers(
      stranger,
      set,
      { role: "suspect", name: "Pinned too late", release },
      hits,
    );
    await world.seal();
    expect(await steps(set, claimed)).toContain("reveal: not-covered");
    expect(await steps(set, late)).toContain("reveal: not-covered");
  });

  test("the original's answers need weights that are named", async () => {
    const set = await world.commit(author);
    await world.answers(author, set, { role: "original", name: "Original" }, hits);
    await world.seal();
    expect((await orderChain(db, set.setId, null))[2]).toMatchObject({
      ok: false,
      reason: "weights-not-pinned",
    });
  });
});

describe("a generator set", () => {
  const generator = { program: "rare-han/v1", parameters: { from: 0x4e00, to: 0x9fff } } as const;

  /** Committed and witnessed, and drawn from the beacon. */
  async function drawn(beforeTheDraw: (setId: string) => Promise<unknown>): Promise<CommittedSet> {
    const chain = world.ctx.settings.drand?.trusted[0] ?? knownChains.quicknet;
    const beacon = { ...chain, round: roundAfter(chain, Date.now() + 6_000) } as CanaryTerms["beacon"];
    const setId = randomBytes(16).toString("hex");
    const kind = { kind: "generator", options: null, primary: "robust", threshold: "0.01" } as const;
    await commitSet(world.as(author), {
      setId,
      root: generatorRoot(generator),
      terms: { ...labelTerms(8), ...kind, beacon, generator },
    });
    await beforeTheDraw(setId);
    await world.seal();
    await sleep(Math.max(0, timeOfRound(beacon as never) - Date.now()) + 100);
    const row = await db.canarySet.findUniqueOrThrow({ where: { setId } });
    const io = { fetchRound: fetchRoundFrom(world.ctx), signal: new AbortController().signal };
    expect(await fetchNonce(world.ctx, row.id, io)).toBe("done");
    const { nonce } = await db.canarySet.findUniqueOrThrow({ where: { setId } });
    const items = generatedItems(generator, { nonce: nonce ?? "", setId, items: 8 });
    return { setId, secrets: null as never, items };
  }

  test("may be asked of a suspect that was out before, if the original was fixed before the draw", async () => {
    const set = await drawn((setId) =>
      pinRelease(world.as(author), { setId, address: "hf:river-lab/fixed" }),
    );
    const fixed = `hf:river-lab/fixed@${given("fixed").commit}`;
    await world.answers(author, set, { role: "original", name: "Fixed", release: fixed }, hits);
    await world.seal();
    const release = `hf:river-lab/known@${given("known").commit}`;
    const suspect = await world.answers(stranger, set, { role: "suspect", name: "Known", release }, hits);
    await world.seal();
    expect(await steps(set, suspect)).toEqual([
      "commit",
      "nonce",
      "original",
      "observed",
      "answers",
      "reveal",
    ]);
    expect((await orderChain(db, set.setId, suspect))[3]).toMatchObject({ reason: "not-needed" });
  });

  test("otherwise the original could have been trained to agree on what was drawn", async () => {
    const set = await drawn(async () => undefined);
    const release = await pin(set, "trained");
    await world.answers(author, set, { role: "original", name: "Trained", release }, hits);
    await world.seal();
    const known = `hf:river-lab/known@${given("known").commit}`;
    const suspect = await world.answers(
      stranger,
      set,
      { role: "suspect", name: "Known", release: known },
      hits,
    );
    await world.seal();
    expect(await steps(set, suspect)).toContain("observed: not-covered");
    // A suspect that this log never saw before may have been out as well: nothing makes up for it.
    const { release: unseen } = await world.capture(stranger, given("unseen"));
    const other = await world.answers(
      stranger,
      set,
      { role: "suspect", name: "Unseen", release: unseen },
      hits,
    );
    await world.seal();
    expect(await steps(set, other)).toContain("original: fixed-after-draw");
    expect(chainHolds(await orderChain(db, set.setId, other)).ok).toBe(false);
  });
});

describe("without a witness", () => {
  test("every date rests on our word, and the chain says so", async () => {
    const alone = await judgingWorld();
    const owner = await alone.user("Alone");
    const other = await alone.user("Other");
    // The world's own commit() has it witnessed: here nothing ever is.
    const chain = alone.ctx.settings.drand?.trusted[0] ?? knownChains.quicknet;
    const beacon = { ...chain, round: roundAfter(chain, Date.now() + 1_500) } as never;
    const setId = "5c".repeat(16);
    await commitSet(alone.as(owner), {
      setId,
      root: "6d".repeat(32),
      terms: { ...labelTerms(8), beacon },
    });
    await alone.seal({ witnessed: false });
    await new Promise((resolve) => setTimeout(resolve, timeOfRound(beacon) - Date.now() + 100));
    const { id } = await alone.db.canarySet.findUniqueOrThrow({ where: { setId } });
    expect(
      await fetchNonce(alone.ctx, id, {
        fetchRound: fetchRoundFrom(alone.ctx),
        signal: new AbortController().signal,
      }),
    ).toBe("done");
    const items = Array.from({ length: 8 }, (_, at) => ({ id: `i-${at}`, answer: "x" }));
    const set = { setId, secrets: null as never, items };
    await alone.answers(owner, set, { role: "original", name: "O", weights: "ab".repeat(32) }, hits);
    await alone.seal({ witnessed: false });
    const suspect = await alone.answers(other, set, { role: "suspect", name: "S" }, hits);
    await alone.seal({ witnessed: false });
    const found = await orderChain(alone.db, setId, suspect);
    expect(found.map(({ id: step, reason, basis }) => [step, reason, basis])).toEqual([
      ["commit", "our-word", "our-word"],
      ["nonce", "our-word", null],
      ["original", "not-cited", "our-word"],
      ["observed", "not-cited", "our-word"],
      ["answers", "ordered", "our-word"],
      ["reveal", "not-yet", null],
    ]);
    expect(chainHolds(found).ok).toBe(false);
  });
});
