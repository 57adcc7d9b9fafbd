import { expect, test } from "vitest";
import { z } from "zod";
import { getBlob } from "@/app/api/v1/_endpoints/blobs";
import { getCase, getCaseEvents, getCases, getClaim } from "@/app/api/v1/_endpoints/cases";
import { postCheck } from "@/app/api/v1/_endpoints/check";
import { getEvidence } from "@/app/api/v1/_endpoints/evidence";
import { getModels, getRelease } from "@/app/api/v1/_endpoints/models";
import { getRun, getRunCapsule, getRunResult } from "@/app/api/v1/_endpoints/runs";
import { addPost } from "@/lib/evidence/server";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import { newId } from "@/lib/platform/ids";
import { checkPage, expireChecks, queueRun } from "@/lib/verification/server";
import { original, suspect, testInstance } from "../verification/support";
import { asking } from "./support";

const site = await testInstance();
const reporter = await site.user("reporter");
const ask = asking(site);

test("a look-up from the address to the result, its capsule and its end after 30 days", async () => {
  const body = {
    original: `hf:${original.name}`,
    suspect: `${site.hub.url}/${suspect.name}/tree/main`,
    idempotencyKey: "look-up-0001",
  };
  const started = await ask(postCheck, { body });
  expect(started.status, await started.clone().text()).toBe(202);
  const { run, check } = (await started.json()) as { run: string; check: string };
  const again = (await (await ask(postCheck, { body })).json()) as { run: string };
  expect(again.run).toBe(run);
  const pinned = await site.ctx.db.runInput.findMany({ where: { runId: run }, include: { release: true } });
  expect(pinned.map((input) => input.release.commit).sort()).toEqual(
    [original.commit, suspect.commit].sort(),
  );

  expect((await ask(getRunResult, { params: { id: run } })).status).toBe(404);
  expect(await site.execute(run)).toBe("done");
  expect(await checkPage(site.ctx, check)).toMatchObject({ kind: "check", case: null, state: "finished" });

  const page = await ask(getRun, { params: { id: run } });
  expect(page.headers.get("access-control-allow-origin")).toBe("*");
  const shown = (await page.json()) as {
    result: { digest: string; capsule: { sha256: string; size: number } };
  };
  const result = await ask(getRunResult, { params: { id: run } });
  const stored = await site.ctx.db.runResult.findUniqueOrThrow({ where: { runId: run } });
  expect(await result.text()).toBe(stored.document);
  expect(result.headers.get("x-slipmark-digest")).toBe(shown.result.digest);
  const capsule = await ask(getRunCapsule, { params: { id: run } });
  expect((await capsule.arrayBuffer()).byteLength).toBe(shown.result.capsule.size);
  // A look-up is nobody's public act.
  expect(await site.ctx.db.logPending.count()).toBe(0);

  const later = new Date(Date.now() + 31 * 86_400_000);
  const afterwards = { ...site.ctx, clock: { now: () => later } };
  expect(await checkPage(afterwards, check)).toBeNull();
  expect(await expireChecks(afterwards)).toBe(1);
  expect((await ask(getRun, { params: { id: run } })).status).toBe(404);
  expect(await site.ctx.db.runResult.count()).toBe(0);
  expect(await site.ctx.blobs.has(shown.result.capsule.sha256)).toBe(false);
});

test.each([
  [{ original: "hf:lab-a/bamboo", suspect: "hf:lab-a/bamboo" }, "same-release", "suspect"],
  [{ original: "hf:lab-a/bamboo", suspect: "hf:lab-a/nothing" }, "unknown-repository", "suspect"],
  [{ original: "hf:lab-a/bamboo@0000000", suspect: "hf:lab-b/willow" }, "unknown-revision", "original"],
  [{ original: "not an address", suspect: "hf:lab-b/willow" }, "bad-address", "original"],
  [{ original: "/etc", suspect: "hf:lab-b/willow" }, "bad-address", "original"],
  [{ original: "hf:lab-a/bamboo" }, "invalid-input", "suspect"],
  [{ original: "hf:lab-a/bamboo", suspect: "x".repeat(501) }, "invalid-input", "suspect"],
])("a look-up %j is refused as %s at its field", async (body, code, field) => {
  const response = await ask(postCheck, { body, headers: { "x-forwarded-for": "192.0.2.40" } });
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const problem = (await response.json()) as { code: string; fields: Record<string, string>; status: number };
  expect(problem.code).toBe(code);
  expect(Object.keys(problem.fields)).toEqual([field]);
  expect(response.status).toBe(422);
  expect(problem.status).toBe(422);
});

