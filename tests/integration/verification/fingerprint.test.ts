import { generateKeyPairSync } from "node:crypto";
import { beforeAll, describe, expect, test, vi } from "vitest";
import {
  getFingerprint,
  getFingerprintDocument,
  getFingerprints,
} from "@/app/api/v1/_endpoints/fingerprints";
import { getModel } from "@/app/api/v1/_endpoints/models";
import { fingerprintText, parseFingerprint, withDigest } from "@/lib/engine/fingerprint/document";
import type { LightFingerprint } from "@/lib/engine/fingerprint/schema";
import { readSigningKey, signFingerprint } from "@/lib/engine/fingerprint/signature";
import type { Context, Viewer } from "@/lib/platform/context";
import {
  addCheckpoint,
  addFingerprint,
  cancelFingerprint,
  checkpointsForReleases,
  modelPage,
  previewRelease,
  queueFingerprint,
  registerModel,
  withdrawModel,
} from "@/lib/registry/server";
import {
  failAbandonedFingerprint,
  publicBlob,
  queueRun,
  runPage,
  startCheck,
} from "@/lib/verification/server";
import { hubRepository } from "@/tests/support/hub";
import { safetensorsOf } from "@/tests/support/safetensors-of";
import { llamaTensors } from "@/tests/support/small-weights";
import { asking } from "../http/support";
import { insertOpenCase, testInstance } from "./support";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const config = { model_type: "llama", hidden_size: 64, num_hidden_layers: 2 };
const repository = (name: string, seed: string) =>
  hubRepository(name, {
    "config.json": config,
    "README.md": "---\nlicense: mit\n---\n# Model\n",
    "model.safetensors": safetensorsOf(
      llamaTensors(seed, { layers: 2, hidden: 64, inner: 256, vocabulary: 300 }),
    ),
  });
const [model, initial, other] = [
  repository("lab/reed", "reed"),
  repository("lab/reed-step-0", "start"),
  repository("lab/rush", "rush"),
];
// Waits before each answer of the Hub while this is set.
let slowMs = 0;
const site = await testInstance({
  repositories: [model, initial, other],
  handle: async () => {
    if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs));
    return false;
  },
});
const { ctx, as } = site;
const ask = asking(site);

let author: Viewer;
let mine: Context;
let modelId: string;
let light: LightFingerprint;
beforeAll(async () => {
  author = await site.user("Reed Lab");
  mine = as(author);
  const { captureId } = await previewRelease(mine, `hf:${model.name}`);
  ({ modelId } = await registerModel(mine, { captureId, name: "Reed" }));
});

const jobs = () => ctx.db.fingerprintJob.findMany({ where: { modelId }, orderBy: { createdAt: "asc" } });
const execute = (jobId: string, given = {}) => site.executeFingerprint(jobId, given);

