import { beforeAll, expect, test } from "vitest";
import { getBlob } from "@/app/api/v1/_endpoints/blobs";
import { getRelease } from "@/app/api/v1/_endpoints/models";
import { casePage, moveCase, submitCase } from "@/lib/cases/server";
import { addPost, postPage } from "@/lib/evidence/server";
import { isRedactedRepository, redactionMark } from "@/lib/ledger";
import { entryPage } from "@/lib/ledger/server";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { searchFilter } from "@/lib/platform/search";
import { finishRedaction, reapplyRedactions, redactEntry } from "@/lib/redaction/server";
import { captureRelease, listModels, modelPage, registerModel } from "@/lib/registry/server";
import { testDatabase } from "@/tests/support/database";
import { hubRepository } from "@/tests/support/hub";
import { sealingKeys, sealPending } from "@/tests/support/sealed-log";
import { type CaseWorld, caseWorld, day } from "../cases/support";
import { asking } from "../http/support";
import { standsIn, store } from "./support";

const { db } = await testDatabase();
const place = await store();
const keys = sealingKeys();
const ask = asking({ ctx: { db, clock: { now: () => new Date() } } } as never);
const repository = "ulrike-legalname/reed";
let world: CaseWorld;
let reporter: Viewer & { readonly userId: string };
let first: Viewer & { readonly userId: string };
let second: Viewer & { readonly userId: string };

beforeAll(async () => {
  world = await caseWorld(db);
  reporter = await world.user("Reporter");
  first = await world.user("First", "moderator");
  second = await world.user("Second", "moderator");
});
const as = (viewer: Viewer) => ({ ...world.as(viewer), blobs: place.blobs });

test("the name of a repository goes from pages, interface, search and log; what people wrote stays", async () => {
  world.hub.addRepository(
    hubRepository("north-lab/slip", { "config.json": { a: 1 }, "README.md": "# Slip\n" }),
  );
  world.hub.addRepository(
    hubRepository(repository, {
      "config.json": { a: 2 },
      "README.md": `# ${repository}\n`,
    }),
  );
  // Its name is in the card of another as well.
  world.hub.addRepository(
    hubRepository("third-lab/rush", { "README.md": `---\nbase_model: ${repository}\n---\n# Rush\n` }),
  );
  await captureRelease(as(reporter), "hf:third-lab/rush");
  const capture = await captureRelease(as(reporter), `hf:${repository}`);
  const { modelId } = await registerModel(as(reporter), {
    captureId: capture.captureId,
    name: repository,
    statement: "Words that stay",
  } as never);
  const caseId = await world.draft(reporter, {
    original: "hf:north-lab/slip",
    suspect: `hf:${repository}`,
  });
  const { publicId } = await submitCase(as(reporter), { caseId });
  await moveCase(as(first), { caseId, act: { act: "notify" } });
  world.pass(7 * day);
  await moveCase(as(first), { caseId, act: { act: "open" } });
  const { postId } = await addPost(as(reporter), { caseId, body: "Evidence that stays.", interest: "none" });
  await sealPending(db, keys);
  const index = Number(
    (await db.logEntry.findUniqueOrThrow({ where: { dedupKey: `register:${modelId}` } })).index,
  );
  const releaseId = capture.releaseId;

  const asked = {
    index,
    what: "repository",
    reasonCode: "privacy",
    authorityReference: "Request of the person",
    confirm: String(index),
  } as const;
  for (const wrong of [undefined, "north-lab/slip", "no"])
    await expect(redactEntry(as(first), { ...asked, repository: wrong })).rejects.toMatchObject({
      fields: { repository: "unknown-repository" },
    });
  expect(await redactEntry(as(first), { ...asked, repository })).toMatchObject({ outcome: "proposed" });
  expect((await standsIn(db, repository)).length).toBeGreaterThan(3);
  const done = await redactEntry(as(second), { ...asked, repository });
  expect(done.outcome).toBe("erased");
  expect(done.acts[0]).toBe(`register:${modelId}`);
  expect(done.acts).toContain(`capture:${capture.captureId}`);

  expect(await standsIn(db, repository)).toEqual([]);
  expect(await standsIn(db, "ulrike-legalname")).toEqual([]);
  // What people wrote, and the other side's name, stay.
  const model = await modelPage(world.as(anonymous), modelId);
  expect(model).toMatchObject({ name: redactionMark, statement: "Words that stay" });
  expect(isRedactedRepository(model?.release.repository ?? "")).toBe(true);
  const post = await postPage(world.as(anonymous), postId, anonymous);
  expect(post?.post.html).toContain("Evidence that stays.");
  expect(post?.post.redaction).toBeNull();
  const page = await casePage(world.as(anonymous), publicId, anonymous);
  expect(page).toMatchObject({ original: "north-lab/slip" });
  expect(isRedactedRepository(page?.suspect ?? "")).toBe(true);
  expect(page?.parties.map(({ name }) => name)).toEqual(["north-lab", redactionMark]);
  expect(await db.case.count({ where: searchFilter("legalname") })).toBe(0);
  expect((await listModels(world.as(anonymous), { q: "legalname" } as never)).total).toBe(0);
  const answer = await (await ask(getRelease, { params: { id: releaseId } })).text();
  expect(answer).not.toContain("legalname");

  // Each entry keeps its place, names its tombstone, and its statement answers 410.
  await sealPending(db, keys);
  const entry = await entryPage({ db }, index);
  expect(entry).toMatchObject({
    statement: null,
    proof: { state: "redacted" },
    redaction: { scope: "repository", tombstone: expect.any(Number) },
  });
  expect((await ask(getBlob, { params: { hex: entry?.pae ?? "" } })).status).toBe(410);

  // Done like every other: pages cleaned, records kept; a restored backup loses it again.
  const rows = await db.logRedaction.findMany();
  for (const row of rows) {
    expect(row.paths).toEqual(expect.arrayContaining(["/", "/models", "/cases"]));
    expect(await finishRedaction(as(anonymous), row.id, { files: place.files, sharedCacheMs: 0 })).toBe(
      "done",
    );
  }
  await db.release.update({ where: { id: releaseId }, data: { repository } });
  await db.model.update({ where: { id: modelId }, data: { name: repository, searchText: " legalname " } });
  await reapplyRedactions(as(anonymous), place.files);
  expect(await standsIn(db, "ulrike-legalname")).toEqual([]);
});
