import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import type { Fault } from "../../../tests/bench/computed-hub/faults";
import { type ComputedHub, startComputedHub } from "../../../tests/bench/computed-hub/start-computed-hub";
import { codeOf, ioFor } from "../../../tests/support/far-side";
import { type Comparison, compare } from "../compare";
import { readSafetensorsHeader } from "../formats/safetensors-header";
import type { Method, MethodInput } from "../methods/method";
import { builtInMethods, registryOf } from "../methods/registry";
import { openHubRelease } from "./source/hub/open-hub-release";
import type { SourceSpec } from "./source/spec";

let hub: ComputedHub | null = null;
afterEach(async () => {
  await hub?.close();
  hub = null;
});

/** Reads a run of every tensor of both sides, all at once, as the weights' methods do, and says what it read. */
const sampling: Method = {
  id: "sampling",
  version: "1",
  async run({ original, suspect, signal }: MethodInput) {
    const hash = createHash("sha256");
    for (const reader of [original, suspect]) {
      const paths = reader.release.files
        .map(({ path }) => path)
        .filter((path) => path.endsWith(".safetensors"));
      const parts = await Promise.all(
        paths.map(async (path) => {
          const header = await readSafetensorsHeader(reader, path, signal);
          const runs = (header?.tensors ?? []).map(({ start, end }) => {
            const first = (header?.dataStart ?? 0) + start;
            return reader.read(path, first, first + Math.min(end - start, 16_384), signal);
          });
          return Promise.all(runs);
        }),
      );
      for (const bytes of parts.flat()) hash.update(bytes ?? "gone");
    }
    return {
      method: "sampling",
      version: "1",
      kind: "descriptive",
      null: null,
      statistics: { sha256: hash.digest("hex") },
      pValueLog10: null,
      threshold: null,
      falseFlags: null,
      says: "read",
      reasons: [],
    };
  },
  explain: () => ({ en: "Read.", zh: "已读取。" }),
};

const registry = registryOf([
  ...["identity", "architecture"].map((id) => builtInMethods.get(id) as Method),
  sampling,
]);

async function compared(faults: readonly Fault[]): Promise<Comparison> {
  hub = await startComputedHub({ shapes: ["mini"], faults });
  const io = ioFor(hub.url);
  const open = (name: string) => {
    const spec: SourceSpec = { kind: "hf", repository: `mini/${name}`, revision: null };
    return openHubRelease(spec, io);
  };
  const input = {
    original: await open("original"),
    suspect: await open("noisy-copy"),
    ancestors: [await open("base")],
    controls: [],
  };
  return compare(input, { methods: [...registry.keys()], nonce: "", screened: 1, level: 1 }, { registry });
}

let clean: Promise<string> | null = null;
/** The digest of the run in which nothing goes wrong. */
function cleanDigest(): Promise<string> {
  clean ??= compared([]).then(async ({ result }) => {
    await hub?.close();
    return result.digest;
  });
  return clean;
}

// A busy machine is no failure.
const patience = 60_000;

test(
  "a file is resolved once, its ranges go to the content address, and few requests serve many ranges",
  async () => {
    const { ranges } = await compared([]);
    const requests = hub?.requests ?? [];
    const resolves = requests.filter((one) => one.includes("/resolve/") && one.endsWith(".safetensors"));
    const content = requests.filter((one) => one.includes("/cdn-lfs/"));
    const files = new Set(
      ranges.map(({ role, path }) => `${role} ${path}`).filter((one) => /safetensors$/.test(one)),
    );
    expect(new Set(resolves).size).toBe(resolves.length);
    expect(resolves.length).toBe(files.size);
    expect(ranges.length).toBeGreaterThan(100);
    expect(content.length).toBeLessThan(ranges.length);
  },
  patience,
);

describe("survived, to the same digest", () => {
  test.each<[string, Fault]>([
    ["a connection that breaks in the middle of a body", { kind: "dropped", after: 5, times: 3 }],
    ["a body that ends early and says so", { kind: "truncated", after: 4, times: 3 }],
    ["429 with Retry-After", { kind: "limited", after: 6, times: 1, retryAfter: 1 }],
  ])(
    "%s",
    async (_, fault) => {
      const expected = await cleanDigest();
      expect((await compared([fault])).result.digest).toBe(expected);
      expect(hub?.faultsBefallen()).toBe(fault.times);
    },
    patience,
  );
});

describe("refused with one clear code", () => {
  const always = Number.POSITIVE_INFINITY;
  test.each<[string, Fault, string]>([
    [
      "a connection that breaks every time",
      { kind: "dropped", after: 5, times: always },
      "source-unreachable",
    ],
    ["bodies that all end early", { kind: "truncated", after: 5, times: always }, "source-unreachable"],
    ["429 that asks for too long", { kind: "limited", after: 5, times: 1, retryAfter: 400 }, "rate-limited"],
    [
      "a file that is another one by its ETag",
      { kind: "other-etag", after: 8, times: always },
      "source-changed",
    ],
    [
      "a file that is another one by its size",
      { kind: "other-size", after: 8, times: always },
      "source-changed",
    ],
  ])(
    "%s",
    async (_, fault, code) => {
      expect(await codeOf(compared([fault]))).toBe(code);
    },
    patience,
  );
});