describe("fingerprints of a registered model", () => {
  test("registration queues a light one; the worker's child makes it; everybody can see and download it", async () => {
    const [job] = await jobs();
    expect(job).toMatchObject({ kind: "light", state: "queued" });
    expect(await execute(job!.id)).toBe("done");
    const page = (await modelPage(ctx, modelId))!;
    expect(page.fingerprintJobs).toEqual([]);
    const [made] = page.weightFingerprints;
    expect(made).toMatchObject({
      schema: "slipmark.fingerprint-light/v1",
      origin: "computed",
      commit: model.commit,
      signedBy: null,
      tensors: 9,
    });
    const blob = await publicBlob(ctx, made!.file);
    const bytes = new Uint8Array(await new Response(blob!.stream).arrayBuffer());
    light = parseFingerprint(bytes, "fp.json") as LightFingerprint;
    expect(light.digest).toBe(`sha256:${made!.digest}`);
    const acts = await ctx.db.logPending.findMany({ where: { about: `model:${modelId}`, kind: "observe" } });
    expect(acts).toHaveLength(1);
    expect(acts[0]!.statement).toContain(made!.digest);
    // Once more changes nothing: the computation has ended.
    expect(await execute(job!.id)).toBe("done");
    expect(await ctx.db.weightFingerprint.count({ where: { modelId } })).toBe(1);
  });

  test("the registrant asks for a full one, once; others may not; a model beyond the limit is refused", async () => {
    const stranger = as(await site.user("stranger"));
    await expect(queueFingerprint(stranger, { modelId, kind: "full" })).rejects.toMatchObject({
      code: "not-allowed",
    });
    await expect(queueFingerprint(ctx, { modelId, kind: "full" })).rejects.toMatchObject({
      code: "sign-in-required",
    });
    const small = { ...mine, settings: { ...mine.settings, fingerprintBytes: 1000 } };
    await expect(queueFingerprint(small, { modelId, kind: "full" })).rejects.toMatchObject({
      code: "too-large",
      detail: { limit: 1000 },
    });
    const asked = await Promise.all([1, 2].map(() => queueFingerprint(mine, { modelId, kind: "full" })));
    expect(asked[0]!.jobId).toBe(asked[1]!.jobId);
    expect(await execute(asked[0]!.jobId)).toBe("done");
    const page = (await modelPage(ctx, modelId))!;
    expect(page.weightFingerprints.map(({ schema }) => schema)).toEqual([
      "slipmark.fingerprint-light/v1",
      "slipmark.fingerprint/v1",
    ]);
  });

  test("a waiting computation is cancelled at once, a running one soon; a worker that stops gives it back", async () => {
    const { jobId } = await queueFingerprint(mine, { modelId, kind: "full" });
    await cancelFingerprint(mine, { jobId });
    expect((await ctx.db.fingerprintJob.findUniqueOrThrow({ where: { id: jobId } })).state).toBe("cancelled");
    await expect(cancelFingerprint(mine, { jobId })).rejects.toMatchObject({ code: "already-done" });

    slowMs = 400;
    const second = await queueFingerprint(mine, { modelId, kind: "full" });
    const running = execute(second.jobId);
    await vi.waitFor(
      async () => {
        const row = await ctx.db.fingerprintJob.findUniqueOrThrow({ where: { id: second.jobId } });
        expect(row.progress).not.toBeNull();
      },
      { timeout: 60_000, interval: 100 },
    );
    await cancelFingerprint(mine, { jobId: second.jobId });
    expect(await running).toBe("done");
    const cancelled = await ctx.db.fingerprintJob.findUniqueOrThrow({ where: { id: second.jobId } });
    expect(cancelled.state).toBe("cancelled");

    const third = await queueFingerprint(mine, { modelId, kind: "full" });
    const stop = new AbortController();
    const stopped = execute(third.jobId, { signal: stop.signal });
    setTimeout(() => stop.abort(), 1500);
    expect(await stopped).toBe("again");
    slowMs = 0;
    expect(await execute(third.jobId)).toBe("done");
    const done = await ctx.db.fingerprintJob.findUniqueOrThrow({ where: { id: third.jobId } });
    expect(done).toMatchObject({ state: "finished", attempt: 2 });
  });

  test("a computation whose workers died again and again ends in plain sight", async () => {
    const { jobId } = await queueFingerprint(mine, { modelId, kind: "light" });
    await failAbandonedFingerprint(ctx, jobId);
    const [shown] = (await modelPage(ctx, modelId))!.fingerprintJobs;
    expect(shown).toMatchObject({
      id: jobId,
      kind: "light",
      state: "failed",
      failure: { code: "worker-lost" },
    });
  });

  test("rows of fingerprints and checkpoints cannot be changed or removed", async () => {
    await expect(ctx.db.$executeRaw`UPDATE weight_fingerprint SET digest = ''`).rejects.toThrow();
    await expect(ctx.db.$executeRaw`DELETE FROM weight_fingerprint`).rejects.toThrow();
    await expect(ctx.db.$executeRaw`TRUNCATE checkpoint`).rejects.toThrow();
  });
});

