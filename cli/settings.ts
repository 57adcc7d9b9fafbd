import { homedir } from "node:os";
import { join } from "node:path";
import { EngineError } from "../lib/engine/errors";
import { unlimitedBudget } from "../lib/engine/io/net/request-budget";
import { defaultLimits } from "../lib/engine/io/net/source-limits";
import { publicGithubEndpoint, publicHubEndpoint, type SourceIo } from "../lib/engine/io/source/source-io";

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of the ecosystems the sources belong to, and a cache folder of our own. */
export function sourceIoFrom(environment: Environment): SourceIo {
  return {
    hf: {
      endpoint: address(environment, "HF_ENDPOINT", publicHubEndpoint),
      token: secret(environment, "HF_TOKEN"),
    },
    github: {
      endpoint: address(environment, "GITHUB_API_URL", publicGithubEndpoint),
      token: secret(environment, "GITHUB_TOKEN"),
    },
    cacheFolder: cacheFolder(environment),
    budget: unlimitedBudget,
    limits: defaultLimits,
  };
}

function address(environment: Environment, name: string, otherwise: string): string {
  const value = environment[name]?.trim();
  if (!value) return otherwise;
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) {
    throw new EngineError("bad-input", `${name} must be an http or https address`, { name });
  }
  return value.replace(/\/+$/, "");
}

function secret(environment: Environment, name: string): string | null {
  const value = environment[name]?.trim();
  if (!value) return null;
  // Only what fits into a header; the value itself is never printed.
  if (!/^[\x21-\x7e]+$/.test(value)) throw new EngineError("bad-input", `${name} is not a token`, { name });
  return value;
}

function cacheFolder(environment: Environment): string | null {
  const own = environment.SLIPMARK_CACHE;
  if (own === "off") return null;
  if (own) return own;
  return join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "slipmark");
}
