import { sha256 } from "../../log/hashing";
import { bytesOfHex, concat, hex, u32be, u64be, utf8 } from "../bytes";
import { CanaryError } from "../errors";
import { strictJsonOf } from "../json-lines";
import { type DrandBeacon, drandSchema } from "./schema";

/** A chain of drand: everything but the round. */
export type DrandChain = DrandBeacon extends infer B
  ? B extends DrandBeacon
    ? Omit<B, "round">
    : never
  : never;

/**
 * The chains of drand's League of Entropy, as its own client pins them (drand-client, lib/defaults.ts). Their hashes
 * cover the other values; a test recomputes them.
 */
export const knownChains = {
  quicknet: {
    kind: "drand",
    chain: "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    publicKey:
      "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451" +
      "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
    scheme: "bls-unchained-g1-rfc9380",
    genesisTime: 1692803367,
    period: 3,
  },
  default: {
    kind: "drand",
    chain: "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce",
    publicKey:
      "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31",
    scheme: "pedersen-bls-chained",
    genesisTime: 1595431050,
    period: 30,
  },
} as const satisfies Record<string, DrandChain>;

/** Address of drand's public relays. */
export const publicDrandRelay = "https://api.drand.sh";

/**
 * Whether a beacon is of a chain that nobody concerned holds the key of: one of the known ones, or one that the
 * operator trusts. Whoever could name any chain would name one whose secret they have, and know the nonce beforehand.
 */
export function isTrustedChain(beacon: DrandBeacon, alsoTrusted: readonly DrandChain[] = []): boolean {
  return [...Object.values(knownChains), ...alsoTrusted].some(
    (known) =>
      known.chain === beacon.chain &&
      known.publicKey === beacon.publicKey &&
      known.scheme === beacon.scheme &&
      known.genesisTime === beacon.genesisTime &&
      known.period === beacon.period,
  );
}

/** When a round is published, in milliseconds since 1970: before it nobody can know its nonce. */
export function timeOfRound(beacon: Pick<DrandBeacon, "genesisTime" | "period" | "round">): number {
  return 1000 * (beacon.genesisTime + (beacon.round - 1) * beacon.period);
}

/** The first round at or after a time (milliseconds since 1970). */
export function roundAfter(chain: Pick<DrandBeacon, "genesisTime" | "period">, time: number): number {
  return Math.max(1, Math.ceil((time / 1000 - chain.genesisTime) / chain.period) + 1);
}

/**
 * A relay's answer to /info. The chain's hash is recomputed: SHA-256(u32be(period) ‖ i64be(genesis) ‖ public key ‖
 * genesis seed ‖ beacon id unless "default"). Throws CanaryError "bad-beacon".
 */
export function parseChainInfo(bytes: Uint8Array): DrandChain {
  const value = strictJsonOf(bytes, "The beacon's description of its chain");
  const bad = (why: string) => new CanaryError("bad-beacon", `The beacon's description of its chain ${why}`);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad("is not an object");
  const info = value as Readonly<Record<string, unknown>>;
  const found = drandSchema.safeParse({
    kind: "drand",
    chain: info.hash,
    publicKey: info.public_key,
    scheme: info.schemeID,
    genesisTime: info.genesis_time,
    period: info.period,
    round: 1,
  });
  if (!found.success) {
    const [issue] = found.error.issues;
    throw bad(`cannot be used: ${issue?.path.join(".") || "it"}: ${issue?.message ?? "wrong shape"}`);
  }
  const { round: _, ...chain } = found.data;
  const { metadata, groupHash } = info;
  const name = (metadata as { readonly beaconID?: unknown } | null | undefined)?.beaconID ?? "default";
  if (typeof name !== "string" || name.length > 128 || typeof groupHash !== "string")
    throw bad("is not whole");
  const hashed = concat(
    u32be(chain.period),
    u64be(chain.genesisTime),
    bytesOfHex(chain.publicKey, chain.publicKey.length / 2, "The public key", "bad-beacon"),
    bytesOfHex(groupHash, 32, "The genesis seed", "bad-beacon"),
    utf8(name === "default" ? "" : name),
  );
  if (hex(sha256(hashed)) !== chain.chain) throw bad("does not have the hash that it names");
  return chain as DrandChain;
}
