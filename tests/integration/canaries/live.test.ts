import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  addPictures,
  askJob,
  canarySet,
  commitSet,
  executeAsk,
  executeJudge,
  fetchNonce,
  judgement,
  pinRelease,
  queueAsk,
  queueJudge,
  recordAnswers,
} from "@/lib/canaries/server";
import { type CanaryTerms, generatorRoot, timeOfRound } from "@/lib/engine/canary";
import { exampleChain } from "@/lib/examples/canary/beacon";
import { writtenTranscript } from "@/lib/examples/canary/transcript";
import type { Context, Viewer } from "@/lib/platform/context";
import { serveReaders } from "@/tests/canary/ocr/endpoint";
import { modelFile } from "@/tests/canary/ocr/files";
import { picture, recordedAnswers } from "@/tests/canary/ocr/fixture";
import { installedModels, type OcrName } from "@/tests/canary/ocr/models";
import { noisyTraineddata } from "@/tests/canary/ocr/noisy";
import { openReader } from "@/tests/canary/ocr/readers";
import { drawnItems, generator, round, setId, termsOf } from "@/tests/canary/ocr/set";
import { type Reader, tesseractReader } from "@/tests/canary/ocr/tesseract-reader";
import type { ChatEndpoint } from "../../support/chat-endpoint";
import { hubRepository } from "../../support/hub";
import { judgingWorld } from "./judging-world";

/**
 * The site's own way of a generator set with real models: committed, drawn, pictures handed in, asked by the site's job
 * at a loopback endpoint that runs Tesseract, judged by the site's job. "copy" is the original with one weight in twenty
 * moved by a step. The references that no package of this project has come from the recorded answers.
 */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const count = 36;
const recorded = [
  "pp-ocr-v4",
  "hans",
  "chi_tra-4.0.0",
  "chi_tra-best_int",
  "jpn-4.0.0",
  "jpn-best_int",
] as const satisfies readonly OcrName[];
const live = { original: "lab-a", copy: "lab-b", "chi_sim-4.0.0": "lab-c" } as const;
type Live = keyof typeof live;
const release = (name: string, maker: string) =>
  hubRepository(`${maker}/${name.replaceAll(".", "-")}`, { "config.json": { model_type: "ocr", name } });
const repositories = {
  ...Object.fromEntries(Object.entries(live).map(([name, maker]) => [name, release(name, maker)])),
  ...Object.fromEntries(recorded.map((name, at) => [name, release(name, `lab-r${at}`)])),
};

const world = await judgingWorld(Object.values(repositories));
const author = await world.user("Meridian");
const reader = await world.user("Wren");
const second = await world.user("Hazel");
const moderator = await world.user("Alder", "moderator");
const readers: Record<string, Reader> = {};
let endpoint: ChatEndpoint;
const releases: Record<string, string> = {};
const ids: Record<string, string> = {};

afterAll(async () => {
  await endpoint?.close();
  for (const one of Object.values(readers)) await one.close();
});

const operating = (viewer?: Viewer): Context => ({
  ...world.ctx,
  ...(viewer === undefined ? {} : { viewer }),
  settings: { ...world.ctx.settings, askEndpoints: [{ name: "readers", url: endpoint.url }] },
});

/** The site asks the model behind the operator's endpoint, whose weights the operator states. */
async function asked(role: "original" | "suspect" | "reference", name: Live): Promise<string> {
  const { id } = await world.db.release.findFirstOrThrow({ where: { repository: repositories[name]!.name } });
  const { jobId } = await queueAsk(operating(moderator), {
    setId,
    role,
    name,
    endpoint: "readers",
    model: name,
    releaseId: id,
    ...(role === "reference" ? { family: name } : {}),
  });
  const done = await executeAsk(operating(), jobId, {
    keyOf: () => null,
    maxAttempts: 1,
    signal: new AbortController().signal,
    onNotify: () => () => undefined,
  });
  expect(done).toBe("done");
  const job = await askJob(world.ctx, jobId);
  expect(job, name).toMatchObject({ state: "finished", failure: null });
  return job?.answerSetId ?? "";
}

async function pinned(name: string): Promise<void> {
  const address = `hf:${repositories[name]!.name}`;
  releases[name] = (await pinRelease(world.as(reader), { setId, address })).release;
}

beforeAll(async () => {
  const folder = join(world.folder, "copy");
  await mkdir(folder);
  const original = modelFile(installedModels["chi_sim-best_int"]);
  await writeFile(join(folder, "chi_sim.traineddata"), noisyTraineddata(original.content, 0.05, "copy"));
  readers.original = await openReader("chi_sim-best_int");
  readers.copy = await tesseractReader(join(folder, "chi_sim.traineddata"));
  readers["chi_sim-4.0.0"] = await openReader("chi_sim-4.0.0");
  endpoint = await serveReaders(readers);
});

