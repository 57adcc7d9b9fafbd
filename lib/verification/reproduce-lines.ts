import type { ReproduceLines } from "./dto";

/** The exact lines a stranger types. They name the engine build that made the result, by its SHA-256. */
export function reproduceLines(of: {
  readonly origin: string;
  readonly runId: string;
  readonly build: string;
}): ReproduceLines {
  const result = `${of.origin}/api/v1/runs/${of.runId}/result`;
  const engine = `slipmark-${of.build.slice(0, 12)}.mjs`;
  return {
    fetchEngine: `curl -fsSL -o ${engine} ${of.origin}/cli/${of.build}.mjs && echo "${of.build}  ${engine}" | sha256sum -c`,
    fromRepositories: `node ${engine} reproduce ${result}`,
    fromCapsule: `curl -fsSL -o ${of.runId}.tar ${of.origin}/api/v1/runs/${of.runId}/capsule && node ${engine} reproduce ${result} --capsule ${of.runId}.tar`,
    inClone: `npx --no-install slipmark reproduce ${result}`,
  };
}
