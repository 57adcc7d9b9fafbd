import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { expect, test } from "vitest";
import { checkServer } from "@/lib/platform/database/check-server";
import { freePort } from "@/lib/platform/database/embedded";
import { unprivilegedUser } from "@/lib/platform/database/embedded/system-user";
import { migrate } from "@/lib/platform/database/migrations/migrate";

/** Where Debian's packages put the oldest version we promise to work with. */
const bin = process.env.POSTGRES15_BIN ?? "/usr/lib/postgresql/15/bin";

test.skipIf(!existsSync(join(bin, "postgres")))(
  `everything applies on PostgreSQL 15 too (needs ${bin})`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "slipmark-pg15-"));
    await chmod(folder, 0o755);
    const data = join(folder, "data");
    await mkdir(data);
    const user = await unprivilegedUser(data);
    if (user !== null) await chown(data, user.uid, user.gid);
    const identity = user === null ? {} : { uid: user.uid, gid: user.gid };
    const initdb = ["-D", data, "-U", "slipmark", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"];
    await promisify(execFile)(join(bin, "initdb"), initdb, { ...identity, cwd: data });
    const port = await freePort();
    const flags = [
      "-D",
      data,
      "-p",
      String(port),
      "-k",
      "",
      "-c",
      "listen_addresses=127.0.0.1",
      "-c",
      "fsync=off",
    ];
    const server = spawn(join(bin, "postgres"), flags, { ...identity, cwd: data, stdio: "ignore" });
    const url = `postgresql://slipmark@127.0.0.1:${port}/postgres`;
    const client = new Client({ connectionString: url });
    try {
      await expect.poll(() => checkServer(url).then(() => "up", String), { timeout: 20_000 }).toBe("up");
      expect((await migrate(url)).length).toBeGreaterThan(0);
      await client.connect();
      expect((await client.query("SHOW server_version")).rows[0].server_version).toMatch(/^15\./);
      await client.query("INSERT INTO log_dedup (key, kind) VALUES ('k', 'x')");
      await expect(client.query("DELETE FROM log_dedup")).rejects.toMatchObject({ code: "42501" });
      await expect(client.query("TRUNCATE log_dedup")).rejects.toMatchObject({ code: "42501" });
    } finally {
      await client.end();
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGINT");
      await ended;
      await rm(folder, { recursive: true, force: true });
    }
  },
);
