import type { DrandChain } from "@/lib/engine/canary";
import type { RequestBudget } from "@/lib/engine/io/net/request-budget";
import type { BlobStore } from "@/lib/platform/blobs";
import type { Clock } from "@/lib/platform/clock";
import type { Database } from "@/lib/platform/database";
import type { AskEndpoint } from "@/lib/platform/env/ask-endpoints";
import type { JobSender } from "@/lib/platform/jobs";

/** Who asks. Queries and policies decide by this alone. */
export type Viewer =
  | { readonly role: "anonymous"; readonly userId: null; readonly name: null }
  | { readonly role: "member" | "moderator" | "admin"; readonly userId: string; readonly name: string };

export const anonymous: Viewer = { role: "anonymous", userId: null, name: null };

/** Where and how releases are read: passed on to the engine's adapters. */
export interface SourceSettings {
  readonly hf: { readonly endpoint: string; readonly token: string | null };
  readonly github: { readonly endpoint: string; readonly token: string | null };
  /** Folder of the bounded read cache. */
  readonly cacheFolder: string;
  /** Size of that cache; the engine's default when left out. */
  readonly cacheBytes?: number;
  /** The instance's shared request budget; a budget of this process alone when left out. */
  readonly budget?: RequestBudget;
}

/** What a command needs besides its input. Tests build one; the site and the worker have one factory each. */
export interface Context {
  readonly db: Database;
  readonly clock: Clock;
  readonly viewer: Viewer;
  readonly jobs: JobSender;
  readonly blobs: BlobStore;
  readonly sources: SourceSettings;
  readonly settings: {
    readonly casePrefix: string;
    readonly publicOrigin: string;
    /** Weights up to this many bytes get a full fingerprint here; 20 GB when left out. */
    readonly fingerprintBytes?: number;
    /** Where rounds of drand are fetched, and chains that are trusted beside the known ones; the public relay when left out. */
    readonly drand?: { readonly relay: string; readonly trusted: readonly DrandChain[] };
    /** Endpoints of the operator's own that canary answers may be asked of; none when left out. Never their keys. */
    readonly askEndpoints?: readonly AskEndpoint[];
  };
}
