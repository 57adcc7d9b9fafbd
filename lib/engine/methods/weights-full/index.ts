import { type FullRead, fullReadOf } from "../../weights/full-read";
import { reason, statisticsOf } from "../facts";
import type { Method, MethodInput, MethodOutcome, Reason } from "../method";
import { explainWeightsFull } from "./explain";
import { type WeightsFullStatistics, weightsFullStatisticsSchema } from "./schema";
import { weightsFullStatistics } from "./statistics";

/** Every byte of the weights of all sides: leaves, values, sketches. Descriptive. */
export const weightsFull: Method<"weights/full"> = {
  id: "weights/full",
  version: "2",
  level: 3,
  run,
  explain: explainWeightsFull,
};

export type WeightsFullSays = "all-bytes-equal" | "some-bytes-equal" | "no-bytes-equal" | "not-testable";

async function run(input: MethodInput): Promise<MethodOutcome<"weights/full">> {
  const read = (await fullReadOf(input)) ?? nothingRead;
  const statistics = weightsFullStatistics(read);
  return {
    method: "weights/full",
    version: "2",
    kind: "descriptive",
    null: null,
    statistics: statisticsOf(weightsFullStatisticsSchema, statistics),
    pValueLog10: null,
    threshold: null,
    falseFlags: null,
    says: verdict(read, statistics),
    reasons: reasonsFrom(read, statistics, input.ancestors.length),
  };
}

const noSide = { opened: false, tensors: new Map(), files: [] };
const nothingRead: FullRead = {
  original: noSide,
  suspect: noSide,
  ancestors: [],
  subtracted: [],
  pairs: [],
  unpaired: { original: 0, suspect: 0 },
};

function verdict(read: FullRead, { leaves, compared }: WeightsFullStatistics): WeightsFullSays {
  const { counted, equal, inAncestor } = leaves;
  if (!read.original.opened || !read.suspect.opened) return "not-testable";
  if (counted.original + counted.suspect === 0 && compared.pairs === 0) return "not-testable";
  const all = equal.original === counted.original && equal.suspect === counted.suspect;
  if (all && counted.original > 0 && counted.suspect > 0) return "all-bytes-equal";
  const own = equal.original - inAncestor.original + equal.suspect - inAncestor.suspect;
  return own > 0 ? "some-bytes-equal" : "no-bytes-equal";
}

function reasonsFrom(read: FullRead, statistics: WeightsFullStatistics, ancestors: number): Reason[] {
  const reasons: Reason[] = [];
  for (const side of ["original", "suspect"] as const) {
    const { files, bytes, tensors, leaves, incomplete } = statistics.read[side];
    if (!read[side].opened) reasons.push(reason("weights-not-readable", { side }));
    else reasons.push(reason("every-byte-read", { side, files, bytes, tensors, leaves }));
    if (incomplete > 0) reasons.push(reason("bytes-missing", { side, files: incomplete }));
  }
  const { counted, equal, inAncestor } = statistics.leaves;
  if (counted.original > 0 && counted.suspect > 0) {
    reasons.push(reason("leaves-equal", { counted, equal, inAncestor }));
  }
  const { pairs, elements, equal: same, cosine, difference } = statistics.compared;
  if (pairs > 0) {
    reasons.push(reason("values-compared", { pairs, elements, equal: same, cosine }));
    if (difference !== null && difference.sd > 0) reasons.push(reason("values-differ", { ...difference }));
  }
  if (statistics.notCompared > 0)
    reasons.push(reason("pairs-not-compared", { pairs: statistics.notCompared }));
  if (statistics.constructed > 0) {
    reasons.push(reason("pairs-computed-by-code", { pairs: statistics.constructed }));
  }
  const { unpaired, beyondAncestors } = statistics;
  if (unpaired.original + unpaired.suspect > 0) reasons.push(reason("tensors-unpaired", unpaired));
  if (ancestors === 0) reasons.push(reason("no-ancestor-given"));
  else if (!beyondAncestors || beyondAncestors.pairs === 0) reasons.push(reason("ancestors-not-subtracted"));
  else if (beyondAncestors.suspectOnOriginal === null) reasons.push(reason("nothing-beyond-ancestors"));
  else {
    const { ancestors: subtracted, pairs: tensors, suspectOnOriginal, rho, sizeRatio } = beyondAncestors;
    reasons.push(
      reason("beyond-ancestors", {
        ancestors: subtracted.length,
        tensors,
        ...suspectOnOriginal,
        rho,
        sizeRatio,
      }),
    );
  }
  return reasons;
}
