import { beforeEach, describe, expect, test } from "vitest";
import { commitSet } from "@/lib/canaries/server";
import { anonymous, type Context } from "@/lib/platform/context";
import {
  latestModels,
  listModels,
  modelPage,
  modelsOfUser,
  preparedCapture,
  previewRelease,
  registerModel,
  renewPreview,
  withdrawModel,
} from "@/lib/registry/server";
import { testDatabase } from "@/tests/support/database";
import { hubRepository } from "@/tests/support/hub";
import { registryWorld, safetensors } from "./support";

const { db } = await testDatabase();
const repositories = ["one", "two", "three", "four"].map((name) =>
  hubRepository(`bamboo-lab/slip-${name}`, {
    "README.md": "---\nlicense: apache-2.0\n---\n",
    "config.json": { model_type: name },
    "tokenizer.json": { model: { vocab: { a: 0 } } },
    "model.safetensors": safetensors({ w: [4, 4] }),
  }),
);
const world = await registryWorld(db, repositories);
const author = await world.member("竹里 Bamboo Lab");
const stranger = await world.member("Stranger");
/** A set of canaries that the author has committed to; its id. */
async function committed(byte: string): Promise<string> {
  const setId = byte.repeat(16);
  await commitSet(ctx, { setId, root: byte.repeat(32), items: 24, kind: "random-label" });
  return setId;
}

let ctx: Context;
beforeEach(() => {
  ctx = world.as(author);
});

const prepare = async (name: string) => (await previewRelease(ctx, `hf:bamboo-lab/slip-${name}`)).captureId;
const acts = async (about: string) =>
  (await db.logPending.findMany({ where: { about }, orderBy: { id: "asc" } })).map(({ kind }) => kind);

describe("registerModel", () => {
  test("records fingerprint, set and public acts with the registration, without reading the network again", async () => {
    const captureId = await prepare("one");
    const canarySet = await committed("ab");
    const requests = world.hub.requests.length;
    const { modelId, created } = await registerModel(ctx, {
      captureId,
      name: "Slip One",
      statement: "用于竹简识别。",
      canarySet: canarySet.toUpperCase(),
    });
    expect(created).toBe(true);
    expect(world.hub.requests.length).toBe(requests);
    expect(await acts(`model:${modelId}`)).toEqual(["capture", "register", "commit"]);

    const page = await modelPage(ctx, modelId);
    expect(page).toMatchObject({
      name: "Slip One",
      statement: "用于竹简识别。",
      registrant: "竹里 Bamboo Lab",
      state: "registered",
      licence: "apache-2.0",
      parameters: 16,
      createdAt: world.now,
      commitments: [{ setId: "ab".repeat(16), root: "ab".repeat(32), items: 24, kind: "random-label" }],
      cases: [],
      others: [],
    });
    expect(page?.capture.id).toBe(captureId);
    const fingerprint = page?.fingerprints[0];
    expect(fingerprint?.schema).toBe("slipmark.fingerprint-metadata/v1");
    const { createHash } = await import("node:crypto");
    expect(
      createHash("sha256")
        .update(fingerprint?.document ?? "")
        .digest("hex"),
    ).toBe(fingerprint?.digest);
    expect(JSON.parse(fingerprint?.document ?? "")).toMatchObject({
      release: { source: "hf", repository: "bamboo-lab/slip-one", commit: repositories[0]?.commit },
      tensors: { count: 1, parameters: 16, source: "headers" },
    });
  });

  test("statements carry no name, text or account", async () => {
    const statements = (await db.logPending.findMany()).map(({ statement }) => statement).join("\n");
    expect(statements).not.toContain("Bamboo Lab");
    expect(statements).not.toContain("Slip One");
    expect(statements).not.toContain("竹简");
    expect(statements).not.toContain(author.userId);
    expect(statements).not.toMatch(/@lab\.example/);
  });

  test("is idempotent per commit and person, also for two submits at the same moment", async () => {
    const captureId = await prepare("two");
    const input = { captureId, name: "Slip Two", canarySet: await committed("12") };
    const results = await Promise.all([1, 2, 3].map(() => registerModel(ctx, input)));
    expect(new Set(results.map(({ modelId }) => modelId)).size).toBe(1);
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    const modelId = results[0]?.modelId ?? "";
    expect(await acts(`model:${modelId}`)).toEqual(["capture", "register", "commit"]);
    expect(await db.fingerprint.count({ where: { modelId } })).toBe(1);
  });

  test("a set can be named later, dated later; the name stays what was registered", async () => {
    const captureId = await prepare("three");
    const first = await registerModel(ctx, { captureId, name: "Slip Three" });
    const second = await registerModel(ctx, {
      captureId,
      name: "Another name",
      canarySet: await committed("34"),
    });
    expect(second).toEqual({ modelId: first.modelId, created: false });
    expect(await acts(`model:${first.modelId}`)).toEqual(["capture", "register", "commit"]);
    expect((await modelPage(ctx, first.modelId))?.name).toBe("Slip Three");
  });

  test("another person registers the same release apart; each page names the other", async () => {
    const captureId = await prepare("one");
    const { modelId } = await registerModel(world.as(stranger), { captureId, name: "Also mine" });
    const page = await modelPage(ctx, modelId);
    expect(page?.others.map(({ name }) => name)).toEqual(["Slip One"]);
  });

  test("nobody names another's set, and no set is named for two models", async () => {
    const captureId = await prepare("four");
    await expect(
      registerModel(world.as(stranger), { captureId, name: "Four", canarySet: "ab".repeat(16) }),
    ).rejects.toMatchObject({ code: "not-allowed", fields: { canarySet: "not-yours" } });
    await expect(
      registerModel(ctx, { captureId, name: "Four", canarySet: "ab".repeat(16) }),
    ).rejects.toMatchObject({ code: "already-done", fields: { canarySet: "set-taken" } });
    // … and the registration around it did not happen either, in the tables as in the outbox.
    expect(await db.model.count({ where: { name: "Four" } })).toBe(0);
    expect(await db.logDedup.count({ where: { key: `capture:${captureId}` } })).toBe(0);
  });

  test.each([
    ["hex-32", "ab"],
    ["hex-32", "zz".repeat(16)],
    ["unknown-set", "0f".repeat(16)],
  ])("refuses a set by %s, naming the field", async (code, canarySet) => {
    const captureId = await prepare("four");
    await expect(registerModel(ctx, { captureId, name: "Four", canarySet })).rejects.toMatchObject({
      code: "invalid-input",
      fields: { canarySet: code },
    });
  });

  test("refuses who is not signed in, and a session whose account is gone", async () => {
    const captureId = await prepare("four");
    await expect(registerModel(world.as(anonymous), { captureId, name: "Four" })).rejects.toMatchObject({
      code: "sign-in-required",
    });
    const leaver = await world.member("Leaver");
    await db.user.update({ where: { id: leaver.userId ?? "" }, data: { deletedAt: world.now, email: null } });
    await expect(registerModel(world.as(leaver), { captureId, name: "Four" })).rejects.toMatchObject({
      code: "sign-in-required",
    });
  });

  test("refuses a forged capture, and one older than an hour, whose release can be read again", async () => {
    await expect(
      registerModel(ctx, { captureId: `cap_${"0".repeat(20)}`, name: "Four" }),
    ).rejects.toMatchObject({
      code: "not-found",
    });
    await expect(registerModel(ctx, { captureId: "' OR 1=1", name: "Four" })).rejects.toMatchObject({
      code: "invalid-input",
    });
    const captureId = await prepare("four");
    expect((await preparedCapture(ctx, captureId)).captureId).toBe(captureId);
    world.now = new Date(world.now.getTime() + 3_600_001);
    await expect(registerModel(ctx, { captureId, name: "Four" })).rejects.toMatchObject({
      code: "changed-meanwhile",
    });
    // It is still shown, so that a form with what was typed does not vanish, and goes on from a new one.
    expect(await preparedCapture(ctx, captureId)).toMatchObject({ captureId, expired: true });
    const renewed = await renewPreview(ctx, captureId);
    expect(renewed).toMatchObject({ unchanged: true, observedAt: world.now });
    expect(renewed.captureId).not.toBe(captureId);
    expect(await preparedCapture(ctx, renewed.captureId)).toMatchObject({ expired: false });
    const nobody = renewPreview(world.as(anonymous), captureId);
    await expect(nobody).rejects.toMatchObject({ code: "sign-in-required" });
  });
});

