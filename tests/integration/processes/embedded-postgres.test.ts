import { access, chmod, chown, constants, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { type EmbeddedServer, startEmbedded } from "@/lib/platform/database/embedded";
import { canEnter } from "@/lib/platform/database/embedded/system-user";
import { isAlive } from "@/lib/platform/supervisor/process-identity";
import { canSwitchUser, ordinaryUser, runNode, temporaryFolder } from "@/tests/support/run-node";

const root = process.getuid?.() === 0;
const nobody = { name: "nobody", ...ordinaryUser };
const nodeIsOpen = await canEnter(nobody, join(process.cwd(), "node_modules"));

async function place(): Promise<{ folder: string; outside: string }> {
  const open = await temporaryFolder();
  await chmod(open, 0o755);
  return { folder: join(open, "postgres"), outside: join(open, "outside") };
}

async function start(where: { folder: string; outside: string }): Promise<EmbeddedServer> {
  const server = await startEmbedded({ ...where, durable: true });
  onTestFinished(() => server.stop());
  return server;
}

async function run(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

interface Started {
  url: string;
  pid: number;
  dataFolder: string;
}

async function startInChild(
  where: { folder: string; outside: string },
  asOrdinaryUser = false,
): Promise<Started & { kill(): Promise<void> }> {
  const child = runNode("tests/support/start-embedded.ts", {
    args: [where.folder, where.outside],
    asOrdinaryUser,
  });
  const line = await child.line(/^started /);
  const started = JSON.parse(line.slice("started ".length)) as Started;
  return {
    ...started,
    kill: async () => {
      child.child.kill("SIGKILL");
      await child.ended;
    },
  };
}

test("a first start, and a second one that finds its data", async () => {
  const where = await place();
  const first = await start(where);
  await run(first.url(), "CREATE TABLE kept AS SELECT 1 AS n");
  await first.stop();
  const second = await start(where);
  expect(await run(second.url(), "SELECT n FROM kept")).toEqual([{ n: 1 }]);
  expect(await run(second.url(), "SHOW fsync")).toEqual([{ fsync: "on" }]);
  expect(Number((await run(second.url(), "SHOW server_version_num"))[0]?.server_version_num)).toBeGreaterThan(
    180_000,
  );
});

test("nobody without the password gets in, and nothing listens beyond loopback", async () => {
  const server = await start(await place());
  const url = new URL(server.url());
  url.password = "guess";
  await expect(run(url.href, "SELECT 1")).rejects.toThrow(/password/);
  expect(await run(server.url(), "SHOW listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
  const file = await stat(join(server.dataFolder, "../password"));
  expect(file.mode & 0o077).toBe(0);
});

test("the server ends by itself when its owner is killed with -9; what was committed is there", async () => {
  const where = await place();
  const owner = await startInChild(where);
  await run(owner.url, "CREATE TABLE kept AS SELECT 2 AS n");
  await owner.kill();
  await expect.poll(() => isAlive({ pid: owner.pid, started: null }), { timeout: 10_000 }).toBe(false);
  const next = await start(where);
  expect(await run(next.url(), "SELECT n FROM kept")).toEqual([{ n: 2 }]);
});

test("a start right after owner and server were killed with -9 recovers", async () => {
  const where = await place();
  const owner = await startInChild(where);
  await run(owner.url, "CREATE TABLE kept AS SELECT 3 AS n");
  process.kill(owner.pid, "SIGKILL");
  await owner.kill();
  await access(join(owner.dataFolder, "postmaster.pid"));
  const next = await start(where);
  expect(await run(next.url(), "SELECT n FROM kept")).toEqual([{ n: 3 }]);
});

test("a lock file whose process number belongs to another program now is no obstacle", async () => {
  const where = await place();
  const first = await start(where);
  await first.stop();
  const file = join(first.dataFolder, "postmaster.pid");
  await writeFile(file, `${process.pid}\n${first.dataFolder}\n`);
  const second = await start(where);
  expect(await run(second.url(), "SELECT 1 AS n")).toEqual([{ n: 1 }]);
});

test("a first start that was cut off is made again", async () => {
  const where = await place();
  await mkdir(join(where.folder, "cluster.new"), { recursive: true });
  await writeFile(join(where.folder, "cluster.new/PG_VERSION"), "18\n");
  await writeFile(join(where.folder, "password"), "half\n");
  const server = await start(where);
  expect(await run(server.url(), "SELECT 1 AS n")).toEqual([{ n: 1 }]);
});

test("data of another major version is refused and left alone", async () => {
  const where = await place();
  await mkdir(join(where.folder, "cluster"), { recursive: true });
  await writeFile(join(where.folder, "cluster/PG_VERSION"), "17\n");
  await writeFile(join(where.folder, "password"), "known\n");
  await expect(startEmbedded({ ...where, durable: true })).rejects.toThrow(
    /was made by PostgreSQL 17, installed is 18/,
  );
  expect(await readFile(join(where.folder, "cluster/PG_VERSION"), "utf8")).toBe("17\n");
});

test.skipIf(!root)(
  "as root, in a folder closed to others: the data stands outside, and the folder says where",
  async () => {
    const closed = await temporaryFolder();
    await chmod(closed, 0o700);
    const { outside } = await place();
    const where = { folder: join(closed, "var/postgres"), outside };
    const server = await start(where);
    expect(server.dataFolder.startsWith(outside)).toBe(true);
    expect(await readFile(`${where.folder}-is-in`, "utf8")).toBe(`${join(server.dataFolder, "..")}\n`);
    expect((await stat(server.dataFolder)).uid).not.toBe(0);
    await run(server.url(), "CREATE TABLE kept AS SELECT 4 AS n");
    await server.stop();
    const again = await start(where);
    expect(await run(again.url(), "SELECT n FROM kept")).toEqual([{ n: 4 }]);
  },
);

test.skipIf(!canSwitchUser || !nodeIsOpen)(
  "as an ordinary user, in a folder of that user's own",
  async () => {
    const { folder, outside } = await place();
    await mkdir(folder);
    await chown(folder, ordinaryUser.uid, ordinaryUser.gid);
    await chmod(folder, 0o700);
    const started = await startInChild({ folder, outside }, true);
    expect(await run(started.url, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
    expect((await stat(started.dataFolder)).uid).toBe(ordinaryUser.uid);
    await expect(access(outside, constants.F_OK)).rejects.toThrow();
  },
);

test.skipIf(!canSwitchUser || !nodeIsOpen)(
  "as an ordinary user, in a folder of somebody else: one line",
  async () => {
    const { folder, outside } = await place();
    const args = [folder, outside];
    const child = runNode("tests/support/start-embedded.ts", { args, asOrdinaryUser: true });
    expect(await child.ended).toMatchObject({ code: 1 });
    expect(child.output()).toMatch(
      /^slipmark: cannot write to \S+ \(EACCES\): make it writable, or set SLIPMARK_DATA.*\n$/,
    );
  },
);
