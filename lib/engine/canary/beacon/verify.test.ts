import { expect, test, vi } from "vitest";
import { canaryCodeOf } from "@/tests/support/canary-error";
import { isTrustedChain, knownChains, parseChainInfo, roundAfter, timeOfRound } from "./chains";
import { nonceOf } from "./nonce";
import { beaconSchema } from "./schema";
import { parseRound, verifyRound } from "./verify";

// Not a deadline: a busy machine needs longer.
vi.setConfig({ testTimeout: 120_000 });

/** Rounds as drand's mainnet published them; randomness where a source gives it (drand-client, python-drand-verify). */
const rounds = {
  quicknet: [
    {
      round: 657413,
      signature:
        "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
      randomness: "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
    },
    {
      round: 12040883,
      signature:
        "929906c959032ab363c9f26570d215d66f5c06cb0c44fe508c12bb5839f04ec895bb6868e5b9ff13ab289bdb5266b394",
    },
  ],
  default: [
    {
      round: 1,
      randomness: "101297f1ca7dc44ef6088d94ad5fb7ba03455dc33d53ddb412bbc4564ed986ec",
      signature:
        "8d61d9100567de44682506aea1a7a6fa6e5491cd27a0a0ed349ef6910ac5ac20ff7bc3e09d7c046566c9f7f3c6f3b101" +
        "04990e7cb424998203d8f7de586fb7fa5f60045417a432684f85093b06ca91c769f0e7ca19268375e659c2a2352b4655",
      previous_signature: "176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a",
    },
    {
      round: 3311596,
      randomness: "647c07b2abbf7ff2afb4d670214f565e5cd9f9c91bfdcecb59a21f3c78d73920",
      signature:
        "a696b9409ababce45749c3a4ec369074453dd4a79967734e1390d969c8ad8d98897d217b9121e92c8ddebbddda8d92f9" +
        "00e3bd6bf9deb166863b1a19390d743f82774001487594c5c09e581db7365f02b70a2c8cc41ce32446ef08e4890c4754",
      previous_signature:
        "8ed588f2a7716fb1349e2d9803da5db0005e98a83783c353d4a08f183236a9ad91d70ddb01266f4b7c576983db464b43" +
        "0e65680b9e0098552758afd6c1e6afcb77e3f62fe1b93d42d1cb63abbb2205512fe12fbf74ea9c5ac3b8f5c1e283a1d8",
    },
  ],
} as const;
const [quick] = rounds.quicknet;
const quickBeacon = { ...knownChains.quicknet, round: quick.round };
const [, chained] = rounds.default;
const chainedBeacon = { ...knownChains.default, round: chained.round };

test.each(Object.entries(rounds))("real rounds of drand's %s chain are verified", (name, published) => {
  for (const answer of published) {
    const beacon = { ...knownChains[name as keyof typeof knownChains], round: answer.round };
    const nonce = verifyRound(beacon, parseRound(Buffer.from(JSON.stringify(answer))));
    expect(nonce).toMatch(/^[0-9a-f]{64}$/);
    if ("randomness" in answer) expect(nonce).toBe(answer.randomness);
    expect(nonceOf(beacon, { kind: "drand", round: answer })).toEqual({ nonce, grindBits: 0 });
  }
});

test("another round, key, signature, predecessor or randomness is refused", () => {
  const code = (work: () => unknown) => canaryCodeOf(work);
  expect(code(() => verifyRound({ ...quickBeacon, round: 657414 }, quick))).toBe("wrong-round");
  expect(code(() => verifyRound({ ...quickBeacon, round: 657414 }, { ...quick, round: 657414 }))).toBe(
    "bad-signature",
  );
  const other = rounds.quicknet[1].signature;
  expect(code(() => verifyRound(quickBeacon, { ...quick, signature: other }))).toBe("bad-signature");
  const states = { ...quick, randomness: "00".repeat(32) };
  expect(code(() => verifyRound(quickBeacon, states))).toBe("bad-beacon");
  const predecessor = { ...chained, previous_signature: rounds.default[0].signature };
  expect(code(() => verifyRound(chainedBeacon, predecessor))).toBe("bad-signature");
  const { previous_signature: _, ...without } = chained;
  expect(code(() => verifyRound(chainedBeacon, without))).toBe("bad-beacon");
  const key =
    "a0b862a7527fee3a731bcb59280ab6abd62d5c0b6ea03dc4ddf6612fdfc9d01f01c31542541771903475eb1ec6615f8d0df0b8b6dce385811d6dcf8cbefb8759e5e616a3dfd054c928940766d9a5b9db91e3b697e5d70a975181e007f87fca5e";
  expect(code(() => verifyRound({ ...quickBeacon, publicKey: key }, quick))).toBe("bad-signature");
});

