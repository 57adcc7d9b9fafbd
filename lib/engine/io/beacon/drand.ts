import {
  CanaryError,
  type DrandBeacon,
  type DrandChain,
  type DrandRound,
  parseChainInfo,
  parseRound,
  timeOfRound,
  verifyRound,
} from "../../canary";
import { EngineError } from "../../errors";
import { SourceClient } from "../net/source-client";
import type { SourceIo } from "../source/source-io";

const mostBytes = 16 * 1024;

export interface FetchedRound {
  /** As the relay sent it: what a third person needs to verify the nonce. */
  readonly round: DrandRound;
  /** 32 bytes in hex. */
  readonly nonce: string;
}

/**
 * A relay of drand (HTTP API v1) at `address`, with or without a chain's hash at its end. Nothing that a relay says is
 * believed: rounds are verified against the beacon's own key, descriptions against the chain's hash. The address was
 * given by whoever asks, so it may be on this machine; where it redirects to may not.
 */
export class DrandRelay {
  readonly #client: SourceClient;
  readonly #base: string;
  readonly #chain: string | null;

  constructor(address: string, io: SourceIo) {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url === null || !/^https?:$/.test(url.protocol))
      throw new EngineError("bad-input", `${address.slice(0, 200)} is not an http or https address`);
    const path = url.pathname.replace(/\/+$/, "");
    const [, before, chain] = /^(.*?)(?:\/([0-9a-f]{64}))?$/.exec(path) ?? [];
    this.#base = url.origin + (before ?? "");
    this.#chain = chain ?? null;
    this.#client = new SourceClient(io, { endpoint: this.#base, token: null });
  }

  /** The chain of the address, or of the relay's own choice. Throws CanaryError "bad-beacon", EngineError. */
  async chain(signal?: AbortSignal): Promise<DrandChain> {
    const found = parseChainInfo(
      await this.#get(this.#chain === null ? "/info" : `/${this.#chain}/info`, signal),
    );
    if (this.#chain !== null && found.chain !== this.#chain)
      throw new CanaryError("bad-beacon", "The relay describes another chain than the one asked for");
    return found;
  }

  /**
   * The round that a beacon names, verified. Throws CanaryError "round-not-yet" before its time without asking, else
   * "wrong-round", "bad-signature", "bad-beacon"; EngineError when the relay cannot be reached or does not have it.
   */
  async round(beacon: DrandBeacon, now: number, signal?: AbortSignal): Promise<FetchedRound> {
    const time = timeOfRound(beacon);
    if (now < time)
      throw new CanaryError(
        "round-not-yet",
        `Round ${beacon.round} of the beacon is published at ${new Date(time).toISOString()}`,
      );
    const round = parseRound(await this.#get(`/${beacon.chain}/public/${beacon.round}`, signal));
    return { round, nonce: verifyRound(beacon, round) };
  }

  async #get(path: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const { status, body } = await this.#client.get(new URL(this.#base + path), {
      maxBytes: mostBytes,
      ...(signal ? { signal } : {}),
    });
    if (status === 200) return body;
    const { host } = this.#client.base;
    throw new EngineError("source-unreachable", `${host}: answered ${status} for ${path}`, { host });
  }
}