test("bodies that are no small JSON are refused", async () => {
  const from = (headers: Record<string, string>, body: string) =>
    ask(postCheck, { body, headers: { "x-forwarded-for": "192.0.2.50", ...headers } });
  expect((await from({ "content-type": "text/plain" }, "{}")).status).toBe(422);
  expect((await from({}, "{")).status).toBe(422);
  expect((await from({}, JSON.stringify({ original: "a".repeat(70_000) }))).status).toBe(422);
});

test("public reads carry an ETag that answers 304, and an unknown thing is a problem document", async () => {
  const { publicId } = await site.openCase(reporter);
  const first = await ask(getCase, { params: { id: publicId } });
  expect(first.status, await first.clone().text()).toBe(200);
  const body = (await first.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ publicId, state: "open", notice: "A listing is not a finding." });
  expect(body).not.toHaveProperty("may");
  expect(body).not.toHaveProperty("id");
  const etag = first.headers.get("etag")!;
  const second = await ask(getCase, {
    params: { id: publicId },
    headers: { "if-none-match": `"x", W/${etag}` },
  });
  expect(second.status).toBe(304);
  expect(await second.text()).toBe("");
  expect(second.headers.get("etag")).toBe(etag);
  await site.ctx.db.case.update({ where: { publicId }, data: { finding: "inconclusive" } });
  const third = await ask(getCase, { params: { id: publicId }, headers: { "if-none-match": etag } });
  expect(third.status).toBe(200);

  for (const id of ["SLP-2026-9999", "cse_1", "' OR 1=1"]) {
    const missing = await ask(getCase, { params: { id } });
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ code: "not-found", status: 404 });
  }
  const list = (await (await ask(getCases)).json()) as { items: unknown[] };
  expect(list).toEqual({ items: [expect.objectContaining({ publicId })], next: null });
  for (const query of ["?limit=0", "?limit=101", "?cursor=x", "?cursor=bnVsbA"])
    expect((await ask(getModels, { query })).status).toBe(422);
});

test("a cursor goes through every case once, also while cases change", async () => {
  for (let made = 0; made < 4; made += 1) await site.openCase(reporter);
  const all = await site.ctx.db.case.findMany({ where: { openedAt: { not: null } } });
  const seen: string[] = [];
  let cursor = "";
  for (let pages = 0; pages < 10; pages += 1) {
    const response = await ask(getCases, { query: `?limit=2${cursor}` });
    const page = (await response.json()) as { items: { publicId: string }[]; next: string | null };
    seen.push(...page.items.map((item) => item.publicId));
    // The last one changes while somebody reads: it does not move.
    const last = await site.ctx.db.case.findFirstOrThrow({ orderBy: { createdAt: "asc" } });
    await site.ctx.db.case.update({ where: { id: last.id }, data: { updatedAt: new Date() } });
    if (page.next === null) break;
    cursor = `&cursor=${page.next}`;
  }
  expect(seen).toHaveLength(all.length);
  expect(new Set(seen)).toEqual(new Set(all.map((row) => row.publicId)));
});

