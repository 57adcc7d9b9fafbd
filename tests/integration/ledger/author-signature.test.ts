import { spawnSync } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseLeaf, publicKeyOfSpki, verifyStatementSignature } from "@/lib/engine/log";
import { openKeys } from "@/lib/ledger/log/keys";
import { sequenceBatch } from "@/lib/ledger/log/sequence";
import {
  type HeldAct,
  heldActs,
  holdMs,
  recordAct,
  releaseHeldActs,
  signHeldAct,
  untilPublic,
} from "@/lib/ledger/server";
import type { Viewer } from "@/lib/platform/context";
import { newId } from "@/lib/platform/ids";
import { commitFacts } from "@/tests/support/commit-facts";
import { testDatabase } from "@/tests/support/database";

const { db, url } = await testDatabase();
let folder: string;
let client: Client;
let number = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-author-"));
  client = new Client({ connectionString: url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await rm(folder, { recursive: true, force: true });
});

const member = (): Viewer => ({ role: "member", userId: newId("usr"), name: "竹里 Bamboo" });
const as = (viewer: Viewer, now = new Date()) => ({ db, viewer, clock: { now: () => now } });

async function held(viewer: Viewer): Promise<HeldAct> {
  const model = `mdl_${String(++number).padStart(20, "0")}`;
  const now = new Date();
  await db.$transaction((tx) =>
    recordAct(tx, {
      kind: "commit",
      about: `model:${model}`,
      subjects: [{ name: "canary-root", digest: { sha256: "cd".repeat(32) } }],
      predicate: { model, ...commitFacts },
      actor: { role: "registrant", name: viewer.name },
      dedupKey: `commit:${model}`,
      t: now,
      held: { until: new Date(now.getTime() + holdMs), forId: viewer.userId ?? "" },
    }),
  );
  const act = (await heldActs(as(viewer))).at(-1);
  if (act === undefined) throw new Error("nothing is held");
  return act;
}

const sequence = () =>
  sequenceBatch(client, {
    keys: openKeys({ folder: join(folder, "keys") }),
    origin: "localhost/test-log",
    guardFile: join(folder, "guard.json"),
    limit: 100,
  });

async function logged(act: HeldAct) {
  const entry = await db.logEntry.findFirst({ where: { about: act.about } });
  if (entry === null) return null;
  const { publicKey } = await db.logStatement.findUniqueOrThrow({ where: { index: entry.index } });
  return { leaf: parseLeaf(new Uint8Array(entry.leaf)), spki: new Uint8Array(publicKey) };
}

test("the log waits for the author's own Ed25519 signature and keeps it", async () => {
  const author = member();
  const act = await held(author);
  await sequence();
  expect(await logged(act)).toBeNull();
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  await signHeldAct(as(author), act.id, {
    publicKey: publicKey.export({ format: "pem", type: "spki" }).toString(),
    signature: sign(null, act.encoding, privateKey).toString("base64"),
  });
  await sequence();
  const entry = await logged(act);
  expect(Buffer.from(entry?.spki ?? [])).toEqual(publicKey.export({ format: "der", type: "spki" }));
  expect(
    verifyStatementSignature(
      act.encoding,
      entry?.leaf.sig ?? new Uint8Array(),
      entry?.spki ?? new Uint8Array(),
    ),
  ).toBe(true);
});

test("a signature made by ssh-keygen over the downloaded bytes does as well", async () => {
  const author = member();
  const act = await held(author);
  const at = (name: string) => join(folder, name);
  await writeFile(at("statement.pae"), act.encoding);
  const run = (...args: string[]) =>
    expect(spawnSync("ssh-keygen", args, { encoding: "utf8" }), args.join(" ")).toMatchObject({ status: 0 });
  run("-q", "-t", "ed25519", "-N", "", "-C", "author@lab.example", "-f", at("id"));
  run("-Y", "sign", "-n", "slipmark", "-f", at("id"), at("statement.pae"));
  const given = {
    publicKey: await readFile(at("id.pub"), "utf8"),
    signature: await readFile(at("statement.pae.sig"), "utf8"),
  };
  await rm(at("statement.pae.sig"));
  run("-Y", "sign", "-n", "file", "-f", at("id"), at("statement.pae"));
  const elsewhere = { ...given, signature: await readFile(at("statement.pae.sig"), "utf8") };
  await expect(signHeldAct(as(author), act.id, elsewhere)).rejects.toMatchObject({
    fields: { signature: "does-not-verify" },
  });
  await signHeldAct(as(author), act.id, given);
  await sequence();
  const entry = await logged(act);
  expect(
    Buffer.from(entry?.leaf.sig ?? [])
      .subarray(0, 6)
      .toString(),
  ).toBe("SSHSIG");
  expect(
    verifyStatementSignature(
      act.encoding,
      entry?.leaf.sig ?? new Uint8Array(),
      entry?.spki ?? new Uint8Array(),
    ),
  ).toBe(true);
});

