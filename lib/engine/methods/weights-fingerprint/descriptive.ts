import { unpackFloats } from "../../fingerprint/packed";
import { type Fingerprint, type FullFingerprint, sketchWidth } from "../../fingerprint/schema";
import { candidateDistance, hammingDistance } from "../../fingerprint/simhash";
import { estimatedJaccard } from "../../fingerprint/token-hashes";
import { median } from "../../statistics/bootstrap";
import { rounded } from "../../statistics/round";
import { pairTensors } from "../../weights/pair-tensors";
import type { FingerprintStatistics } from "./schema";
import type { Side } from "./sides";
import { dot, withInterval } from "./sketches";

type Described = Pick<FingerprintStatistics, "structure" | "tokenizerJaccard" | "programs" | "simhash">;

/** What every fingerprint says, full or light: structure, tokenizer, program files and SimHash. */
export function describeSides({ known: a }: Side, { known: b }: Side): Described {
  const theirs = new Set(b.code);
  return {
    structure: a.structure === b.structure ? "same" : "different",
    tokenizerJaccard:
      a.tokenizer && b.tokenizer ? estimatedJaccard(a.tokenizer.hashes, b.tokenizer.hashes) : null,
    programs: {
      original: a.code.length,
      suspect: b.code.length,
      shared: a.code.filter((id) => theirs.has(id)).length,
    },
    simhash: compareSimhashes(a, b),
  };
}

function compareSimhashes(a: Fingerprint, b: Fingerprint): FingerprintStatistics["simhash"] {
  const whole = [a, b].map((side) => ("simhash" in side ? side.simhash : null));
  const [x, y] = whole.includes(null) ? [a.sampledSimhash, b.sampledSimhash] : whole;
  if (!x || !y) return null;
  const distance = hammingDistance(x, y);
  return {
    of: whole.includes(null) ? "sampled" : "whole",
    distance,
    candidate: distance <= candidateDistance,
  };
}

/** How far the quantiles of paired matrices' row norms lie apart: a profile, which unrelated models may share. */
export function compareRowNorms(
  a: Side & { readonly full: FullFingerprint },
  b: Side & { readonly full: FullFingerprint },
): FingerprintStatistics["rowNorms"] {
  const byName = ({ full }: { readonly full: FullFingerprint }) =>
    new Map(full.tensors.map((tensor) => [tensor.name, tensor.rowNorms]));
  const [mine, theirs] = [byName(a), byName(b)];
  const differences: number[] = [];
  for (const { original, suspect } of pairTensors(a.table, b.table).pairs) {
    const [x, y] = [mine.get(original.name), theirs.get(suspect.name)];
    if (!x || !y || original.rows < 2) continue;
    let [apart, size] = [0, 0];
    for (const [at, norm] of x.entries()) {
      apart += Math.abs(norm - (y[at] as number));
      size += (norm + (y[at] as number)) / 2;
    }
    if (size > 0) differences.push(apart / size);
  }
  if (differences.length === 0) return null;
  return { tensors: differences.length, medianDifference: rounded(median(differences)) };
}

export function compareEmbeddings(
  a: FullFingerprint,
  b: FullFingerprint,
): FingerprintStatistics["embeddings"] {
  if (!a.embeddings || !b.embeddings) return null;
  const [x, y] = [a.embeddings, b.embeddings].map(({ sketch }) => unpackFloats(sketch, sketchWidth));
  if (!x || !y) return null;
  const squares = dot(x, x) * dot(y, y);
  if (!(squares > 0)) return null;
  return {
    anchors: { original: a.embeddings.anchors, suspect: b.embeddings.anchors },
    cosine: withInterval(dot(x, y) / Math.sqrt(squares)),
  };
}
