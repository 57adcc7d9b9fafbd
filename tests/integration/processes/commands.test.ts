import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect, type Database } from "@/lib/platform/database";
import { finishRedaction, redactEntry } from "@/lib/redaction/server";
import { emptyDatabase, testDatabase } from "@/tests/support/database";
import { logPlace, recordCommit, requireSoundLog, sequence } from "@/tests/support/log-place";
import { caseWorld } from "../cases/support";

// Each command is a process of its own.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const { db, url } = await testDatabase();
const place = await logPlace(url);
const backup = join(place.folder, "backup");
const secret = `Quartzvale ${randomBytes(8).toString("hex")}`;
let restoredUrl: string;
let copy: Database;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What an operator types: npm run NAME -- ARGS. */
function command(name: string, args: readonly string[], databaseUrl = url): Promise<Ended> {
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: place.folder,
    NODE_ENV: "production",
    DATABASE_URL: databaseUrl,
    SLIPMARK_DATA: place.folder,
    SLIPMARK_LOG_ORIGIN: place.options.origin,
    SLIPMARK_LOG_GUARD: place.options.guardFile,
  } as NodeJS.ProcessEnv;
  return new Promise((resolve) => {
    execFile("npm", ["run", "--silent", name, "--", ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

beforeAll(async () => {
  await recordCommit(db, secret);
  for (let at = 0; at < 20; at += 1) await recordCommit(db);
  await sequence(place.options);
  restoredUrl = await emptyDatabase();
  copy = connect(restoredUrl, { max: 2 });
});
afterAll(async () => {
  await copy.$disconnect();
  await place.remove();
});

describe("commands of the machine’s own terminal", () => {
  test("what cannot be is said in one line, and ends with 1", async () => {
    const wrong = [
      ["backup", ["--help"], "usage: npm run backup [-- FOLDER]"],
      ["restore", ["one", "two"], "usage: npm run restore -- FOLDER"],
      ["log", ["forget"], "usage: npm run log -- recover"],
      ["admin", ["grant", "a@lab.example", "owner"], "usage: npm run admin -- grant EMAIL"],
      ["restore", [join(place.folder, "nowhere")], "nowhere"],
    ] as const;
    const ended = await Promise.all(wrong.map(([name, args]) => command(name, args)));
    for (const [at, { code, stdout, stderr }] of ended.entries()) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/^slipmark: /);
      expect(stderr.trim().split("\n")).toEqual([expect.stringContaining(wrong[at]?.[2] ?? "")]);
    }
  });

  test("npm run admin gives a role and, while there is no administrator, a link", async () => {
    const link = await command("admin", ["link"]);
    expect(link).toMatchObject({ code: 0, stderr: "" });
    expect(link.stdout).toMatch(/^become administrator, once: http:\/\/127\.0\.0\.1:3000\/setup\/\S+\n$/);
    expect((await command("admin", ["grant", "ada@lab.example"])).stdout).toBe(
      "ada@lab.example is admin now (new account)\n",
    );
    expect(await db.user.findUniqueOrThrow({ where: { email: "ada@lab.example" } })).toMatchObject({
      role: "admin",
    });
    const refused = await command("admin", ["link"]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("there is an administrator already");
  });

  test("npm run backup prints the folder, and where keys are not", async () => {
    const { code, stdout, stderr } = await command("backup", [backup]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${backup}\n` });
    expect(stderr).toContain("keys and secrets are not in it");
    const manifest = JSON.parse(await readFile(join(backup, "manifest.json"), "utf8")) as { guard: string };
    expect(JSON.parse(manifest.guard)).toMatchObject({ size: 21 });
    const again = await command("backup", [backup]);
    expect({ code: again.code, stdout: again.stdout }).toEqual({ code: 1, stdout: "" });
    expect(again.stderr).toMatch(/^(backup .*\n)*slipmark: .*\n$/);
  });

  test("npm run restore fills an empty database, and redacts once more what was redacted since", async () => {
    const world = await caseWorld(db);
    const moderator = await world.user("Mod", "moderator");
    const asked = { index: 0, reasonCode: "safety", authorityReference: "Desk 9", confirm: "0" } as const;
    const ctx = { ...world.as(moderator), blobs: place.options.blobs };
    await redactEntry(ctx, asked);
    await sequence(place.options);
    const row = await db.logRedaction.findFirstOrThrow();
    await finishRedaction(ctx, row.id, { files: place.options.files, sharedCacheMs: 0 });
    for (let at = 0; at < 5; at += 1) await recordCommit(db);
    await sequence(place.options);

    const { code, stderr } = await command("restore", [backup], restoredUrl);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toContain("1 redactions are known; 1 were carried out again");
    expect(stderr).toContain("npm run log -- recover");
    expect(await copy.logPayload.count({ where: { bytes: new Uint8Array(Buffer.from(secret)) } })).toBe(0);
    expect(await copy.logEntry.count()).toBe(21);
    const twice = await command("restore", [backup], restoredUrl);
    expect(twice.code).toBe(1);
    expect(twice.stderr).toMatch(/slipmark: .*empty/);
  });

  test("npm run log -- recover makes the restored database the published log again", async () => {
    const { code, stdout, stderr } = await command("log", ["recover"], restoredUrl);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("the log has 27 entries again; 6 came from what was published");
    expect(stderr).toContain("a worker that runs signs again within seconds");
    const leaves = (of: Database) =>
      of.logEntry.findMany({ orderBy: { index: "asc" }, select: { leaf: true } });
    expect(await leaves(copy)).toEqual(await leaves(db));
    const options = { ...place.options, databaseUrl: restoredUrl };
    await recordCommit(copy);
    await sequence(options);
    await requireSoundLog(options);
  });
});
