import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isAlive } from "@/lib/platform/supervisor/process-identity";
import {
  type ChildSpec,
  message,
  type SupervisedChild,
  supervise,
} from "@/lib/platform/supervisor/supervised-child";
import { temporaryFolder } from "@/tests/support/run-node";

const steady = "tests/integration/processes/children/steady.mjs";

async function setup(behaviour = "", patience = 5000) {
  const file = join(await temporaryFolder(), "numbers");
  const said: string[] = [];
  const spec: ChildSpec = {
    name: "worker",
    args: [steady, file, behaviour],
    env: process.env,
    ready: async (child) => void (await message<{ type: "ready" }>(child, "ready")),
    patience,
  };
  const watch = { onStart: () => undefined, say: (line: string) => said.push(line) };
  const signal = new AbortController().signal;
  const numbers = async () =>
    (await readFile(file, "utf8").catch(() => "")).split("\n").filter(Boolean).map(Number);
  const begin = async (): Promise<SupervisedChild> => {
    const child = await supervise(spec, watch, signal);
    onTestFinished(child.kill);
    return child;
  };
  return { begin, numbers, said, spec, watch, signal };
}

test("a child that was killed is started again, and stops when asked", async () => {
  const { begin, numbers, said } = await setup();
  const child = await begin();
  const [first = 0] = await numbers();
  process.kill(first, "SIGKILL");
  await expect.poll(async () => (await numbers()).length, { timeout: 10_000 }).toBe(2);
  expect(said).toEqual(["the worker ended (signal SIGKILL); starting it again in 1 s"]);
  await child.stop();
  for (const pid of await numbers()) expect(await isAlive({ pid, started: null })).toBe(false);
  expect(await numbers()).toHaveLength(2);
});

test("the pause grows while it keeps crashing", async () => {
  const { begin, numbers, said } = await setup();
  const child = await begin();
  for (let round = 1; round <= 2; round++) {
    await expect.poll(async () => (await numbers()).length, { timeout: 10_000 }).toBe(round);
    process.kill((await numbers()).at(-1) ?? 0, "SIGKILL");
  }
  await expect.poll(() => said.length, { timeout: 10_000 }).toBe(2);
  expect(said[1]).toContain("again in 2 s");
  // Stopping does not wait for the pause to end.
  await child.stop();
  expect(await numbers()).toHaveLength(2);
});

test("one that does not end when asked is ended", async () => {
  const { begin, numbers, said } = await setup("stubborn", 300);
  const child = await begin();
  await child.stop();
  expect(said).toEqual(["the worker did not end in 0.3 s and is stopped now"]);
  expect(await isAlive({ pid: (await numbers())[0] ?? 0, started: null })).toBe(false);
});

test("one that ends before it is ready fails the start", async () => {
  const { spec, watch, signal } = await setup();
  const file = join(await temporaryFolder(), "broken.mjs");
  await writeFile(file, "process.exit(3);\n");
  await expect(supervise({ ...spec, args: [file] }, watch, signal)).rejects.toThrow(
    "the worker ended before it was ready (exit code 3)",
  );
});
