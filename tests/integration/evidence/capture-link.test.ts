import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { addPost, captureLink, editPost, postPage } from "@/lib/evidence/server";
import { anonymous } from "@/lib/platform/context";
import { newId } from "@/lib/platform/ids";
import { testDatabase } from "@/tests/support/database";
import { caseWorld } from "../cases/support";

const { db } = await testDatabase();
const world = await caseWorld(db, {
  handle: async (request, response) => {
    if (!request.url?.startsWith("/notes")) return false;
    if (request.url === "/notes/moved") response.writeHead(302, { location: "/notes/page" }).end();
    else if (request.url === "/notes/inside")
      response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
    else if (request.url === "/notes/loop") response.writeHead(302, { location: "/notes/loop" }).end();
    else if (request.url === "/notes/page")
      response.writeHead(200, { "content-type": "text/plain" }).end("notes");
    else response.writeHead(404).end("gone");
    return true;
  },
});
const reporter = await world.user("Reed Reader");
const reader = await world.user("Third Reader");
const moderator = await world.user("Mod", "moderator");

test("records what each address answered: hash, final address, status, time; refuses private addresses", async () => {
  const { id } = await world.opened(reporter, moderator);
  world.sent.length = 0;
  const addresses = ["moved", "missing", "inside", "loop"].map((name) => `${world.hub.url}/notes/${name}`);
  // The Hub of the tests lies inside the house: only what the ledger has read there is followed.
  await db.release.createMany({
    data: ["moved", "missing", "inside", "loop"].map((name) => ({
      id: newId("rel"),
      source: "hf",
      repository: `notes/${name}`,
      commit: "0".repeat(40),
      createdAt: world.now,
    })),
  });
  const body = [
    ...addresses,
    `${world.hub.url}/notes/page`,
    `${world.hub.url}/api/models/notes/moved`,
    "http://127.0.0.1:9/metadata",
    "http://[::1]:9/",
    "http://169.254.169.254/latest",
  ];
  const { postId } = await addPost(world.as(reader), {
    caseId: id,
    body: body.map((url) => `<${url}>`).join("\n\n"),
    interest: "none",
  });
  const jobs = world.sent.filter((job) => job.name === "link.capture");
  expect(jobs).toHaveLength(body.length);
  const ctx = world.as(anonymous);
  for (const { payload } of jobs) {
    const { postLinkId } = payload as { postLinkId: string };
    await captureLink(ctx, postLinkId);
    await captureLink(ctx, postLinkId);
  }
  expect(await db.linkCapture.count()).toBe(body.length);
  const page = await postPage(ctx, postId, anonymous);
  expect(page?.post.links.map((link) => link.capture)).toMatchObject([
    {
      finalUrl: `${world.hub.url}/notes/page`,
      status: 200,
      contentType: "text/plain",
      size: 5,
      sha256: createHash("sha256").update("notes").digest("hex"),
      failure: null,
      capturedAt: world.now.toISOString(),
    },
    { status: 404, failure: null },
    { status: null, failure: "address-refused" },
    { failure: "too-many-redirects" },
    { failure: "address-refused", sha256: null },
    { failure: "address-refused" },
    { failure: "address-refused" },
    { failure: "address-refused" },
    { failure: "address-refused" },
  ]);
  // An edited text keeps what the address answered when it was first cited.
  world.sent.length = 0;
  await editPost(world.as(reader), { postId, baseVersion: 1, body: `Only ${addresses[0]} now.` });
  expect(world.sent).toEqual([]);
  const edited = await postPage(ctx, postId, anonymous);
  expect(edited?.post.links).toMatchObject([{ capture: { status: 200 } }]);
});
