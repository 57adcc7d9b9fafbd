import { describe, expect, test } from "vitest";
import { anonymous } from "@/lib/platform/context";
import { captureRelease, previewRelease } from "@/lib/registry/server";
import { testDatabase } from "@/tests/support/database";
import { hubRepository } from "@/tests/support/hub";
import { registryWorld, safetensors } from "./support";

const { db } = await testDatabase();
const card =
  "---\nlicense: apache-2.0\nbase_model:\n- north-lab/base\nbase_model_relation: finetune\n---\n# Slip\n";
const slip = hubRepository(
  "north-lab/slip-2b",
  {
    "README.md": card,
    "config.json": { model_type: "slip", hidden_size: 8 },
    "tokenizer_config.json": { model_max_length: 128 },
    "model.safetensors": safetensors({ "a.weight": [4, 8], "b.weight": [8, 4], "c.bias": [8] }),
    "modeling_slip.py": "print('never kept')\n",
  },
  { likes: 7, downloads: 1234 },
);
const world = await registryWorld(db, [
  slip,
  hubRepository("north-lab/closed", { "config.json": {} }, { gated: "manual" }),
  hubRepository("north-lab/secret", { "config.json": {} }, { private: true }),
  hubRepository("north-lab/words-only", { "README.md": "# No weights here\n" }),
  hubRepository("north-lab/broken", {
    "config.json": "{ this is not JSON",
    "README.md": "---\nlicense: [unclosed\n---\n",
    "model.safetensors": Buffer.from("too short to be honest"),
  }),
  hubRepository("north-lab/half-gone", { "config.json": { a: 1 }, "tokenizer.json": null }),
  hubRepository(
    "north-lab/huge",
    Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`shards/${i}.bin.txt`, "x"])),
  ),
]);
const author = await world.member("Author");

describe("captureRelease", () => {
  test("keeps the listing, the metadata files' bytes, and what is declared, measured and counted", async () => {
    const ctx = world.as(author);
    const capture = await captureRelease(ctx, `${world.hub.url}/north-lab/slip-2b/tree/main`);
    expect(capture).toMatchObject({
      release: {
        source: "hf",
        repository: "north-lab/slip-2b",
        commit: slip.commit,
        spec: `hf:north-lab/slip-2b@${slip.commit}`,
      },
      observedAt: world.now,
      licence: "apache-2.0",
      declared: { baseModels: ["north-lab/base"], relation: "finetune" },
      likes: 7,
      downloads: 1234,
      tensors: { count: 3, parameters: 72, shards: 1, source: "headers" },
      notes: [],
    });
    expect(capture.files.map(({ path }) => path)).toEqual([
      "README.md",
      "config.json",
      "model.safetensors",
      "modeling_slip.py",
      "tokenizer_config.json",
    ]);
    expect(capture.metadata.map(({ path }) => path)).toEqual([
      "config.json",
      "README.md",
      "tokenizer_config.json",
    ]);
    const kept = capture.metadata.find(({ path }) => path === "README.md");
    expect(Buffer.from((await ctx.blobs.get(kept?.sha256 ?? "")) ?? []).toString("utf8")).toBe(card);
    expect(
      await db.blob.count({ where: { sha256: { in: capture.metadata.map(({ sha256 }) => sha256) } } }),
    ).toBe(3);
    const table = await ctx.blobs.get(capture.tensors?.table ?? "");
    expect(JSON.parse(Buffer.from(table ?? []).toString("utf8"))[0]).toEqual(["a.weight", "BF16", [4, 8]]);
  });

  test("records nothing public: a draft must not announce itself", async () => {
    expect(await db.logPending.count()).toBe(0);
  });

  test("a double click reads nothing twice; later, the release is observed anew", async () => {
    const ctx = world.as(author);
    const first = await captureRelease(ctx, "hf:north-lab/slip-2b");
    expect((await captureRelease(ctx, "hf:north-lab/slip-2b")).captureId).toBe(first.captureId);
    world.now = new Date(world.now.getTime() + 11 * 60_000);
    const later = await captureRelease(ctx, "hf:north-lab/slip-2b");
    expect(later.captureId).not.toBe(first.captureId);
    expect(later.releaseId).toBe(first.releaseId);
  });

  test("a file that cannot be had or read is a note, not a failure", async () => {
    const ctx = world.as(author);
    const gone = await captureRelease(ctx, "hf:north-lab/half-gone");
    expect(gone.metadata.map(({ path }) => path)).toEqual(["config.json"]);
    expect(gone.notes).toContainEqual({ code: "bytes-unavailable", path: "tokenizer.json" });
    expect(gone.notes).toContainEqual({ code: "no-weights" });

    const broken = await captureRelease(ctx, "hf:north-lab/broken");
    expect(broken.metadata).toHaveLength(2);
    expect(broken.notes.map(({ code }) => code).sort()).toEqual(["unreadable-file", "unreadable-headers"]);
    expect(broken).toMatchObject({
      licence: null,
      declared: { baseModels: [], relation: null },
      tensors: null,
    });
  });

  test("a repository without weights is captured and says so", async () => {
    const words = await captureRelease(world.as(author), "hf:north-lab/words-only");
    expect(words).toMatchObject({ tensors: null, notes: [{ code: "no-weights" }] });
  });

  test.each([
    ["nobody/nothing", "unknown-repository"],
    ["north-lab/slip-2b@0123456789012345678901234567890123456789", "unknown-revision"],
    ["north-lab/closed", "private-or-gated"],
    ["north-lab/huge", "too-large"],
  ])("hf:%s is refused as %s and leaves no row", async (name, code) => {
    const rows = await db.capture.count();
    await expect(captureRelease(world.as(author), `hf:${name}`)).rejects.toMatchObject({
      name: "AppError",
      code,
    });
    expect(await db.capture.count()).toBe(rows);
  });

  test("a private repository is refused without telling whether it exists", async () => {
    await expect(captureRelease(world.as(author), "hf:north-lab/secret")).rejects.toMatchObject({
      code: expect.stringMatching(/^(unknown-repository|private-or-gated)$/),
    });
  });

  test.each(["", "./etc", "/etc/passwd", "ftp://example.com/a/b", "http://127.0.0.1:1/a/b", "hf:../../x"])(
    "%j is not an address",
    async (text) => {
      await expect(captureRelease(world.as(author), text)).rejects.toMatchObject({ code: "bad-address" });
    },
  );
});

describe("previewRelease", () => {
  test("asks for an account, before the network is touched", async () => {
    const before = world.hub.requests.length;
    await expect(previewRelease(world.as(anonymous), "hf:north-lab/slip-2b")).rejects.toMatchObject({
      code: "sign-in-required",
    });
    expect(world.hub.requests.length).toBe(before);
  });

  test("gives a capture that can be registered for an hour", async () => {
    const capture = await previewRelease(world.as(author), "hf:north-lab/slip-2b");
    expect(capture.expiresAt.getTime() - capture.observedAt.getTime()).toBe(3_600_000);
  });

  test("is limited for one account", async () => {
    const hurried = world.as(await world.member("Hurried"));
    for (let i = 0; i < 30; i++) await previewRelease(hurried, "hf:north-lab/slip-2b");
    await expect(previewRelease(hurried, "hf:north-lab/slip-2b")).rejects.toMatchObject({
      code: "too-many-requests",
    });
  });
});