test("points at infinity and bytes that are no point sign nothing", () => {
  const infinity = (bytes: number) => `c0${"00".repeat(bytes - 1)}`;
  const nothing = { ...quick, signature: infinity(48), randomness: undefined };
  expect(canaryCodeOf(() => verifyRound({ ...quickBeacon, publicKey: infinity(96) }, nothing))).toBe(
    "bad-signature",
  );
  for (const signature of ["ff".repeat(48), "00".repeat(48), "ab", quick.signature.toUpperCase()])
    expect(canaryCodeOf(() => verifyRound(quickBeacon, { ...quick, signature }))).toBe("bad-signature");
});

test("the hash of each known chain follows from what its relays say of it", () => {
  const info = (name: "quicknet" | "default", groupHash: string) => {
    const { chain, publicKey, scheme, genesisTime, period } = knownChains[name];
    const facts = { public_key: publicKey, period, genesis_time: genesisTime, hash: chain, groupHash };
    return { ...facts, schemeID: scheme, metadata: { beaconID: name } };
  };
  const quicknet = info("quicknet", "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e");
  const old = info("default", "176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a");
  const parse = (value: unknown) => parseChainInfo(Buffer.from(JSON.stringify(value)));
  expect(parse(quicknet)).toEqual(knownChains.quicknet);
  expect(parse(old)).toEqual(knownChains.default);
  const changes = [
    { period: 4 },
    { genesis_time: 1692803368 },
    { groupHash: "00".repeat(32) },
    { metadata: { beaconID: "other" } },
    { schemeID: "bls-unchained-on-g1" },
    { hash: knownChains.default.chain },
  ];
  for (const change of changes)
    expect(canaryCodeOf(() => parse({ ...quicknet, ...change }))).toBe("bad-beacon");
});

test("only chains whose key nobody concerned holds are trusted", () => {
  expect(isTrustedChain(quickBeacon)).toBe(true);
  const own = { ...quickBeacon, publicKey: `80${quickBeacon.publicKey.slice(2)}` };
  expect(isTrustedChain(own)).toBe(false);
  const { round: _, ...chain } = own;
  expect(isTrustedChain(own, [chain])).toBe(true);
});

test("the time of a round, and the first round at or after a time", () => {
  const chain = knownChains.quicknet;
  expect(timeOfRound({ ...chain, round: 1 })).toBe(1692803367_000);
  expect(roundAfter(chain, 0)).toBe(1);
  for (const [time, round] of [
    [1692803367_000, 1],
    [1692803367_001, 2],
    [1692803370_000, 2],
    [1692803371_000, 3],
  ] as const) {
    expect(roundAfter(chain, time)).toBe(round);
    expect(timeOfRound({ ...chain, round })).toBeGreaterThanOrEqual(time);
  }
});

test("a checkpoint of the log is a nonce only where the terms name it, with its bits", () => {
  const checkpoint = { kind: "log-checkpoint", size: 40, root: "ab".repeat(32) } as const;
  const beacon = { kind: "log-checkpoint", size: 40, grindBits: 20 } as const;
  expect(nonceOf(beacon, checkpoint)).toEqual({ nonce: checkpoint.root, grindBits: 20 });
  const code = (...given: Parameters<typeof nonceOf>) => canaryCodeOf(() => nonceOf(...given));
  expect(code({ ...beacon, size: 41 }, checkpoint)).toBe("wrong-round");
  expect(code(quickBeacon, checkpoint)).toBe("bad-nonce");
  expect(code(beacon, { kind: "drand", round: quick })).toBe("bad-nonce");
  expect(code({ kind: "none" }, checkpoint)).toBe("bad-nonce");
});

test("a beacon of the terms has a key as long as its scheme asks", () => {
  expect(beaconSchema.safeParse(quickBeacon).success).toBe(true);
  expect(beaconSchema.safeParse(chainedBeacon).success).toBe(true);
  for (const change of [
    { publicKey: chainedBeacon.publicKey },
    { scheme: "pedersen-bls-chained" },
    { round: 0 },
    { chain: "AB".repeat(32) },
    { more: 1 },
  ])
    expect(beaconSchema.safeParse({ ...quickBeacon, ...change }).success).toBe(false);
});
