import type { Lookup } from "../net/guarded-dispatcher";
import type { RequestBudget } from "../net/request-budget";
import type { SourceLimits } from "../net/source-limits";

/** Where one kind of source lives. The token goes to this origin and to no other. */
export interface Endpoint {
  /** Origin and optional base path, e.g. "https://huggingface.co" or "http://127.0.0.1:4100". */
  readonly endpoint: string;
  readonly token: string | null;
}

/** Everything an adapter needs from outside; nothing is read from the environment. */
export interface SourceIo {
  readonly hf: Endpoint;
  readonly github: Endpoint;
  /** Folder of the shared on-disk cache; null reads everything afresh. */
  readonly cacheFolder: string | null;
  /**
   * Refuse repositories that not everybody may read. A server with a token must: it would publish what only its
   * owner was allowed to see. The command line reads whatever its user's own token opens.
   */
  readonly publicOnly?: boolean;
  readonly budget: RequestBudget;
  readonly limits: SourceLimits;
  readonly signal?: AbortSignal;
  /** Called with the bytes that arrived from the network or were read from a local file. */
  readonly onBytes?: (count: number) => void;
  /** Replaces the system's name resolution in tests. The address guard judges its answers all the same. */
  readonly lookup?: Lookup;
}

export const publicHubEndpoint = "https://huggingface.co";
export const publicGithubEndpoint = "https://api.github.com";