test("another's act, a wrong signature, an unusable key and a key of small order are refused", async () => {
  const author = member();
  const act = await held(author);
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
  const good = { publicKey: key, signature: sign(null, act.encoding, privateKey).toString("base64") };
  await expect(signHeldAct(as(member()), act.id, good)).rejects.toMatchObject({ code: "not-found" });
  const refused = (change: Partial<typeof good>, fields: Record<string, string>) =>
    expect(signHeldAct(as(author), act.id, { ...good, ...change })).rejects.toMatchObject({ fields });
  await refused(
    { signature: sign(null, Buffer.from("other"), privateKey).toString("base64") },
    { signature: "does-not-verify" },
  );
  await refused({ signature: "AAAA" }, { signature: "not-a-signature" });
  await refused({ publicKey: "ssh-rsa AAAA" }, { publicKey: "not-a-key" });
  await refused({ publicKey: `01${"00".repeat(31)}` }, { publicKey: "not-a-key" });
  await signHeldAct(as(author), act.id, good);
  await expect(signHeldAct(as(author), act.id, good)).rejects.toMatchObject({ code: "not-found" });
});

test("left to the site, or not signed in time, it is signed by the site's key", async () => {
  const author = member();
  const [left, late] = [await held(author), await held(author)];
  await signHeldAct(as(author), left.id, null);
  await db.logPending.update({ where: { id: BigInt(late.id) }, data: { heldUntil: new Date(0) } });
  expect(await heldActs(as(author))).toEqual([]);
  await sequence();
  const site = openKeys({ folder: join(folder, "keys") }).of("site").publicKey;
  for (const act of [left, late])
    expect(publicKeyOfSpki((await logged(act))?.spki ?? new Uint8Array())).toEqual(site);
});

test("what also waits for its case to be public may be signed meanwhile, and is not in the log before both", async () => {
  const author = member();
  const about = "case:SLP-2026-0077";
  const record = (key: string, t: Date) =>
    db.$transaction((tx) =>
      recordAct(tx, {
        kind: "withdraw",
        about,
        subjects: [{ name: "hf:a/b", digest: { gitCommit: "a".repeat(40) } }],
        predicate: { what: "post", id: `pst_${key}`, reason: null },
        dedupKey: `withdraw:${key}`,
        t,
        held: { until: untilPublic, forId: author.userId ?? "" },
      }),
    );
  const now = new Date();
  const [signed, left, open, late] = ["signed", "left", "open", "late"];
  for (const key of [signed, left, open]) await record(key as string, now);
  await record(late as string, new Date(now.getTime() - holdMs));
  const acts = new Map((await heldActs(as(author))).map((act) => [act.dedupKey.split(":")[1], act]));
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const act = acts.get(signed) as HeldAct;
  expect(act.until).toBeNull();
  await signHeldAct(as(author), act.id, {
    publicKey: publicKey.export({ format: "pem", type: "spki" }).toString(),
    signature: sign(null, act.encoding, privateKey).toString("base64"),
  });
  await signHeldAct(as(author), acts.get(left)?.id ?? "", null);
  const inLog = async () =>
    (await db.logEntry.findMany({ where: { about }, orderBy: { index: "asc" } })).map(
      ({ dedupKey }) => dedupKey.split(":")[1],
    );
  await sequence();
  expect(await inLog()).toEqual([]);
  await db.$transaction((tx) => releaseHeldActs(tx, about));
  await sequence();
  // Whose half hour is not over may still sign; the others are there, in the order in which they happened.
  expect(await inLog()).toEqual(["signed", "left", "late"]);
  expect((await heldActs(as(author))).map(({ dedupKey }) => dedupKey)).toEqual(["withdraw:open"]);
  expect(Buffer.from((await logged(act))?.spki ?? [])).toEqual(
    publicKey.export({ format: "der", type: "spki" }),
  );
  // Too late: the refusal leads to the entry.
  await expect(signHeldAct(as(author), acts.get(late)?.id ?? "", null)).rejects.toMatchObject({
    code: "already-done",
    detail: { index: expect.any(Number) },
  });
});
