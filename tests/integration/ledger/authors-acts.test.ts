import { spawnSync } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { commitSet, recordAnswers, revealItems } from "@/lib/canaries/server";
import { acceptParty, moveCase, withdrawCase } from "@/lib/cases/server";
import { openSet } from "@/lib/engine/canary";
import { authorKeyIdOfAccount } from "@/lib/engine/canary/author";
import { makeSet } from "@/lib/engine/canary/set";
import { makeLightFingerprint } from "@/lib/engine/fingerprint/make-light";
import { canonicalJson } from "@/lib/engine/formats/canonical-json";
import { leafKinds } from "@/lib/engine/log/leaf";
import { addPost, appealCase, editPost, replyAsParty, withdrawPost } from "@/lib/evidence/server";
import { openKeys } from "@/lib/ledger/log/keys";
import { registerKeys } from "@/lib/ledger/log/registered-keys";
import { sequenceBatch } from "@/lib/ledger/log/sequence";
import { heldActs, rotateKey, signHeldAct } from "@/lib/ledger/server";
import { redactEntry } from "@/lib/redaction/server";
import {
  addCheckpoint,
  addFingerprint,
  captureRelease,
  registerModel,
  supersedeModel,
  withdrawModel,
} from "@/lib/registry/server";
import { fileReproduction, queueRun, recallMethod } from "@/lib/verification/server";
import { testDatabase } from "@/tests/support/database";
import { hubRepository } from "@/tests/support/hub";
import { memoryRelease } from "@/tests/support/memory-release";
import { smallWeights } from "@/tests/support/small-weights";
import { caseWorld, finishedRun } from "../cases/support";

// One after the other, the acts of the site: what of them is an author's waits for the author's own key, alternately an
// Ed25519 key and one of OpenSSH, and is not in the log before. At the end every kind of entry has been written.

const { db, url } = await testDatabase();
const world = await caseWorld(db);
// The sequencer goes by the database's clock.
world.now = new Date();
const author = await world.user("River Author");
const reporter = await world.user("Reed Reader");
const first = await world.user("First Mod", "moderator");
const second = await world.user("Second Mod", "moderator");
let folder: string;
let client: Client;
const ownKey = true;

// Many commands each, and ssh-keygen: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-acts-"));
  client = new Client({ connectionString: url });
  await client.connect();
  await registerKeys(client, openKeys({ folder: join(folder, "keys") }));
});
afterAll(async () => {
  await client.end();
  await rm(folder, { recursive: true, force: true });
});

const sequence = () =>
  sequenceBatch(client, {
    keys: openKeys({ folder: join(folder, "keys") }),
    origin: "localhost/test-log",
    guardFile: join(folder, "guard.json"),
    limit: 1000,
  });

type Signed = { readonly publicKey: string; readonly signature: string; readonly spki: Buffer };

function withEd25519(encoding: Uint8Array): Signed {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    publicKey: publicKey.export({ format: "pem", type: "spki" }).toString(),
    signature: sign(null, encoding, privateKey).toString("base64"),
    spki: publicKey.export({ format: "der", type: "spki" }),
  };
}

let sshKeys = 0;
async function withSsh(encoding: Uint8Array): Promise<Signed> {
  const key = join(folder, `id-${++sshKeys}`);
  const file = join(folder, `statement-${sshKeys}.pae`);
  await writeFile(file, encoding);
  for (const args of [
    ["-q", "-t", "ed25519", "-N", "", "-f", key],
    ["-Y", "sign", "-n", "slipmark", "-f", key, file],
  ])
    expect(spawnSync("ssh-keygen", args).status).toBe(0);
  const publicKey = await readFile(`${key}.pub`, "utf8");
  const raw = Buffer.from(publicKey.split(" ")[1] ?? "", "base64").subarray(-32);
  return {
    publicKey,
    signature: await readFile(`${file}.sig`, "utf8"),
    spki: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]),
  };
}

/** Performs an act, sees its statements of these kinds wait, signs them, and finds them in the log under the key. */
async function signed<Result>(
  who: typeof author,
  kinds: readonly string[],
  act: () => Promise<Result>,
): Promise<Result> {
  const result = await act();
  const held = await heldActs(world.as(who));
  expect(held.map(({ kind }) => kind).sort()).toEqual([...kinds].sort());
  await sequence();
  for (const [at, one] of held.entries()) {
    expect(await db.logEntry.count({ where: { dedupKey: one.dedupKey } })).toBe(0);
    const given = at % 2 === sshKeys % 2 ? await withSsh(one.encoding) : withEd25519(one.encoding);
    await signHeldAct(world.as(who), one.id, given);
    await sequence();
    const { index } = await db.logEntry.findUniqueOrThrow({ where: { dedupKey: one.dedupKey } });
    const stated = await db.logStatement.findUniqueOrThrow({ where: { index } });
    expect(Buffer.from(stated.publicKey), one.dedupKey).toEqual(given.spki);
  }
  return result;
}

async function registered(name: string) {
  world.hub.addRepository(hubRepository(name, { "config.json": { name }, "README.md": "# Slip\n" }));
  const { captureId } = await captureRelease(world.as(author), `hf:${name}`);
  return (await registerModel(world.as(author), { captureId, name, ownKey })).modelId;
}

