import { beforeAll, expect, test, vi } from "vitest";
import { base64 } from "@/lib/engine/log";
import { MemoryLog } from "@/tests/support/memory-log";
import { followLog } from "./follow";
import type { MonitorState } from "./state";
import type { FetchPublic } from "./surface";
import { verifyLog } from "./verify-log";

// Not a deadline: a busy machine needs longer.
vi.setConfig({ testTimeout: 120_000 });

let log: MemoryLog;
let root: string;
let paths: readonly string[];

beforeAll(async () => {
  log = new MemoryLog().grow(3, "竹里");
  log.erase(1);
  log.bury(1);
  log.rotate();
  log.grow(1, "reed").seal();
  root = base64((await run(log.fetch)).root);
  paths = [...new Set(log.requests)];
});

const run = async (fetch: FetchPublic) => {
  const saved: MonitorState[] = [];
  const report = await followLog({
    fetch,
    state: null,
    save: async (state) => void saved.push(structuredClone(state)),
  });
  return { ...report, saved };
};

const changes: Readonly<Record<string, (body: Uint8Array, at: number) => Uint8Array>> = {
  "a bit": (body, at) => body.map((byte, place) => (place === at ? byte ^ (1 << (at % 8)) : byte)),
  "cut off": (body, at) => body.slice(0, at),
  "a byte more": (body, at) => Uint8Array.from([...body.slice(0, at), 10, ...body.slice(at)]),
  "a byte less": (body, at) => body.filter((_, place) => place !== at),
};

test("whatever is changed on the way is refused, or changes nothing", async () => {
  expect(paths.length).toBeGreaterThan(12);
  let refused = 0;
  for (const path of paths) {
    const { status, body } = await log.fetch(path, 0);
    if (status !== 200) continue;
    for (const [what, change] of Object.entries(changes)) {
      // Spread over the answer, never the same place for two kinds of damage.
      const at = (path.length * 7919 + what.length * 104_729) % body.length;
      const damaged = { status, body: change(body, at) };
      const fetch: FetchPublic = async (asked, most) => (asked === path ? damaged : log.fetch(asked, most));
      const outcome = await run(fetch).catch((error: Error) => error);
      if (outcome instanceof Error) {
        expect(["MonitorProblem", "LogError"], `${path}, ${what}: ${outcome.stack}`).toContain(outcome.name);
        expect(outcome.message).not.toContain("\n");
        refused += 1;
      } else expect([path, what, outcome.size, base64(outcome.root)]).toEqual([path, what, 6, root]);
    }
  }
  // Harmless: a signer's key that cannot be read, and other keys than the one that signed.
  expect(refused).toBeGreaterThan(paths.length * 2);
});

test("whatever is missing is refused, or changes nothing", async () => {
  for (const path of paths)
    for (const status of [404, 410]) {
      const fetch: FetchPublic = async (asked, most) =>
        asked === path ? { status, body: new Uint8Array(0) } : log.fetch(asked, most);
      const outcome = await run(fetch).catch((error: Error) => error);
      if (outcome instanceof Error) expect(["MonitorProblem", "LogError"]).toContain(outcome.name);
      else {
        expect(base64(outcome.root)).toBe(root);
        expect(path).toMatch(/\/api\/v1\/(entries|blobs)\//);
      }
    }
});

test("a log that hands out false proofs is found out", async () => {
  log.requests.length = 0;
  expect((await verifyLog({ fetch: log.fetch })).every(({ ok }) => ok)).toBe(true);
  for (const path of new Set(log.requests)) {
    if (!/consistency|tlog-proof|checkpoint|tile/.test(path)) continue;
    const { status, body } = await log.fetch(path, 0);
    if (status !== 200) continue;
    // In a hash or the root: a signature of a key that nobody knows may say what it likes.
    const at = path.includes("tile") ? Math.floor(body.length / 2) : 42;
    const damaged = { status, body: body.map((byte, place) => (place === at ? byte ^ 1 : byte)) };
    const fetch: FetchPublic = async (asked, most) => (asked === path ? damaged : log.fetch(asked, most));
    const steps = await verifyLog({ fetch });
    expect([path, steps.at(-1)?.ok]).toEqual([path, false]);
  }
});
