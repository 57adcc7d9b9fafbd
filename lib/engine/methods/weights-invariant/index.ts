import { calibration } from "../../statistics/calibration";
import { falseFlags } from "../../statistics/false-flags";
import { pairTensors } from "../../weights/pair-tensors";
import { reason, statisticsOf } from "../facts";
import type { Method, MethodInput, MethodOutcome } from "../method";
import { thresholdLog10 } from "../weights-independence/measure";
import { adoptedPlaces } from "../weights-independence/neuron-groups";
import { independenceFinding, isMissing, openPair } from "../weights-independence/open-pair";
import { explainInvariant } from "./explain";
import { type InvariantFinding, measureInvariant } from "./measure";
import { invariantReasons } from "./reasons";
import { invariantStatisticsSchema } from "./schema";

/** Disguised by symmetry? Neurons seen through tokens (2B), and searched for where they were renumbered (2C). */
export const weightsInvariant: Method<"weights/invariant"> = {
  id: "weights/invariant",
  version: "2",
  level: 2,
  run,
  explain: explainInvariant,
};

const nullHypothesis =
  "The matrices come from independent random initialisations, and at least one training is equivariant under permutation of neurons, so that the order of rows, seen through shared tokens, is exchangeable within each window of eight, apart from a small excess that is granted.";

async function run(input: MethodInput): Promise<MethodOutcome<"weights/invariant">> {
  const pair = await openPair(input);
  if (isMissing(pair)) {
    return outcome(
      null,
      pair.map((side) => reason("weights-not-readable", { side })),
    );
  }
  const independence = await independenceFinding(input, pair);
  const finding = await measureInvariant(
    {
      ...pair,
      places: adoptedPlaces(pairTensors(pair.a, pair.b).pairs),
      screened: input.parameters.screened,
      onProgress: input.onProgress,
      signal: input.signal,
    },
    independence,
  );
  return outcome(finding, invariantReasons(finding.statistics));
}

function verdict({ statistics: { search }, log10P }: InvariantFinding): string {
  if (log10P !== null && log10P <= thresholdLog10) return "not-independent";
  if (search?.found) return "not-independent-calibrated";
  if (search?.matchedRows) return "inconclusive";
  return log10P === null && search === null ? "not-testable" : "no-evidence";
}

function outcome(
  finding: InvariantFinding | null,
  reasons: MethodOutcome["reasons"],
): MethodOutcome<"weights/invariant"> {
  const says = finding === null ? "not-testable" : verdict(finding);
  const calibrated = says === "not-independent-calibrated" || says === "inconclusive";
  const log10P = calibrated ? null : (finding?.log10P ?? null);
  return {
    method: "weights/invariant",
    version: "2",
    kind: calibrated ? "calibrated" : "exact",
    null: calibrated ? null : nullHypothesis,
    statistics: finding ? statisticsOf(invariantStatisticsSchema, finding.statistics) : {},
    pValueLog10: log10P,
    threshold: log10P === null ? null : thresholdLog10,
    falseFlags: falseFlags(calibration.invariant),
    says,
    reasons,
  };
}
