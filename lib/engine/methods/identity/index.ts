import { weightFormat } from "../../formats/weight-files";
import { fullReadOf } from "../../weights/full-read";
import { reason, statisticsOf } from "../facts";
import type { Method, MethodInput, MethodOutcome, Reason } from "../method";
import { nullIfRefused } from "../refused-weights";
import { equalFiles } from "./equal-files";
import { explainIdentity } from "./explain";
import { jsonPairs } from "./json-files";
import { type IdentityStatistics, identityStatisticsSchema } from "./schema";
import { tensorReasons } from "./tensor-reasons";
import { tensorIdentity } from "./tensors";
import { equalsMakeTheModel, missingShards, weightPairs } from "./weight-pairs";

const maxListed = 1000;

/**
 * Are files the same bytes, or the same content in another layout? From listings, and small JSON files where needed; at
 * level 3 tensors too, from their Merkle roots.
 */
export const identity: Method<"identity"> = {
  id: "identity",
  version: "2",
  run,
  explain: explainIdentity,
};

async function run(input: MethodInput): Promise<MethodOutcome<"identity">> {
  const { original, suspect, ancestors } = input;
  const older = ancestors.map((reader) => reader.release);
  const equal = equalFiles(original.release, suspect.release, older);
  const missing = {
    original: (await missingShards(original, input.signal)).length,
    suspect: (await missingShards(suspect, input.signal)).length,
  };
  const read = await fullReadOf(input).catch(nullIfRefused);
  const incomplete = missing.original + missing.suspect > 0;
  const statistics: IdentityStatistics = {
    files: { original: original.release.files.length, suspect: suspect.release.files.length },
    equalFiles: equal.slice(0, maxListed),
    equalFilesNotListed: Math.max(0, equal.length - maxListed),
    jsonFiles: await jsonPairs(original, suspect, ancestors, input.signal),
    weights: weightPairs(original.release, suspect.release, older, incomplete),
    missingShards: missing,
    tensors: read === null ? null : tensorIdentity(read),
  };
  const reasons = reasonsFrom(statistics, equalsMakeTheModel(original.release, suspect.release));
  return {
    method: "identity",
    version: "2",
    kind: "descriptive",
    null: null,
    statistics: statisticsOf(identityStatisticsSchema, statistics),
    pValueLog10: null,
    threshold: null,
    falseFlags: null,
    says: verdict(reasons),
    reasons,
  };
}

function verdict(reasons: readonly Reason[]): string {
  const has = (code: string) => reasons.some((given) => given.code === code);
  if (has("all-weight-files-equal") || has("all-tensors-identical")) return "same-weights";
  if (has("some-weight-files-equal") || has("some-tensors-identical")) return "some-weights-same";
  return has("same-bytes") || has("same-content-reformatted") ? "same-files" : "nothing-same";
}

function reasonsFrom(statistics: IdentityStatistics, equalsMostOfBoth: boolean): Reason[] {
  const { equalFiles, jsonFiles, weights, missingShards, tensors } = statistics;
  const reasons: Reason[] = [];
  // A format that differs anywhere spoils "all": the sides then hold two copies that are not one model.
  const shared = weights.filter(({ files }) => files.original > 0 && files.suspect > 0);
  for (const pair of shared) {
    const facts = { format: pair.format, files: pair.files, equal: pair.equal };
    if (equalsMostOfBoth && pair.allEqual && shared.every(({ allEqual }) => allEqual)) {
      reasons.push(reason("all-weight-files-equal", { ...facts, inAncestor: pair.inAncestor }));
    } else if (pair.equal.original > 0) {
      reasons.push(reason("some-weight-files-equal", facts));
    }
  }
  reasons.push(...tensorReasons(tensors));
  for (const side of ["original", "suspect"] as const) {
    const shards = missingShards[side];
    if (shards > 0) reasons.push(reason("shards-not-listed", { side, shards }));
    else if (weights.every(({ files }) => files[side] === 0)) {
      reasons.push(reason("no-weight-files-listed", { side }));
    }
  }
  for (const file of equalFiles) {
    // Weight files have their own reason, one for all of them.
    if (file.common || weightFormat(file.original) !== null) continue;
    const { original, suspect, by, hash, size, inAncestor } = file;
    reasons.push(
      reason(inAncestor ? "same-bytes-as-ancestor" : "same-bytes", { original, suspect, by, hash, size }),
    );
  }
  for (const file of jsonFiles) {
    const { original, suspect, originalSize, suspectSize } = file;
    // Equal bytes that the listings could not show: one side states an LFS hash, the other a blob id.
    const listed = equalFiles.some((equal) => equal.original === original && equal.suspect === suspect);
    if (file.same === "bytes" && !listed) {
      reasons.push(reason("same-bytes", { original, suspect, by: "read", hash: null, size: originalSize }));
    }
    if (file.same === "content") {
      const code = file.inAncestor ? "same-content-as-ancestor" : "same-content-reformatted";
      reasons.push(reason(code, { original, suspect, originalSize, suspectSize }));
    }
    if (file.same === "unknown") reasons.push(reason("bytes-not-available", { original, suspect }));
  }
  return reasons;
}
