import { beforeEach, expect, test } from "vitest";
import {
  ed25519Sign,
  formatCosignature,
  formatVerifierKey,
  signatureTypes,
  text,
  utf8,
} from "@/lib/engine/log";
import { MemoryLog, memoryKey } from "@/tests/support/memory-log";
import { followLog } from "./follow";
import type { MonitorState } from "./state";

const name = "witness.example/w1";
const key = memoryKey();
const witness = formatVerifierKey(name, signatureTypes.cosignature, key.publicKey);
const time = 1_772_352_000;
let log: MemoryLog;
let state: MonitorState | null;

beforeEach(() => {
  log = new MemoryLog().grow(3).seal();
  state = null;
});

/** The witness' line over some text. */
const lineOver = (body: string) =>
  formatCosignature(body, time, {
    name,
    publicKey: key.publicKey,
    sign: (message) => ed25519Sign(message, key.seed),
  });
const body = () => `${text(log.checkpoint).split("\n\n")[0]}\n`;
function add(line: string): void {
  log.checkpoint = new Uint8Array(utf8(`${text(log.checkpoint)}${line}\n`));
}
const follow = (witnesses?: readonly string[]) =>
  followLog({
    fetch: log.fetch,
    state,
    save: async (next) => {
      state = next;
    },
    ...(witnesses === undefined ? {} : { witnesses }),
  });

test("who has signed the newest checkpoint is reported, and when; one that has not is no trouble", async () => {
  expect((await follow([witness])).cosignatures).toEqual([]);
  add(lineOver(body()));
  expect((await follow([witness])).cosignatures).toEqual([{ name, time }]);
  const other = formatVerifierKey("witness.example/w2", signatureTypes.cosignature, memoryKey().publicKey);
  expect((await follow([other, witness])).cosignatures).toEqual([{ name, time }]);
  log.grow(1).seal();
  expect((await follow([witness])).cosignatures).toEqual([]);
});

test.each<[string, () => string]>([
  ["over another checkpoint", () => lineOver(body().replace("\n3\n", "\n2\n"))],
  ["with another time", () => changed(lineOver(body()), 11)],
  ["with a changed signature", () => changed(lineOver(body()), 40)],
  ["that is cut off", () => cut(lineOver(body()))],
])("a line %s is refused, and nothing is remembered", async (_what, line) => {
  await follow([witness]);
  const before = structuredClone(state);
  log.seal();
  add(line());
  await expect(follow([witness])).rejects.toMatchObject({ name: "MonitorProblem", code: "bad-cosignature" });
  expect(state).toEqual(before);
  // Whoever did not name the witness passes over its lines.
  expect((await follow()).cosignatures).toEqual([]);
});

function changed(line: string, at: number): string {
  const [dash, who, encoded = ""] = line.split(" ");
  const bytes = Buffer.from(encoded, "base64");
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return `${dash} ${who} ${bytes.toString("base64")}`;
}

function cut(line: string): string {
  const [dash, who, encoded = ""] = line.split(" ");
  return `${dash} ${who} ${Buffer.from(encoded, "base64").subarray(0, 70).toString("base64")}`;
}
