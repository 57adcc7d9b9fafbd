import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { type ExecuteJudgeOptions, executeJudge, judgement, queueJudge } from "@/lib/canaries/server";
import type { CanaryItem } from "@/lib/engine/canary";
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
import { type CommittedSet, type JudgingWorld, judgingWorld, labels, labelTerms } from "./judging-world";

export type Answering = (item: CanaryItem, at: number) => string;
export const right: Answering = (item) => item.answer ?? "";
export const guess =
  (seed: number): Answering =>
  (_, at) =>
    labels[(at * 7 + seed * 13) % 64] as string;

/** A transcript as somebody who asked the weights themselves hands it in. */
export function transcriptOf(
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

export const release = (name: string) =>
  hubRepository(name, {
    "config.json": { model_type: "llama", hidden_size: 64, name },
    "README.md": `# ${name}\n`,
  });

/** The original of every set. */
export const bamboo = release("lab-a/bamboo");

/** A judging world with its people, and a judge that is built anew: the one that runs has to be that of this checkout. */
export async function judgingCourt(repositories: Parameters<typeof judgingWorld>[0]) {
  const world = await judgingWorld(repositories);
  const author = await world.user("Meridian");
  const reader = await world.user("Wren");
  const second = await world.user("Lark");
  await world.user("Alder of old");
  const bundlePath = join(world.folder, "slipmark.mjs");
  await promisify(execFile)(process.execPath, [join("cli", "build.mjs"), "--outfile", bundlePath]);
  const options: ExecuteJudgeOptions = {
    engine: { path: bundlePath, sha256: "ee".repeat(32) },
    temporaryFolder: join(world.folder, "tmp"),
    timeLimitMs: 60_000,
    memoryLimitBytes: 512 * 1024 * 1024,
    patienceMs: 0,
    signal: new AbortController().signal,
    onNotify: () => () => undefined,
  };

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
    of: Omit<Parameters<JudgingWorld["answers"]>[2], "transcript" | "confirms">,
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

  return { world, author, reader, second, options, confirm, askedTwice, judged };
}