test("the interface lists them, finds one by its digest, and gives the file with its length and a name", async () => {
  const listed = await ask(getFingerprints, { query: `?model=${modelId}&limit=1` });
  const { items, next } = (await listed.json()) as {
    items: { digest: string; model: object }[];
    next: string;
  };
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ origin: "computed", model: { id: modelId, name: "Reed" } });
  const rest = await ask(getFingerprints, { query: `?model=${modelId}&limit=1&cursor=${next}` });
  expect(((await rest.json()) as { items: { digest: string }[] }).items[0]!.digest).not.toBe(
    items[0]!.digest,
  );
  const digest = light.digest.replace(/^sha256:/, "");
  const found = await ask(getFingerprint, { params: { digest } });
  expect(await found.json()).toMatchObject({ items: [{ digest, schema: light.schema }] });
  const file = await ask(getFingerprintDocument, { params: { digest } });
  const bytes = new Uint8Array(await file.arrayBuffer());
  expect(file.headers.get("content-length")).toBe(String(bytes.length));
  expect(file.headers.get("content-disposition")).toContain("attachment");
  expect(parseFingerprint(bytes, "fp.json")).toEqual(light);
  for (const endpoint of [getFingerprint, getFingerprintDocument])
    expect((await ask(endpoint, { params: { digest: "0".repeat(64) } })).status).toBe(404);
  const model = (await (await ask(getModel, { params: { id: modelId } })).json()) as object;
  expect(model).toHaveProperty("weightFingerprints.0.digest");
});

test("a file of the server is no address of a release", async () => {
  for (const original of ["/etc/fingerprint.json", "./var/fingerprint.json", "fingerprint.json"]) {
    await expect(
      startCheck(ctx, { original, suspect: `hf:${other.name}` }, { address: "192.0.2.9" }),
    ).rejects.toMatchObject({ code: "bad-address" });
    await expect(previewRelease(mine, original)).rejects.toMatchObject({ code: "bad-address" });
  }
});

describe("a fingerprint made on the author's machine", () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const key = readSigningKey(privateKey.export({ format: "pem", type: "pkcs8" }) as string);
  const bytesOf = (document: object) => Buffer.from(fingerprintText(document as LightFingerprint));

  test("is judged, kept as the author's, and the same file twice is one entry", async () => {
    const signed = signFingerprint(light, key);
    const bytes = bytesOf(signed);
    expect(await addFingerprint(mine, { modelId, bytes })).toEqual({ digest: light.digest, created: true });
    expect((await addFingerprint(mine, { modelId, bytes })).created).toBe(false);
    const page = (await modelPage(ctx, modelId))!;
    expect(page.weightFingerprints.at(-1)).toMatchObject({
      origin: "author",
      signedBy: key.keyId,
      build: null,
    });
  });

  test.each<[string, string, () => Uint8Array]>([
    ["no fingerprint", "fingerprint-malformed", () => Buffer.from("{}")],
    ["no JSON", "fingerprint-malformed", () => Buffer.from([0xff, 0, 1])],
    ["an altered one", "fingerprint-altered", () => bytesOf({ ...light, structure: "0".repeat(64) })],
    [
      "a forged signature",
      "fingerprint-signature",
      () => {
        const { signature } = signFingerprint(light, key);
        const changed = withDigest<LightFingerprint>({ ...light, code: ["a".repeat(40)] });
        return bytesOf({ ...changed, signature });
      },
    ],
    [
      "one of another release",
      "fingerprint-other-release",
      () =>
        bytesOf(
          withDigest<LightFingerprint>({
            ...light,
            release: { ...light.release, repository: "hf:lab/rush" },
          }),
        ),
    ],
    ["one that is too large", "fingerprint-too-large", () => Buffer.alloc(16 * 1024 * 1024 + 1, 32)],
  ])("%s is refused with one clear code, also at registration", async (_, code, make) => {
    const bytes = make();
    await expect(addFingerprint(mine, { modelId, bytes })).rejects.toMatchObject({
      fields: { fingerprint: code },
    });
    const { captureId } = await previewRelease(mine, `hf:${other.name}`);
    const refused = registerModel(mine, { captureId, name: "Rush", fingerprint: bytes });
    await expect(refused).rejects.toMatchObject({ fields: { fingerprint: code } });
  });

  test("comes with a registration", async () => {
    const { captureId } = await previewRelease(mine, `hf:${other.name}`);
    const own = withDigest<LightFingerprint>({
      ...light,
      release: { repository: null, commit: null, content: light.release.content },
    });
    const made = await registerModel(mine, { captureId, name: "Rush", fingerprint: bytesOf(own) });
    const page = (await modelPage(ctx, made.modelId))!;
    expect(page.weightFingerprints).toMatchObject([{ origin: "author", commit: null }]);
  });

  test("is the registrant's to add, and only while the registration stands", async () => {
    const stranger = as(await site.user("someone"));
    const bytes = bytesOf(light);
    await expect(addFingerprint(stranger, { modelId, bytes })).rejects.toMatchObject({ code: "not-allowed" });
    await expect(addFingerprint(ctx, { modelId, bytes })).rejects.toMatchObject({ code: "sign-in-required" });
  });
});

