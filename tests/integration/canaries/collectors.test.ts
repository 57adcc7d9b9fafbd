import { beforeAll, describe, expect, test, vi } from "vitest";
import { answerSet, askJob, executeAsk, pinRelease, queueAsk } from "@/lib/canaries/server";
import type { CanaryItem } from "@/lib/engine/canary";
import { startChatEndpoint } from "../../support/chat-endpoint";
import { bamboo, guess, judgingCourt, release, right, transcriptOf } from "./judging-court";
import type { CommittedSet } from "./judging-world";

// Each judgement starts a process of its own.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

// Nobody has looked at these before the sets below: what was seen earlier is out of order.
const oak = release("lab-d/oak");
const rush = release("lab-f/rush");
const { world, author, reader, second, options, confirm, askedTwice, judged } = await judgingCourt([
  bamboo,
  oak,
  rush,
]);

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
