/** The engine's door to network and disk. Everything else in lib/engine is pure. */
export { type Capsule, openCapsule } from "./capsule/open-capsule";
export { type CapsuleContent, writeCapsule } from "./capsule/write-capsule";
export {
  createLocalBudget,
  type RateFacts,
  type RequestBudget,
  unlimitedBudget,
} from "./net/request-budget";
export { defaultLimits, type SourceLimits } from "./net/source-limits";
export { MemoryBlobs, type RecordedRange, type ReleasePlace, recordReads } from "./record-reads";
export { openRelease } from "./source/open-release";
export type { ListedFile, PinnedRelease, ReleaseReader, SourceKind } from "./source/release";
export { type RepositoryFacts, repositoryFacts } from "./source/repository-facts";
export { type Endpoint, publicGithubEndpoint, publicHubEndpoint, type SourceIo } from "./source/source-io";
export { formatSourceSpec, parseSourceSpec, type SourceSpec } from "./source/spec";
