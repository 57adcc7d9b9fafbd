import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { formatEnvelope, type parseLeaf, payloadOfPae, text, utf8 } from "@/lib/engine/log";
import { type FarSide, startFarSide } from "../support/far-side";
import { MemoryLog } from "../support/memory-log";
import { startWitness } from "../support/witness";
import { openWorkshop, type Workshop } from "./command-line";

let shop: Workshop;
let site: FarSide;
let log: MemoryLog;
let number = 0;

beforeAll(async () => {
  shop = await openWorkshop();
  site = await startFarSide(async (request, response) => {
    const { status, body } = await log.fetch(request.url ?? "", 0);
    response.writeHead(status, { "content-length": body.length }).end(body);
  });
});
beforeEach(() => {
  log = new MemoryLog().grow(5, "竹里").seal();
});
afterAll(async () => {
  await site.close();
  await shop.close();
});

const oneLine = (text: string) => expect(text.trimEnd().split("\n")).toHaveLength(1);
const stateFile = () => `state-${++number}.json`;

describe("slipmark monitor", () => {
  test("follows a log from run to run and keeps what it saw in a file", async () => {
    const file = stateFile();
    const first = await shop.slipmark(["monitor", `${site.url}/en/log`, "--state", file, "--json"]);
    expect([first.code, first.stderr]).toEqual([0, ""]);
    expect(JSON.parse(first.stdout)).toMatchObject({
      schema: "slipmark.log-monitor-report/v1",
      ok: true,
      origin: "ledger.example/log",
      before: 0,
      size: 5,
      blobs: { statements: 5, payloads: 5, signatures: 5 },
      problem: null,
    });
    log.erase(1);
    log.bury(1);
    log.grow(260 - 6).seal();
    const second = await shop.slipmark(["monitor", site.url, "--state", file]);
    expect([second.code, second.stdout]).toEqual([0, ""]);
    expect(second.stderr).toContain("260, 255 of them new");
    expect(second.stderr).toContain("1 tombstones in all");
    expect(JSON.parse(await readFile(join(shop.folder, file), "utf8"))).toMatchObject({
      tree: { size: 260 },
    });
    expect((await readdir(shop.folder)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("refuses a log that forgets, with exit code 1 and one line, and remembers what it knew", async () => {
    const file = stateFile();
    await shop.slipmark(["monitor", site.url, "--state", file]);
    const known = await readFile(join(shop.folder, file), "utf8");
    log.seal(4);
    const shrunk = await shop.slipmark(["monitor", site.url, "--state", file]);
    expect([shrunk.code, shrunk.stdout]).toEqual([1, ""]);
    expect(shrunk.stderr).toContain("refused (shrank): the log shrank from 5 to 4 entries");
    oneLine(shrunk.stderr);
    log.seal();
    log.blobs.delete(log.paes[2] ?? "");
    const missing = await shop.slipmark(["monitor", site.url, "--state", file, "--json"]);
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.stdout)).toMatchObject({ ok: false, problem: { code: "blob-missing" } });
    expect(await readFile(join(shop.folder, file), "utf8")).toBe(known);
    expect((await shop.slipmark(["monitor", site.url, "--state", file, "--blobs", "none"])).code).toBe(0);
  });

  test("names who cosigned, and refuses a line of a named witness that does not verify", async () => {
    const file = stateFile();
    const witness = await startWitness("witness.example/w1");
    const own = text(log.checkpoint);
    const args = ["monitor", site.url, "--state", file, "--witness", witness.vkey];
    expect((await shop.slipmark(args)).stderr).toContain(
      "witness.example/w1 has not signed this checkpoint yet",
    );
    const body = own.slice(0, own.lastIndexOf("\n\n") + 1);
    log.checkpoint = new Uint8Array(utf8(`${own}${witness.cosign(body, 1_772_352_000)}\n`));
    expect((await shop.slipmark(args)).stderr).toContain(
      "witness     witness.example/w1 signed it 2026-03-01T08:00:00.000Z",
    );
    log.checkpoint = new Uint8Array(utf8(`${own}${witness.cosign("another\n", 1_772_352_000)}\n`));
    const refused = await shop.slipmark([...args, "--json"]);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({ problem: { code: "bad-cosignature" } });
    await witness.close();
  });

  test("wrong usage, an unusable state and an address without a log are 2, nobody there is 3", async () => {
    const file = stateFile();
    await writeFile(join(shop.folder, "damaged.json"), "{}");
    expect((await shop.slipmark(["monitor", site.url, "--state", "known.json"])).code).toBe(0);
    const none = await startFarSide((_, response) => void response.writeHead(404).end());
    const cases: [string[], number][] = [
      [["monitor"], 2],
      [["monitor", site.url], 2],
      [["monitor", site.url, "--state", file, "--blobs", "some"], 2],
      [["monitor", site.url, "--state", "damaged.json"], 2],
      [["monitor", "ledger.example", "--state", file], 2],
      [["monitor", none.url, "--state", file], 2],
      [["monitor", site.url, "--state", file, "--vkey", "nonsense"], 2],
      [["monitor", site.url, "--state", file, "--witness", log.vkeys()[0] ?? ""], 2],
      [["monitor", site.url, "--state", "known.json", "--vkey", new MemoryLog().vkeys()[0] ?? ""], 2],
      [["monitor", "http://127.0.0.1:1", "--state", file], 3],
    ];
    for (const [args, code] of cases) {
      const outcome = await shop.slipmark(args);
      expect([args, outcome.code, outcome.stdout]).toEqual([args, code, ""]);
      oneLine(outcome.stderr);
    }
    await none.close();
    await expect(stat(join(shop.folder, file))).rejects.toThrow("ENOENT");
  }, 300_000);
});

describe("slipmark log verify", () => {
  test("a log: checkpoint, every entry, and the proofs it hands out", async () => {
    const good = await shop.slipmark(["log", "verify", site.url, "--json"]);
    expect([good.code, good.stderr]).toEqual([0, ""]);
    const answer = JSON.parse(good.stdout);
    expect(answer).toMatchObject({ schema: "slipmark.log-verification/v1", ok: true, keys: "own" });
    expect(answer.steps.map((step: { id: string }) => step.id)).toEqual([
      "checkpoint",
      "inclusion",
      "consistency",
      "proof",
    ]);
    const [vkey = ""] = log.vkeys();
    expect((await shop.slipmark(["log", "verify", site.url, "--vkey", vkey])).code).toBe(0);
    const [foreign = ""] = new MemoryLog().vkeys();
    const wrong = await shop.slipmark(["log", "verify", site.url, "--vkey", foreign]);
    expect([wrong.code, wrong.stderr.startsWith("FAILED  checkpoint")]).toEqual([1, true]);
    log.instead.set("/log/consistency?old=3&new=5", {
      status: 200,
      body: utf8('{"old":3,"new":5,"consistency":[]}'),
    });
    const bad = await shop.slipmark(["log", "verify", site.url]);
    expect([bad.code, bad.stdout]).toEqual([1, ""]);
    expect(bad.stderr).toMatch(/ok +inclusion.*\nFAILED +consistency/);
  });

  test("a bundle, without a network, and with --log against the log of today", async () => {
    await writeFile(join(shop.folder, "bundle.zip"), zipSync(await bundleOf(3)));
    const good = await shop.slipmark(["log", "verify", "bundle.zip"]);
    expect([good.code, good.stdout]).toEqual([0, ""]);
    expect(good.stderr).toContain("3 < 5");
    log.grow(4).seal();
    const live = await shop.slipmark(["log", "verify", "bundle.zip", "--log", site.url, "--json"]);
    expect(JSON.parse(live.stdout).steps.at(-1)).toEqual({ id: "consistency", ok: true, detail: "5 → 9" });
    log.entries[0] = log.entries[1] as Uint8Array;
    log.seal();
    const forked = await shop.slipmark(["log", "verify", "bundle.zip", "--log", site.url]);
    expect([forked.code, forked.stderr.includes("FAILED  consistency")]).toEqual([1, true]);
    const [foreign = ""] = new MemoryLog().vkeys();
    expect((await shop.slipmark(["log", "verify", "bundle.zip", "--vkey", foreign])).code).toBe(1);
  });

  test("a bundle from before the log changed its key: the old key's word carries over, or it says what to pass", async () => {
    await writeFile(join(shop.folder, "old.zip"), zipSync(await bundleOf(3)));
    const [old = ""] = log.vkeys();
    const verify = (...args: string[]) => shop.slipmark(["log", "verify", "old.zip", ...args]);
    const withLog = (...vkeys: string[]) =>
      verify("--log", site.url, ...vkeys.flatMap((vkey) => ["--vkey", vkey]));
    log.rotate();
    log.grow(1).seal();
    log.signing = [log.keys.log];
    log.grow(1).seal();
    const [now = ""] = log.vkeys();
    for (const vkeys of [[], [old], [now], [old, now]]) {
      const held = await withLog(...vkeys);
      expect([held.code, held.stderr]).toEqual([0, expect.stringMatching(/^ok +consistency/m)]);
    }
    // Nothing but the new key: without the log of today nobody says that the old one was the log's.
    const alone = await verify("--vkey", now);
    expect([alone.code, alone.stderr.includes(old)]).toEqual([1, true]);
    expect(alone.stderr).toContain("pass it as well (--vkey), or give --log");
    // The overlap was never signed: the old key has not named its successor.
    log.rotations.length = 0;
    const unproved = await withLog();
    expect([unproved.code, unproved.stderr.includes(now)]).toEqual([1, true]);
    expect(unproved.stderr).toContain("pass --vkey for each");
    expect((await withLog(old, now)).code).toBe(0);
    const [foreign = ""] = new MemoryLog().vkeys();
    expect((await withLog(foreign)).code).toBe(1);
  }, 300_000);

  test("a changed bundle is 1; what is no bundle is 2: a bomb, a path, a name twice, damage", async () => {
    const files = await bundleOf(3);
    const leaf = Buffer.from(files["leaf.json"] as Uint8Array);
    const changed = { ...files, "leaf.json": Buffer.from(leaf.toString().replace("commit", "notify")) };
    const twice = Buffer.from(zipSync({ ...files, "leaf.jsoo": leaf }, { level: 0 }));
    for (let at = twice.indexOf("leaf.jsoo"); at >= 0; at = twice.indexOf("leaf.jsoo"))
      twice.write("leaf.json", at);
    const whole = zipSync(files);
    const bundles: Record<string, [Uint8Array, number]> = {
      "changed.zip": [zipSync(changed), 1],
      "more.zip": [zipSync({ ...files, "more.txt": utf8("x") }), 1],
      "bomb.zip": [zipSync({ ...files, "payloads/bomb": new Uint8Array(80_000_000) }), 2],
      "path.zip": [zipSync({ ...files, "../../leaf.json": leaf }), 2],
      "absolute.zip": [zipSync({ ...files, "/etc/leaf.json": leaf }), 2],
      "proto.zip": [zipSync({ ...files, "payloads/__proto__": leaf }), 2],
      "twice.zip": [twice, 2],
      "cut.zip": [whole.subarray(0, whole.length - 30), 2],
      "other.zip": [zipSync({ "notes.txt": utf8("x") }), 2],
      "empty.zip": [new Uint8Array(0), 2],
    };
    for (const [name, [bytes, code]] of Object.entries(bundles)) {
      await writeFile(join(shop.folder, name), bytes);
      const outcome = await shop.slipmark(["log", "verify", name]);
      expect([name, outcome.code, outcome.stdout]).toEqual([name, code, ""]);
      if (code === 2) oneLine(outcome.stderr);
    }
  }, 300_000);

  test("wrong usage is 2, nobody there is 3", async () => {
    for (const args of [["log"], ["log", "prove", "x"], ["log", "verify"], ["log", "verify", "none.zip"]])
      expect((await shop.slipmark(args)).code).toBe(2);
    expect((await shop.slipmark(["log", "verify", "http://127.0.0.1:1"])).code).toBe(3);
  });
});

/** The bundle of an entry, from what the log serves. */
async function bundleOf(index: number): Promise<Record<string, Uint8Array>> {
  const body = async (path: string) => (await log.fetch(path, 0)).body;
  const leafBytes = log.entries[index] as Uint8Array;
  const leaf = JSON.parse(Buffer.from(leafBytes).toString()) as { pae: string; sig: string };
  const spki = log.signers[index] as Uint8Array;
  const payload = payloadOfPae(log.blobs.get(leaf.pae) as Uint8Array);
  const signature: ReturnType<typeof parseLeaf>["sig"] = Buffer.from(leaf.sig, "base64");
  const name = log.names[index] ?? "";
  const { signer } = JSON.parse(Buffer.from(await body(`/api/v1/entries/${index}`)).toString());
  return {
    "leaf.json": leafBytes,
    "statement.json": utf8(formatEnvelope(payload, spki, signature)),
    "entry.tlog-proof": await body(`/log/entry/${index}.tlog-proof`),
    "public-key.pem": utf8(signer.publicKey),
    "log.vkey": await body("/log/vkey"),
    "witnesses.vkeys": new Uint8Array(0),
    [`payloads/${name}`]: log.blobs.get(name) as Uint8Array,
  };
}
