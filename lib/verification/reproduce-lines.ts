import { publicHubEndpoint } from "@/lib/engine/io/source/source-io";
import { isLoopbackHost } from "@/lib/platform/http/loopback-host";
import type { ReproduceLines } from "./dto";

/** The exact lines a stranger types. They name the engine build that made the result, by its SHA-256. */
export function reproduceLines(of: {
  readonly origin: string;
  readonly runId: string;
  readonly build: string;
  readonly hfEndpoint: string;
}): ReproduceLines {
  const result = `${of.origin}/api/v1/runs/${of.runId}/result`;
  const hub = localHub(of.origin, of.hfEndpoint);
  const engine = `slipmark-${of.build.slice(0, 12)}.mjs`;
  return {
    fetchEngine: `curl -fsSL -o ${engine} ${of.origin}/cli/${of.build}.mjs && echo "${of.build}  ${engine}" | sha256sum -c`,
    fromRepositories: `${hub}node ${engine} reproduce ${result}`,
    fromCapsule: `curl -fsSL -o ${of.runId}.tar ${of.origin}/api/v1/runs/${of.runId}/capsule && node ${engine} reproduce ${result} --capsule ${of.runId}.tar`,
    inClone: `${hub}npx --no-install slipmark reproduce ${result}`,
  };
}

/** An instance on loopback reads an example Hub that only its own machine reaches: the line must name it too. */
function localHub(origin: string, hfEndpoint: string): string {
  const isLocal = isLoopbackHost(new URL(origin).hostname);
  return isLocal && hfEndpoint !== publicHubEndpoint ? `HF_ENDPOINT=${hfEndpoint} ` : "";
}
