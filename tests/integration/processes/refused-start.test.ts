import { chmod, mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "@/lib/platform/database/embedded";
import { canEnter } from "@/lib/platform/database/embedded/system-user";
import { canSwitchUser, ordinaryUser, runNode, temporaryFolder } from "@/tests/support/run-node";

const nodeIsOpen = await canEnter({ name: "nobody", ...ordinaryUser }, join(process.cwd(), "node_modules"));

/** Starts Slipmark in an empty folder and returns what it said before it gave up. */
async function refusal(env: Record<string, string>, asOrdinaryUser = false): Promise<string> {
  const started = Date.now();
  const data = env.SLIPMARK_DATA ?? (await temporaryFolder());
  const run = runNode("bin/start.ts", {
    env: { PORT: String(await freePort()), ...env, SLIPMARK_DATA: data },
    asOrdinaryUser,
  });
  expect(await run.ended).toEqual({ code: 1, signal: null });
  // Told at once: nothing was built before.
  expect(Date.now() - started).toBeLessThan(20_000);
  return run.output();
}

test("a taken port: one line that names it and says what to do", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const port = (server.address() as { port: number }).port;
  expect(await refusal({ PORT: String(port) })).toBe(
    `slipmark: port ${port} on 127.0.0.1 is taken: stop what listens there, or choose another, for example PORT=${port + 1} npm start\n`,
  );
});

test("a host that is not this machine", async () => {
  expect(await refusal({ HOST: "192.0.2.1" })).toBe(
    'slipmark: HOST is "192.0.2.1": expected an address or name of this machine\n',
  );
});

test("a wrong setting: its name, its value, what is expected", async () => {
  expect(await refusal({ PORT: "eighty" })).toBe(
    'slipmark: PORT is "eighty": expected a port number from 1 to 65535\n',
  );
});

test("a database that cannot be reached: its host, and no password", async () => {
  const port = await freePort();
  const said = await refusal({ DATABASE_URL: `postgresql://u:secret-word@127.0.0.1:${port}/d` });
  expect(said).toMatch(/^slipmark: cannot connect to DATABASE_URL \(127\.0\.0\.1:\d+\): .*ECONNREFUSED.*\n$/);
  expect(said).not.toContain("secret-word");
});

test("a site or worker alone needs to know the database", async () => {
  const run = runNode("bin/worker.ts", { env: { SLIPMARK_DATA: await temporaryFolder() } });
  expect(await run.ended).toMatchObject({ code: 1 });
  expect(run.output()).toBe(
    "slipmark: DATABASE_URL is not set: expected the database that all sites and workers share\n",
  );
});

test.skipIf(!canSwitchUser || !nodeIsOpen)("a read-only folder: one line that says what to do", async () => {
  const folder = await temporaryFolder();
  await chmod(folder, 0o755);
  const data = join(folder, "var");
  await mkdir(data);
  expect(await refusal({ SLIPMARK_DATA: data }, true)).toBe(
    `slipmark: cannot write to ${data} (EACCES): make it writable, or set SLIPMARK_DATA to a folder that is\n`,
  );
});
