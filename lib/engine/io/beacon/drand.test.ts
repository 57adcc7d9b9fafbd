import { afterEach, expect, test, vi } from "vitest";
import { type LoopbackBeacon, startDrand } from "@/tests/support/drand";
import { codeOf, ioFor } from "@/tests/support/far-side";
import { CanaryError } from "../../canary";
import { DrandRelay } from "./drand";

// Not a deadline: a busy machine needs longer.
vi.setConfig({ testTimeout: 120_000 });

const schemes = ["bls-unchained-g1-rfc9380", "pedersen-bls-chained"] as const;
const open: LoopbackBeacon[] = [];
async function start(...given: Parameters<typeof startDrand>): Promise<LoopbackBeacon> {
  const beacon = await startDrand(...given);
  open.push(beacon);
  return beacon;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((beacon) => beacon.close()));
});

const canaryCode = async (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof CanaryError ? error.code : Promise.reject(error)),
  );

test.each(schemes)(
  "a round of a real %s chain comes verified, from an address with and without the chain",
  async (scheme) => {
    const beacon = await start({ scheme });
    for (const address of [beacon.url, `${beacon.url}/`, `${beacon.url}/${beacon.chain.chain}`]) {
      const relay = new DrandRelay(address, ioFor(beacon.url));
      expect(await relay.chain()).toEqual(beacon.chain);
      const { nonce, round } = await relay.round(beacon.beacon(4), Date.now());
      expect(round).toEqual(beacon.sign(4));
      expect(nonce).toBe(beacon.sign(4).randomness);
    }
  },
);

test("what a relay answers falsely is refused, whatever it says", async () => {
  const beacon = await start();
  const other = await start({ secret: "another key" });
  const relay = new DrandRelay(beacon.url, ioFor(beacon.url));
  const lies: [object, string][] = [
    [{ ...other.sign(5) }, "bad-signature"],
    [{ ...beacon.sign(6), round: 5 }, "bad-signature"],
    [beacon.sign(6), "wrong-round"],
    [{ ...beacon.sign(5), randomness: "00".repeat(32) }, "bad-beacon"],
    [{ round: 5 }, "bad-beacon"],
    [[], "bad-beacon"],
  ];
  for (const [lie, code] of lies) {
    beacon.lies.set(5, lie);
    expect(await canaryCode(relay.round(beacon.beacon(5), Date.now()))).toBe(code);
  }
  // The relay of another chain, asked for this one, has no such chain.
  expect(await codeOf(new DrandRelay(other.url, ioFor(other.url)).round(beacon.beacon(5), Date.now()))).toBe(
    "source-unreachable",
  );
});

test("a round before its time is not asked for; one that the relay lacks is unreachable", async () => {
  const beacon = await start({ genesisTime: Math.floor(Date.now() / 1000) - 10, period: 1 });
  const relay = new DrandRelay(beacon.url, ioFor(beacon.url));
  expect(await canaryCode(relay.round(beacon.beacon(3600), Date.now()))).toBe("round-not-yet");
  expect(beacon.requests).toEqual([]);
  const late = Date.now() + 7_200_000;
  expect(await codeOf(relay.round(beacon.beacon(3600), late))).toBe("source-unreachable");
});

test("what is no address is no relay", () => {
  for (const address of ["", "drand", "ftp://127.0.0.1", "file:///etc/passwd"])
    expect(() => new DrandRelay(address, ioFor("http://127.0.0.1:1"))).toThrow(
      "not an http or https address",
    );
});
