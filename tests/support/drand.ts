import { createHash } from "node:crypto";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import type { DrandBeacon, DrandChain, DrandRound } from "../../lib/engine/canary";
import { type FarSide, startFarSide } from "./far-side";

export interface LoopbackBeacon extends FarSide {
  readonly chain: DrandChain;
  /** Terms' beacon for a round. */
  beacon(round: number): DrandBeacon;
  /** A round as this beacon signs it, whatever the time. */
  sign(round: number): DrandRound;
  /** Rounds whose answer is replaced, to play a relay that lies. */
  readonly lies: Map<number, object>;
}

export interface LoopbackBeaconOptions {
  readonly scheme?: DrandBeacon["scheme"];
  /** Unix seconds of round 1; a past hour unless told. */
  readonly genesisTime?: number;
  /** Seconds from round to round; 1 unless told. */
  readonly period?: number;
  readonly secret?: string;
}

const domains = {
  "bls-unchained-g1-rfc9380": "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_",
  "pedersen-bls-chained": "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_",
} as const;

const sha256 = (...parts: readonly Uint8Array[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const u64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};

/**
 * A drand relay on loopback over a chain of its own: one real BLS key signs every round, and the chain's hash is made
 * as drand makes it. Rounds before their time are refused as drand does, with 425.
 */
export async function startDrand(options: LoopbackBeaconOptions = {}): Promise<LoopbackBeacon> {
  const {
    scheme = "bls-unchained-g1-rfc9380",
    genesisTime = Math.floor(Date.now() / 1000) - 3600,
    period = 1,
    secret = "slipmark loopback beacon",
  } = options;
  const { shortSignatures, longSignatures } = bls12_381;
  const key = sha256(Buffer.from(secret));
  // Below the order of the group, which begins with 0x73.
  key[0] = (key[0] as number) & 0x3f;
  const short = scheme === "bls-unchained-g1-rfc9380";
  const publicKey = (short ? shortSignatures.getPublicKey(key) : longSignatures.getPublicKey(key)).toBytes(
    true,
  );
  const genesisSeed = sha256(Buffer.from("genesis"), publicKey);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(period);
  const hash = hex(sha256(head, u64(genesisTime), publicKey, genesisSeed, Buffer.from("loopback")));
  const chain = {
    kind: "drand",
    chain: hash,
    publicKey: hex(publicKey),
    scheme,
    genesisTime,
    period,
  } as DrandChain;

  const signatures: Uint8Array[] = [genesisSeed];
  const sign = (round: number): DrandRound => {
    if (short) {
      const message = shortSignatures.hash(sha256(u64(round)), domains["bls-unchained-g1-rfc9380"]);
      const signature = shortSignatures.Signature.toBytes(shortSignatures.sign(message, key));
      return { round, signature: hex(signature), randomness: hex(sha256(signature)) };
    }
    for (let at = signatures.length; at <= round; at += 1) {
      const before = signatures[at - 1] as Uint8Array;
      const message = longSignatures.hash(sha256(before, u64(at)), domains["pedersen-bls-chained"]);
      signatures.push(longSignatures.Signature.toBytes(longSignatures.sign(message, key)));
    }
    const [previous, signature] = [signatures[round - 1] as Uint8Array, signatures[round] as Uint8Array];
    return {
      round,
      signature: hex(signature),
      randomness: hex(sha256(signature)),
      previous_signature: hex(previous),
    };
  };

  const lies = new Map<number, object>();
  const info = {
    public_key: chain.publicKey,
    period,
    genesis_time: genesisTime,
    hash,
    groupHash: hex(genesisSeed),
    schemeID: scheme,
    metadata: { beaconID: "loopback" },
  };
  const side = await startFarSide((request, response) => {
    const send = (status: number, value: object) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    const path = (request.url ?? "").replace(`/${hash}`, "");
    if (path === "/info") return send(200, info);
    const now = Math.floor((Date.now() / 1000 - genesisTime) / period) + 1;
    const [, named] = /^\/public\/(latest|\d+)$/.exec(path) ?? [];
    if (named === undefined) return send(404, { error: "not found" });
    const round = named === "latest" ? now : Number(named);
    const lie = lies.get(round);
    if (lie) return send(200, lie);
    if (round < 1 || round > now) return send(425, { error: "too early" });
    return send(200, sign(round));
  });
  return { ...side, chain, sign, lies, beacon: (round) => ({ ...chain, round }) as DrandBeacon };
}