describe("withdrawModel", () => {
  test("only who registered takes it back, once, with a reason; the page stays", async () => {
    const modelId = (await modelsOfUser(ctx, stranger.userId ?? ""))[0]?.id ?? "";
    const reason = "Registered by mistake: this is not our release.";
    await expect(withdrawModel(ctx, { modelId, reason })).rejects.toMatchObject({ code: "not-allowed" });
    await expect(withdrawModel(world.as(stranger), { modelId, reason: " " })).rejects.toMatchObject({
      code: "invalid-input",
    });
    await withdrawModel(world.as(stranger), { modelId, reason });
    await expect(withdrawModel(world.as(stranger), { modelId, reason })).rejects.toMatchObject({
      code: "already-done",
    });
    expect(await modelPage(ctx, modelId)).toMatchObject({
      state: "withdrawn",
      withdrawnAt: world.now,
      withdrawReason: reason,
    });
    expect(await acts(`model:${modelId}`)).toEqual(["register", "withdraw"]);
    expect((await latestModels(ctx, 10)).some(({ id }) => id === modelId)).toBe(false);
  });

  test("what was withdrawn is not silently registered again", async () => {
    const captureId = await prepare("one");
    await expect(registerModel(world.as(stranger), { captureId, name: "Again" })).rejects.toMatchObject({
      code: "wrong-state",
    });
  });
});

describe("queries", () => {
  test("list finds by name, repository, registrant and Chinese text", async () => {
    const names = async (q: string) => (await listModels(ctx, { q })).rows.map(({ name }) => name).sort();
    expect(await names("slip one")).toEqual(["Also mine", "Slip One"]);
    expect(await names("竹简")).toEqual(["Slip One"]);
    expect(await names("bamboo")).toHaveLength(4);
    expect(await names("no such thing")).toEqual([]);
    expect(await listModels(ctx, { page: 99 })).toMatchObject({ rows: [], total: 4, pages: 1 });
  });

  test("a page exists only under a real id", async () => {
    expect(await modelPage(ctx, "mdl_unknown")).toBeNull();
    expect(await modelPage(ctx, `mdl_${"0".repeat(20)}`)).toBeNull();
  });

  test("drafts and cases under notice are not named on the page of a model; open ones are", async () => {
    const model = await db.model.findFirstOrThrow({ where: { name: "Slip One" } });
    for (const [number, state] of [
      [1, "draft"],
      [2, "notified"],
      [3, "open"],
    ] as const)
      await db.case.create({
        data: {
          id: `cse_${number}`,
          publicId: state === "draft" ? null : `SLP-2026-000${number}`,
          state,
          reporterId: stranger.userId ?? "",
          interest: "none",
          releases: { create: { id: `crl_${number}`, releaseId: model.releaseId, role: "suspect" } },
        },
      });
    expect((await modelPage(ctx, model.id))?.cases.map(({ publicId }) => publicId)).toEqual([
      "SLP-2026-0003",
    ]);
  });
});