test("of a model: registration, fingerprint, checkpoint, replacement, withdrawal", async () => {
  const as = world.as(author);
  const older = await signed(author, ["register"], () => registered("river-lab/one"));
  const newer = await signed(author, ["register"], () => registered("river-lab/two"));
  const fingerprint = await makeLightFingerprint(
    memoryRelease([]),
    smallWeights("a", { layers: 1, inner: 512, hidden: 256 }),
  );
  const bytes = Buffer.from(canonicalJson(fingerprint));
  await signed(author, ["observe"], () => addFingerprint(as, { modelId: older, bytes, ownKey }));
  world.hub.addRepository(hubRepository("river-lab/init", { "config.json": { init: true } }));
  await signed(author, ["observe"], () =>
    addCheckpoint(as, { modelId: older, address: "hf:river-lab/init", label: "initial", ownKey }),
  );
  await signed(author, ["supersede"], () =>
    supersedeModel(as, { modelId: older, by: newer, reason: "new-revision", ownKey }),
  );
  await signed(author, ["withdraw"], () =>
    withdrawModel(as, { modelId: older, reason: "Mistaken.", ownKey }),
  );
});

test("of a case: evidence, a party's reply, a correction, a withdrawn text, an appeal, a reproduction, the report's end", async () => {
  const { id, publicId } = await world.opened(reporter, first);
  const party = await db.caseParty.findFirstOrThrow({ where: { caseId: id, side: "suspect" } });
  const basis = "challenge-file";
  await acceptParty(world.as(first), { caseId: id, partyId: party.id, userId: author.userId, basis });
  const [as, theirs] = [world.as(author), world.as(reporter)];
  await signed(reporter, ["evidence"], () =>
    addPost(theirs, { caseId: publicId, body: "Seen.", interest: "none", ownKey }),
  );
  const { postId } = await signed(author, ["reply"], () =>
    replyAsParty(as, { caseId: publicId, partyId: party.id, body: "We answer.", ownKey }),
  );
  await signed(author, ["correct"], () =>
    editPost(as, { postId, baseVersion: 1, body: "We answer twice.", ownKey }),
  );
  await signed(author, ["withdraw"], () => withdrawPost(as, { postId, ownKey }));
  await queueRun(theirs, { caseId: publicId });
  const runId = await finishedRun(db, id, world.now, { relation: "inconclusive" });
  const digest = `sha256:${"ab".repeat(32)}`;
  const document = JSON.stringify({
    schema: "slipmark.reproduction/v1",
    intact: true,
    from: "capsule",
    recorded: { digest },
    computed: { digest, build: null },
  });
  await signed(author, ["reproduce"], () =>
    fileReproduction(as, { runId, document, interest: "author-of-suspect", ownKey }),
  );
  await moveCase(world.as(first), {
    caseId: id,
    act: { act: "propose-resolution", finding: "inconclusive", reasons: [{ code: "metadata-only", runId }] },
  });
  await moveCase(world.as(second), { caseId: id, act: { act: "confirm" } });
  await signed(author, ["appeal", "reply"], () =>
    appealCase(as, {
      caseId: publicId,
      grounds: "measurement-wrong",
      body: "The run read the wrong file.",
      ownKey,
    }),
  );
  await moveCase(world.as(first), { caseId: id, act: { act: "reopen", reason: "appeal-accepted" } });
  await signed(reporter, ["withdraw"], () =>
    withdrawCase(theirs, { caseId: id, reason: "mistaken", ownKey }),
  );
});

test("of canaries: commitment, responses, reveal", async () => {
  const as = world.as(author);
  const authorKeyId = authorKeyIdOfAccount(author.userId);
  const items = [0, 1].map((at) => ({ id: `item-${at}`, prompt: `Room ${at}?`, answer: `lamp ${at}` }));
  const { commitment, secrets } = await makeSet(
    { items, images: new Map(), authorKeyId },
    { kind: "natural" },
  );
  const { setId, root } = commitment;
  await signed(author, ["commit"], () =>
    commitSet(as, { setId, root, authorKeyId, items: items.length, kind: "natural", ownKey }),
  );
  const answers = Buffer.from(
    items.map(({ id }) => `${JSON.stringify({ id, answer: "a lamp" })}\n`).join(""),
  );
  await signed(reporter, ["responses"], () =>
    recordAnswers(world.as(reporter), { setId, role: "suspect", name: "Reed", answers, ownKey }),
  );
  const openings = Buffer.from((await openSet(secrets)).map((one) => `${JSON.stringify(one)}\n`).join(""));
  await signed(author, ["reveal"], () => revealItems(as, { setId, openings, ownKey }));
});

test("with what moderators and the operator do, every kind of entry is in the log", async () => {
  await recallMethod(world.as(first), { method: "code", version: "1", reasonCode: "wrong-null", note: "" });
  const { index } = await db.logEntry.findFirstOrThrow({ where: { kind: "correct" } });
  await redactEntry(world.as(first), {
    index: Number(index),
    reasonCode: "safety",
    authorityReference: "Report 1",
    confirm: String(index),
  });
  await rotateKey({ db, clock: { now: () => world.now } }, { folder: join(folder, "keys") }, "run");
  await sequence();
  const written = new Set((await db.logEntry.findMany({ select: { kind: true } })).map(({ kind }) => kind));
  // "verify" needs an engine that runs: tests/integration/verification/run.test.ts sees it written.
  expect(leafKinds.filter((kind) => !written.has(kind))).toEqual(["verify"]);
});
