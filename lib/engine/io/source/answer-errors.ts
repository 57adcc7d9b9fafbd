import { EngineError } from "../../errors";

export function privateOrGated(repository: string): EngineError {
  return new EngineError("private-or-gated", `${repository} is private, gated, or does not exist`, {
    repository,
  });
}

export function unknownRepository(repository: string): EngineError {
  return new EngineError("unknown-repository", `There is no repository ${repository}`, { repository });
}

export function unknownRevision(repository: string, revision: string): EngineError {
  return new EngineError("unknown-revision", `${repository} has no revision ${revision}`, {
    repository,
    revision,
  });
}

export function unexpectedAnswer(host: string, what: string): EngineError {
  return new EngineError("source-unreachable", `${host}: ${what}`, { host, reason: what });
}
