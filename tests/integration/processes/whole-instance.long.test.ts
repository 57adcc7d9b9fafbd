import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { canEnter } from "@/lib/platform/database/embedded/system-user";
import { identify, isAlive } from "@/lib/platform/supervisor/process-identity";
import { builtCheckout, compiledIn } from "@/tests/support/built-checkout";
import { copyCheckout, type Instance, startInstance } from "@/tests/support/instance";
import { canSwitchUser, ordinaryUser } from "@/tests/support/run-node";

/**
 * npm start, for real: a copy of the checkout with its build, its own database. Takes minutes because of the build.
 * Two sites and two workers apart: two-of-each.long.test.ts.
 */
let place = "";
let built = "";
const open: Instance[] = [];
const nodeIsOpen = await canEnter({ name: "nobody", ...ordinaryUser }, join(process.cwd(), "node_modules"));

async function start(folder: string, options: Parameters<typeof startInstance>[1] = {}): Promise<Instance> {
  const instance = await startInstance(folder, { ...options, env: { ...compiledIn, ...options.env } });
  open.push(instance);
  return instance;
}

async function stop(instance: Instance): Promise<void> {
  process.kill(instance.note().supervisor.pid, "SIGTERM");
  await instance.ended;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const home = async (instance: Instance) => (await fetch(`${instance.origin}/en`)).status;
const postmaster = async (instance: Instance) => {
  const [row] = await query(instance.note().databaseUrl ?? "", "SHOW data_directory");
  return Number((await readFile(join(String(row?.data_directory), "postmaster.pid"), "utf8")).split("\n")[0]);
};

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "slipmark-whole-"));
  await chmod(place, 0o755);
  built = join(place, "built");
  copyCheckout(built, { built: await builtCheckout() });
});

afterEach(async () => {
  // What a failed test left running must not be in the way of the next.
  for (const { child } of open)
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
  await Promise.all(open.map(({ ended }) => ended));
});

afterAll(async () => {
  await rm(place, { recursive: true, force: true });
});

describe("npm start", () => {
  test("the first time: pages, a one-time link, examples; then a stop in order", async () => {
    const instance = await start(built);
    await expect
      .poll(instance.output)
      .toMatch(/become administrator, once: http:\/\/127\.0\.0\.1:\d+\/setup\/\S{20,}/);
    expect(await home(instance)).toBe(200);
    const url = instance.note().databaseUrl ?? "";
    const complete = () =>
      query(url, "SELECT value->'complete' AS complete FROM setting WHERE key = 'examples'");
    await expect.poll(complete, { timeout: 300_000, interval: 1000 }).toEqual([{ complete: true }]);
    const everybody = instance.note().children;
    expect(everybody.map(({ name }) => name).sort()).toEqual(["example Hub", "site", "worker"]);
    await stop(instance);
    expect(await instance.ended).toBe(0);
    for (const child of everybody) expect(await isAlive(child)).toBe(false);
    expect(instance.output()).not.toContain("is stopped now");
  });

  test("after kill -9 of everything, at once", async () => {
    const first = await start(built);
    const { supervisor, children } = first.note();
    const database = await identify(await postmaster(first));
    for (const { pid } of [supervisor, database, ...children]) process.kill(pid, "SIGKILL");
    const second = await start(built);
    expect(await home(second)).toBe(200);
    expect(await query(second.note().databaseUrl ?? "", 'SELECT count(*)::int AS n FROM "case"')).toEqual([
      { n: 4 },
    ]);
    await stop(second);
  });

  test("after kill -9 of the supervisor alone: the others end by themselves, or at the next start", async () => {
    const first = await start(built, { env: { PORT: "4397" } });
    const { supervisor, children } = first.note();
    process.kill(supervisor.pid, "SIGKILL");
    const second = await start(built, { env: { PORT: "4397" } });
    for (const child of children) expect(await isAlive(child)).toBe(false);
    expect(await home(second)).toBe(200);
    await stop(second);
  });

  test("site, worker and database each come back after kill -9", async () => {
    const instance = await start(built);
    const pidOf = (name: string) => instance.note().children.find((child) => child.name === name)?.pid ?? 0;
    for (const name of ["site", "worker"]) {
      const before = pidOf(name);
      process.kill(before, "SIGKILL");
      await expect.poll(() => pidOf(name) !== before && pidOf(name) !== 0, { timeout: 20_000 }).toBe(true);
    }
    process.kill(await postmaster(instance), "SIGKILL");
    const one = () => query(instance.note().databaseUrl ?? "", "SELECT 1 AS n").catch(() => []);
    await expect.poll(one, { timeout: 30_000 }).toEqual([{ n: 1 }]);
    await expect.poll(() => home(instance).catch(() => 0), { timeout: 30_000 }).toBe(200);
    await stop(instance);
  });

  test.skipIf(process.getuid?.() !== 0)("as root in a clone inside a 0700 folder", async () => {
    const closed = await mkdtemp(join(place, "closed-"));
    const folder = join(closed, "slipmark");
    copyCheckout(folder, { built });
    const instance = await start(folder);
    expect(await home(instance)).toBe(200);
    const data = (await readFile(join(folder, "var/postgres-is-in"), "utf8")).trim();
    await stop(instance);
    await rm(data, { recursive: true });
  });

  test.skipIf(!canSwitchUser || !nodeIsOpen)("as an ordinary user", async () => {
    const folder = join(place, "ordinary");
    copyCheckout(folder, { built, owner: ordinaryUser });
    const instance = await start(folder, { asOrdinaryUser: true });
    expect(await home(instance)).toBe(200);
    await stop(instance);
  });
});

test("another site and worker join npm start on its database", async () => {
  const whole = await start(built, {
    env: { SLIPMARK_EXAMPLES: "off", SLIPMARK_DATA: join(place, "joined") },
  });
  const shared = {
    ...compiledIn,
    DATABASE_URL: whole.note().databaseUrl ?? "",
    SLIPMARK_DATA: join(place, "joining"),
    SLIPMARK_BLOBS: join(place, "joined/blobs"),
  };
  const refused = startInstance(built, { script: "worker", env: shared });
  await expect(refused).rejects.toThrow(
    /NEXTAUTH_SECRET is not the one the other sites of this database use/,
  );
  const secret = await readFile(join(place, "joined/secrets/nextauth-secret"), "utf8");
  const env = { ...shared, NEXTAUTH_SECRET: secret.trim() };
  const worker = await start(built, { script: "worker", env, ready: /worker takes jobs/ });
  const site = await start(built, { script: "site", env, ready: /site ready at/ });
  expect(await home(site)).toBe(200);
  for (const { child } of [worker, site]) child.kill("SIGTERM");
  await Promise.all([worker.ended, site.ended]);
  await stop(whole);
});