test("committed under a round to come, witnessed before it, and drawn by it", async () => {
  const chain = exampleChain(new Date(Date.now() + 30_000));
  const terms: CanaryTerms = {
    ...termsOf(count, ["chi_sim-4.0.0", ...recorded]),
    threshold: "0.03",
    deadline: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
    beacon: { ...chain, round: round.round } as CanaryTerms["beacon"],
  };
  const trusting = {
    ...world.as(author),
    settings: { ...world.ctx.settings, drand: { relay: "http://127.0.0.1:1", trusted: [chain] } },
  };
  await commitSet(trusting, { setId, root: generatorRoot(generator()), terms });
  // What is compared is fixed before the draw; the suspect is looked at once the original has answered.
  for (const name of Object.keys(repositories)) if (name !== "copy") await pinned(name);
  await world.seal();
  await sleep(Math.max(0, timeOfRound(terms.beacon as Parameters<typeof timeOfRound>[0]) - Date.now()) + 50);
  const { id } = await world.db.canarySet.findUniqueOrThrow({ where: { setId } });
  await fetchNonce(world.ctx, id, {
    fetchRound: async () => round,
    signal: new AbortController().signal,
  });
  expect(await world.db.canarySet.findUniqueOrThrow({ where: { setId } })).toMatchObject({
    nonce: round.randomness,
  });
  const pictures = drawnItems(count).map((item) => ({
    name: `${item.id}.png`,
    bytes: new Uint8Array(picture(item.id)),
  }));
  expect(await addPictures(world.as(author), { setId, pictures })).toEqual({ added: count, missing: 0 });
});

test("the original, its copy and a sibling are asked by the site, three times a picture, in their order", async () => {
  ids.original = await asked("original", "original");
  await world.seal();
  await pinned("copy");
  await world.seal();
  ids.copy = await asked("suspect", "copy");
  ids["chi_sim-4.0.0"] = await asked("reference", "chi_sim-4.0.0");
  expect(endpoint.questions).toHaveLength(3 * 3 * count);
  const { items, models } = recordedAnswers();
  for (const name of recorded) {
    const answers = models.find((model) => model.name === name)!.answers;
    const given = {
      setId,
      role: "reference" as const,
      name,
      family: name,
      adapter: "command" as const,
      release: releases[name]!,
      transcript: writtenTranscript({
        setId,
        model: name,
        weights: null,
        prompt: termsOf(count, []).prompt,
        repeats: 3,
        items: items.slice(0, count).map(({ id, image }) => ({ id, image })),
        answers: answers.slice(0, count),
        at: new Date(),
      }),
    };
    // Two people unconnected with the author got the same of the same weights.
    const { id: confirms } = await recordAnswers(world.as(reader), given);
    await recordAnswers(world.as(second), { ...given, confirms });
  }
  await world.seal();
  const page = await canarySet(world.ctx, setId);
  expect(page?.answers.filter(({ role }) => role !== "reference")).toMatchObject([
    { authenticity: "re-run", answered: expect.any(Number), lines: count },
    { authenticity: "re-run", lines: count },
  ]);
  expect(page?.panel).toMatchObject({ registered: 7 + recorded.length, families: 7 });
});

test("the site judges them: the copy is wrong where the original is, beyond the registered threshold", async () => {
  const engine = { path: join(world.folder, "slipmark.mjs"), sha256: "ee".repeat(32) };
  await promisify(execFile)(process.execPath, [join("cli", "build.mjs"), "--outfile", engine.path]);
  const { judgementId } = await queueJudge(world.as(reader), { setId, suspect: ids.copy ?? "" });
  expect(
    await executeJudge(world.ctx, judgementId, {
      engine,
      temporaryFolder: join(world.folder, "tmp"),
      timeLimitMs: 60_000,
      memoryLimitBytes: 512 * 1024 * 1024,
      patienceMs: 0,
      signal: new AbortController().signal,
      onNotify: () => () => undefined,
    }),
  ).toBe("done");
  const { judged, failure } = (await judgement(world.ctx, judgementId))!;
  expect(failure).toBeNull();
  const result = judged!.result;
  expect(judged).toMatchObject({
    original: { authenticity: "re-run" },
    suspect: { authenticity: "re-run" },
  });
  expect(result.nBothWrong).toBeGreaterThanOrEqual(20);
  expect(result.sameWrong / result.nBothWrong).toBeGreaterThan(0.6);
  expect(result.p.robust!.value).toBeLessThanOrEqual(0.03);
  // Its author chose the alphabet, because no font has every character: such items alone find nothing, and it says so.
  expect(result).toMatchObject({ primary: { reached: true }, says: "inconclusive", movesFinding: false });
  expect(result.reasons.map((reason) => reason.code)).toContain("alphabet-listed");
});
