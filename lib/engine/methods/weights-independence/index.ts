import { calibration } from "../../statistics/calibration";
import { falseFlags } from "../../statistics/false-flags";
import { reason, statisticsOf } from "../facts";
import type { Method, MethodInput, MethodOutcome } from "../method";
import { explainIndependence } from "./explain";
import { type IndependenceFinding, thresholdLog10 } from "./measure";
import { independenceFinding, isMissing, openPair } from "./open-pair";
import { independenceReasons } from "./reasons";
import { independenceStatisticsSchema } from "./schema";

/** Not independent? An exact test on the numbering of neurons and of the residual stream's features (level 2A). */
export const weightsIndependence: Method<"weights/independence"> = {
  id: "weights/independence",
  version: "2",
  level: 2,
  run,
  explain: explainIndependence,
};

const nullHypothesis =
  "The matrices come from independent random initialisations, and at least one training is equivariant under permutation of neurons, so that the order of rows is exchangeable within each window of eight; for embeddings the same of the features of the residual stream.";

async function run(input: MethodInput): Promise<MethodOutcome<"weights/independence">> {
  const pair = await openPair(input);
  if (isMissing(pair)) {
    const reasons = pair.map((side) => reason("weights-not-readable", { side }));
    return outcome(null, "not-testable", reasons);
  }
  const finding = await independenceFinding(input, pair, input.onProgress);
  const says = verdict(finding);
  const alone = !passes(finding.neuronsLog10P);
  const given = input.ancestors.length;
  return outcome(finding, says, independenceReasons(finding.statistics, says, given, alone));
}

function verdict({ log10P }: IndependenceFinding): string {
  if (log10P === null) return "not-testable";
  return passes(log10P) ? "not-independent" : "no-evidence";
}

function passes(log10P: number | null): boolean {
  return log10P !== null && log10P <= thresholdLog10;
}

function outcome(
  finding: IndependenceFinding | null,
  says: string,
  reasons: MethodOutcome["reasons"],
): MethodOutcome<"weights/independence"> {
  const log10P = finding?.log10P ?? null;
  return {
    method: "weights/independence",
    version: "2",
    kind: "exact",
    null: nullHypothesis,
    statistics: finding ? statisticsOf(independenceStatisticsSchema, finding.statistics) : {},
    pValueLog10: log10P,
    threshold: log10P === null ? null : thresholdLog10,
    falseFlags: falseFlags(calibration.independence),
    says,
    reasons,
  };
}
