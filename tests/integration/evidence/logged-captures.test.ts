import { createHash } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { getBlob } from "@/app/api/v1/_endpoints/blobs";
import { casePage } from "@/lib/cases/server";
import { addPost, captureLink, postPage, threadOf } from "@/lib/evidence/server";
import { redactionMark } from "@/lib/ledger";
import { dateBasis } from "@/lib/ledger/dates";
import { entryDates } from "@/lib/ledger/show/entry-dates";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { newId } from "@/lib/platform/ids";
import { redactEntry } from "@/lib/redaction/server";
import { testDatabase } from "@/tests/support/database";
import { sealingKeys, sealPending } from "@/tests/support/sealed-log";
import { type CaseWorld, caseWorld } from "../cases/support";
import { asking } from "../http/support";
import { standsIn } from "../redaction/support";

const { db } = await testDatabase();
const keys = sealingKeys();
const ask = asking({ ctx: { db, clock: { now: () => new Date() } } } as never);
let world: CaseWorld;
let reporter: Viewer & { readonly userId: string };
let moderator: Viewer & { readonly userId: string };

beforeAll(async () => {
  world = await caseWorld(db, {
    handle: async (request, response) => {
      if (!request.url?.startsWith("/notes/")) return false;
      response.writeHead(200, { "content-type": "text/plain" }).end("notes");
      return true;
    },
  });
  reporter = await world.user("Reed Reader");
  moderator = await world.user("Mod", "moderator");
});

/** Evidence with these links on a case, its links captured; the ids of the captures in the order of the links. */
async function captured(
  caseId: string,
  names: readonly string[],
): Promise<{ postId: string; ids: string[] }> {
  const urls = names.map((name) => `${world.hub.url}/notes/${name}`);
  await db.release.createMany({
    data: names.map((name) => ({
      id: newId("rel"),
      source: "hf",
      repository: `notes/${name}`,
      commit: "0".repeat(40),
      createdAt: world.now,
    })),
    skipDuplicates: true,
  });
  const { postId } = await addPost(world.as(reporter), {
    caseId,
    body: urls.map((url) => `<${url}>`).join("\n\n"),
    interest: "none",
  });
  const links = await db.postLink.findMany({
    where: { version: { postId } },
    orderBy: { position: "asc" },
  });
  for (const { id } of links) {
    await captureLink(world.as(anonymous), id);
    await captureLink(world.as(anonymous), id);
  }
  const rows = await db.postLink.findMany({ where: { version: { postId } }, orderBy: { position: "asc" } });
  return { postId, ids: rows.map(({ captureId }) => captureId ?? "") };
}

test("the capture of a link is an entry with the digest of its content, and cites what the log held", async () => {
  const { id, publicId } = await world.opened(reporter, moderator);
  await sealPending(db, keys, { witnessed: true });
  const { postId, ids } = await captured(id, ["zinnwaldite"]);
  const key = `capture:${ids[0]}`;
  const row = await db.logPending.findUniqueOrThrow({ where: { dedupKey: key } });
  const { predicate, subject } = JSON.parse(row.statement) as {
    predicate: Record<string, unknown>;
    subject: [];
  };
  expect(row).toMatchObject({ kind: "capture", about: `case:${publicId}`, heldUntil: null });
  expect(subject).toHaveLength(2);
  expect(predicate).toMatchObject({
    capture: ids[0],
    case: publicId,
    post: postId,
    observedAt: world.now.toISOString(),
    status: 200,
    content: { sha256: createHash("sha256").update("notes").digest("hex"), size: 5 },
    failure: null,
    checkpoint: { origin: keys.origin },
  });
  // An address is what somebody wrote: the statement has a salted digest of it, and the payload can go.
  expect(row.statement).not.toContain("zinnwaldite");
  const address = await db.logPayload.findUniqueOrThrow({ where: { digest: String(predicate.address) } });
  expect(Buffer.from(address.bytes).toString("utf8")).toBe(`${world.hub.url}/notes/zinnwaldite`);

  // The page says on what the date rests: first it waits, then on our word, then on a witness.
  const rests = async () => {
    const thread = await threadOf({ db }, id, anonymous);
    const page = await postPage({ db }, postId, anonymous);
    const [inThread, onPage] = [thread.posts.find((post) => post.id === postId), page?.post].map(
      (post) => post?.links[0]?.capture?.date,
    );
    expect(inThread).toEqual(onPage);
    return onPage;
  };
  expect(await rests()).toEqual({ index: null, basis: "our-word", noLaterThan: null });
  await sealPending(db, keys);
  const index = Number((await db.logEntry.findUniqueOrThrow({ where: { dedupKey: key } })).index);
  expect(await rests()).toEqual({ index, basis: "our-word", noLaterThan: null });
  await captured(id, ["other"]);
  await sealPending(db, keys, { witnessed: true });
  expect(await rests()).toMatchObject({ index, basis: "witnessed", noLaterThan: expect.any(String) });
  const cited = await casePage(world.as(anonymous), publicId, anonymous);
  for (const { capture } of cited?.releases ?? [])
    expect(capture?.date).toMatchObject({ index: expect.any(Number), basis: "witnessed" });
});