describe("checkpoints", () => {
  test("are registered with their step, shown, offered for runs, and never taken by themselves", async () => {
    const input = { modelId, address: `hf:${initial.name}`, label: "initial" } as const;
    const { checkpointId } = await addCheckpoint(mine, input);
    expect(await addCheckpoint(mine, input)).toEqual({ checkpointId });
    const page = (await modelPage(ctx, modelId))!;
    expect(page.checkpoints).toMatchObject([
      { id: checkpointId, label: "initial", step: null, release: { repository: initial.name } },
    ]);
    const reporter = await site.user("reporter");
    const caseId = await insertOpenCase(ctx.db, {
      publicId: "SLP-2026-0777",
      reporter,
      original: model,
      suspect: other,
    });
    const releases = await ctx.db.caseRelease.findMany({ where: { caseId } });
    const offered = await checkpointsForReleases(
      ctx,
      releases.map(({ releaseId }) => releaseId),
    );
    expect(offered.map(({ id }) => id)).toEqual([checkpointId]);

    const plain = await queueRun(as(reporter), { caseId });
    expect(await ctx.db.runInput.count({ where: { runId: plain.runId, role: "ancestor" } })).toBe(0);
    const chosen = await queueRun(as(reporter), { caseId, checkpoints: [checkpointId] });
    const ancestors = await ctx.db.runInput.findMany({ where: { runId: chosen.runId, role: "ancestor" } });
    expect(ancestors).toMatchObject([{ position: 0, kind: "initialisation" }]);
    expect((await runPage(as(reporter), chosen.runId))?.inputs.at(-1)?.kind).toBe("initialisation");
    await expect(
      queueRun(as(reporter), { caseId, checkpoints: [`ckp_${"0".repeat(20)}`] }),
    ).rejects.toMatchObject({ code: "not-found" });
  });

  test("a step needs its number, and nothing else has one; the model itself is no checkpoint", async () => {
    const address = `hf:${initial.name}`;
    await expect(addCheckpoint(mine, { modelId, address, label: "step" })).rejects.toMatchObject({
      fields: { step: "step-with-label" },
    });
    await expect(addCheckpoint(mine, { modelId, address, label: "early", step: 5 })).rejects.toMatchObject({
      code: "invalid-input",
    });
    await expect(
      addCheckpoint(mine, { modelId, address: `hf:${model.name}`, label: "early" }),
    ).rejects.toMatchObject({ code: "same-release" });
    const stranger = as(await site.user("nobody"));
    await expect(addCheckpoint(stranger, { modelId, address, label: "early" })).rejects.toMatchObject({
      code: "not-allowed",
    });
  });

  test("a withdrawn registration offers none and takes no more", async () => {
    await withdrawModel(mine, { modelId, reason: "A mistake." });
    const release = await ctx.db.model.findUniqueOrThrow({ where: { id: modelId } });
    expect(await checkpointsForReleases(ctx, [release.releaseId])).toEqual([]);
    await expect(queueFingerprint(mine, { modelId, kind: "light" })).rejects.toMatchObject({
      code: "not-allowed",
    });
  });
});
