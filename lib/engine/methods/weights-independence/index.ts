import { calibration } from "../../statistics/calibration";
import { openWeights } from "../../weights/open-weights";
import type { ReleaseWeights } from "../../weights/release-weights";
import { contentDigest, pairSeed } from "../../weights/sample-seed";
import { reason, statisticsOf } from "../facts";
import type { Method, MethodInput, MethodOutcome } from "../method";
import { explainIndependence } from "./explain";
import { type IndependenceFinding, measureIndependence, thresholdLog10 } from "./measure";
import { independenceReasons } from "./reasons";
import { independenceStatisticsSchema } from "./schema";

/** Not independent? An exact test on the numbering of neurons (level 2A). */
export const weightsIndependence: Method<"weights/independence"> = {
  id: "weights/independence",
  version: "1",
  level: 2,
  run,
  explain: explainIndependence,
};

const nullHypothesis =
  "The matrices come from independent random initialisations, and at least one training is equivariant under permutation of neurons, so that the order of rows is exchangeable within each window of eight.";

async function run(input: MethodInput): Promise<MethodOutcome<"weights/independence">> {
  const { original, suspect, ancestors, controls, parameters, signal } = input;
  const [mine, theirs] = await Promise.all([openWeights(original, signal), openWeights(suspect, signal)]);
  const missing = [mine === null ? ["original"] : [], theirs === null ? ["suspect"] : []].flat();
  if (mine === null || theirs === null) {
    return outcome(
      null,
      "not-testable",
      missing.map((side) => reason("weights-not-readable", { side })),
    );
  }
  const digests = [contentDigest(original.release), contentDigest(suspect.release)] as const;
  const swapped = digests[0] > digests[1];
  const finding = await measureIndependence({
    a: swapped ? theirs : mine,
    b: swapped ? mine : theirs,
    swapped,
    seed: pairSeed(digests[0], digests[1], parameters.nonce),
    ancestors: (await Promise.all(ancestors.map((reader) => openWeights(reader, signal)))).filter(
      (weights): weights is ReleaseWeights => weights !== null,
    ),
    controls: await Promise.all(controls.map((reader) => openWeights(reader, signal))),
    screened: parameters.screened,
    onProgress: input.onProgress,
    signal,
  });
  const says = verdict(finding);
  return outcome(finding, says, independenceReasons(finding.statistics, says, ancestors.length));
}

function verdict({ log10P }: IndependenceFinding): string {
  if (log10P === null) return "not-testable";
  return log10P <= thresholdLog10 ? "not-independent" : "no-evidence";
}

function outcome(
  finding: IndependenceFinding | null,
  says: string,
  reasons: MethodOutcome["reasons"],
): MethodOutcome<"weights/independence"> {
  const log10P = finding?.log10P ?? null;
  return {
    method: "weights/independence",
    version: "1",
    kind: "exact",
    null: nullHypothesis,
    statistics: finding ? statisticsOf(independenceStatisticsSchema, finding.statistics) : {},
    pValueLog10: log10P,
    threshold: log10P === null ? null : thresholdLog10,
    falseFlags: calibration.independence.of > 0 ? { ...calibration.independence } : null,
    says,
    reasons,
  };
}