test("what many dates rest on is what each rests on alone", async () => {
  const entries = await db.logEntry.findMany({ orderBy: { index: "asc" } });
  await db.logTimestamp.create({
    data: {
      size: BigInt(entries.length),
      authority: "an authority",
      token: new Uint8Array(1),
      note: "note",
      time: new Date("2026-03-01T08:00:00.000Z"),
    },
  });
  const dates = await entryDates(db, [...entries.map(({ dedupKey }) => dedupKey), "capture:lnk_none"]);
  expect(dates.size).toBe(entries.length);
  for (const { dedupKey, index } of entries) {
    const alone = await dateBasis(db, Number(index));
    expect(dates.get(dedupKey), dedupKey).toEqual({
      index: Number(index),
      basis: alone?.basis,
      noLaterThan: alone?.noLaterThan,
    });
  }
});

test("of a case that is not listed nothing of it enters the log until it is", async () => {
  const { id, publicId } = await world.notified(reporter, moderator);
  const { ids } = await captured(id, ["before"]);
  const held = await db.logPending.findUniqueOrThrow({ where: { dedupKey: `capture:${ids[0]}` } });
  expect(held.heldUntil?.getUTCFullYear()).toBe(9999);
  expect(held.about).toBe(`case:${publicId}`);
});

test("a redacted text takes the addresses that it linked to out of the log as well", async () => {
  const { id, publicId } = await world.opened(reporter, moderator);
  const { postId, ids } = await captured(id, ["glaucophane", "riebeckite"]);
  await sealPending(db, keys);
  const text = await db.logEntry.findUniqueOrThrow({
    where: { dedupKey: `evidence:${publicId}:${postId}:1` },
  });
  const { acts } = await redactEntry(world.as(moderator), {
    index: Number(text.index),
    reasonCode: "safety",
    authorityReference: "Request 4",
    confirm: String(text.index),
  });
  expect(acts).toEqual([text.dedupKey, ...ids.map((one) => `capture:${one}`).sort()]);
  for (const word of ["glaucophane", "riebeckite"])
    expect((await standsIn(db, word)).filter((at) => !at.startsWith("release."))).toEqual([]);
});

test("the capture alone goes too: the text stays, what its link answered does not", async () => {
  const { id } = await world.opened(reporter, moderator);
  const { postId, ids } = await captured(id, ["anorthite"]);
  await sealPending(db, keys);
  const entry = await db.logEntry.findUniqueOrThrow({ where: { dedupKey: `capture:${ids[0]}` } });
  const { predicate } = JSON.parse(
    (await db.logStatement.findUniqueOrThrow({ where: { index: entry.index } })).statement,
  ) as { predicate: { address: string } };
  await redactEntry(world.as(moderator), {
    index: Number(entry.index),
    reasonCode: "safety",
    authorityReference: "Request 5",
    confirm: String(entry.index),
  });
  expect(await db.linkCapture.findUniqueOrThrow({ where: { id: ids[0] ?? "" } })).toMatchObject({
    url: redactionMark,
    sha256: null,
    finalUrl: null,
  });
  const page = await postPage({ db }, postId, anonymous);
  expect(page?.post.html).toContain("anorthite");
  expect(page?.post.links).toEqual([]);
  const hex = predicate.address.replace("sha256:", "");
  expect((await ask(getBlob, { params: { hex } })).status).toBe(410);
});
