import { githubFacts } from "./github/github-facts";
import { hubFacts } from "./hub/hub-facts";
import type { SourceIo } from "./source-io";
import type { SourceSpec } from "./spec";

/** What a host says about a repository at the moment of asking. Not part of any digest. */
export interface RepositoryFacts {
  readonly likes: number | null;
  readonly downloads: number | null;
  /** Licence identifier as the host states it. */
  readonly licence: string | null;
  /** ISO 8601, UTC. */
  readonly lastModified: string | null;
}

export async function repositoryFacts(spec: SourceSpec, io: SourceIo): Promise<RepositoryFacts> {
  if (spec.kind === "hf") return hubFacts(spec, io);
  if (spec.kind === "github") return githubFacts(spec, io);
  return { likes: null, downloads: null, licence: null, lastModified: null };
}
