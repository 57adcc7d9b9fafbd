import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { claimFolder, runningInstance } from "@/lib/platform/supervisor/instance";
import { identify, isAlive } from "@/lib/platform/supervisor/process-identity";
import { temporaryFolder } from "@/tests/support/run-node";

async function sleeper() {
  const child = spawn("sleep", ["60"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  return identify(child.pid ?? 0);
}

test("a folder belongs to one supervisor, who tells the others where things are", async () => {
  const folder = await temporaryFolder();
  expect(await runningInstance(folder)).toBeNull();
  const claim = await claimFolder(folder);
  await claim.update({ databaseUrl: "postgresql://u:p@127.0.0.1:1/d", origin: "http://127.0.0.1:3000" });
  expect(await runningInstance(folder)).toMatchObject({
    supervisor: { pid: process.pid },
    origin: "http://127.0.0.1:3000",
  });
  expect((await stat(join(folder, "running.json"))).mode & 0o077).toBe(0);
  await expect(claimFolder(folder)).rejects.toThrow(`Slipmark already runs here (process ${process.pid}`);
  await claim.release();
  await (await claimFolder(folder)).release();
});

test("children that a killed supervisor left are ended at the next start", async () => {
  const folder = await temporaryFolder();
  const left = await sleeper();
  const gone = { pid: 999_999_999, started: "1" };
  const note = { supervisor: gone, children: [{ ...left, name: "worker" }], databaseUrl: null, origin: null };
  await writeFile(join(folder, "running.json"), JSON.stringify(note));
  expect(await runningInstance(folder)).toBeNull();
  await (await claimFolder(folder)).release();
  expect(await isAlive(left)).toBe(false);
});

test("a process that only has the same number is neither the supervisor nor ended", async () => {
  const folder = await temporaryFolder();
  const other = await sleeper();
  const reused = { pid: other.pid, started: "1" };
  const note = {
    supervisor: reused,
    children: [{ ...reused, name: "worker" }],
    databaseUrl: null,
    origin: null,
  };
  await writeFile(join(folder, "running.json"), JSON.stringify(note));
  await (await claimFolder(folder)).release();
  expect(await isAlive(other)).toBe(true);
});

test("a torn note belongs to nobody", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "running.json"), '{"supervisor":{"pi');
  await (await claimFolder(folder)).release();
});