test("a case's parts have addresses of their own: release, claim, text and events, and a draft's have none", async () => {
  const { id, publicId } = await site.openCase(reporter);
  const claimId = newId("clm");
  const words = { kind: "same-structure", method: "architecture", text: "The same structure." };
  await site.ctx.db.claim.create({ data: { id: claimId, caseId: id, number: 1, ...words } });
  const { postId } = await addPost(site.as(reporter), {
    caseId: id,
    claimId,
    body: "Equal **names**.",
    interest: "none",
  });
  await addPost(site.as(reporter), { caseId: id, parentId: postId, body: "And shapes.", interest: "none" });
  const { releaseId } = await site.ctx.db.caseRelease.findFirstOrThrow({
    where: { caseId: id, role: "original" },
  });
  const get = async (endpoint: unknown, one: string, query = "") => {
    const response = await ask(endpoint, { params: { id: one }, query });
    return response.status === 200
      ? ((await response.json()) as Record<string, unknown>)
      : { status: response.status };
  };

  const release = await get(getRelease, releaseId);
  expect(release).toMatchObject({ id: releaseId, repository: original.name, captures: [], models: [] });
  expect(release.cases).toContainEqual(expect.objectContaining({ publicId, role: "original" }));
  expect(await get(getClaim, claimId)).toEqual({
    id: claimId,
    number: 1,
    redaction: null,
    ...words,
    runs: [],
    case: { publicId, state: "open", finding: "not_examined" },
    notice: "A listing is not a finding.",
  });
  const text = await get(getEvidence, postId);
  expect(text).toMatchObject({ case: publicId, claimNumber: 1, author: "reporter", version: 1 });
  expect(text.html).toContain("<strong>names</strong>");
  expect(text.replies).toHaveLength(1);
  expect(JSON.stringify(text)).not.toContain(reporter.userId);

  const first = await get(getCaseEvents, publicId, "?limit=1");
  expect(first).toMatchObject({ items: [{ sequence: 1, type: "post-added" }], next: expect.any(String) });
  expect(await get(getCaseEvents, publicId, `?cursor=${first.next}`)).toMatchObject({
    items: [{ sequence: 2 }],
    next: null,
  });

  await site.ctx.db.post.update({ where: { id: postId }, data: { state: "waiting" } });
  expect(await get(getEvidence, postId)).toEqual({ status: 404 });
  await site.ctx.db.post.update({ where: { id: postId }, data: { state: "withdrawn" } });
  expect(await get(getEvidence, postId)).toMatchObject({ state: "withdrawn", html: "", links: [] });
  await site.ctx.db.case.update({ where: { id }, data: { state: "withdrawn", openedAt: null } });
  expect((await get(getRelease, releaseId)).cases).not.toContainEqual(expect.objectContaining({ publicId }));
  await site.ctx.db.case.updateMany({ data: { state: "draft" } });
  for (const [endpoint, one] of [
    [getRelease, releaseId],
    [getClaim, claimId],
    [getEvidence, postId],
    [getCaseEvents, publicId],
  ] as const)
    expect(await get(endpoint, one)).toEqual({ status: 404 });
});

test("a failure inside says nothing of the inside", async () => {
  const broken = defineEndpoint({
    method: "GET",
    path: "/broken",
    id: "broken",
    summary: "Breaks",
    response: z.object({}),
    cache: "none",
    handle: async () => {
      throw new Error("postgres://user:hunter2@host/db");
    },
  });
  const response = await ask(broken);
  expect(response.status).toBe(500);
  const text = await response.text();
  expect(text).not.toContain("hunter2");
  expect(JSON.parse(text)).toMatchObject({ code: "internal" });
});

test("an address that asks too often is told when to come back", async () => {
  const few = defineEndpoint({
    method: "GET",
    path: "/few",
    id: "few",
    summary: "Few",
    response: z.object({}),
    cache: "none",
    perMinute: 2,
    handle: async () => ({ json: {} }),
  });
  expect((await ask(few)).status).toBe(200);
  expect((await ask(few, { headers: { "x-forwarded-for": "203.0.113.9, 192.0.2.1" } })).status).toBe(200);
  const third = await ask(few);
  expect(third.status).toBe(429);
  expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await ask(few, { headers: { "x-forwarded-for": "192.0.2.2" } })).status).toBe(200);
});

test("a blob is given out only while something public refers to it, as a download in a sandbox", async () => {
  const { sha256 } = await site.ctx.blobs.put(Buffer.from("a draft's file"));
  await site.ctx.db.blob.create({ data: { sha256, size: 14, mediaType: "text/html" } });
  expect((await ask(getBlob, { params: { hex: sha256 } })).status).toBe(404);
  const { publicId } = await site.openCase(reporter);
  const { runId } = await queueRun(site.as(reporter), { caseId: publicId });
  await site.execute(runId);
  const result = await site.ctx.db.runResult.findUniqueOrThrow({ where: { runId } });
  const response = await ask(getBlob, { params: { hex: result.capsuleSha256 } });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-security-policy")).toContain("sandbox");
  expect(response.headers.get("content-disposition")).toContain("attachment");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  await response.body?.cancel();
  await site.ctx.db.case.update({ where: { publicId }, data: { state: "draft" } });
  expect((await ask(getBlob, { params: { hex: result.capsuleSha256 } })).status).toBe(404);
});
