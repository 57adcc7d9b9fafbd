import { rounded } from "../../statistics/round";
import { type CountedRuns, countedRuns } from "../../weights/counted";
import { statisticsOf } from "../facts";
import type { Json, Method, MethodInput, MethodOutcome, Reason } from "../method";
import { explainAligned } from "./explain";
import { alignedReasons } from "./reasons";
import { type AlignedStatistics, alignedStatisticsSchema } from "./schema";
import { alignedStatistics } from "./statistics";

/** What kind of change? Values at equal positions of both sides, ancestors taken out. Descriptive. */
export const weightsAligned: Method<"weights/aligned"> = {
  id: "weights/aligned",
  version: "2",
  level: 1,
  run,
  explain: explainAligned,
};

async function run(input: MethodInput): Promise<MethodOutcome<"weights/aligned">> {
  const counted = await countedRuns(input);
  return alignedOutcome(
    counted,
    { ancestors: input.ancestors.length, controls: input.controls.length },
    input.signal,
    input.onProgress,
  );
}

/** The outcome from counted runs; null where a side has no weights that can be read. */
export async function alignedOutcome(
  counted: CountedRuns | null,
  given: { readonly ancestors: number; readonly controls: number },
  signal?: AbortSignal,
  report?: (part: number) => void,
): Promise<MethodOutcome<"weights/aligned">> {
  const found = await alignedStatistics(counted ?? nothingRead, given, signal, report);
  return {
    method: "weights/aligned",
    version: "2",
    kind: "descriptive",
    null: null,
    statistics: statisticsOf(alignedStatisticsSchema, roundedAll(found.statistics) as AlignedStatistics),
    pValueLog10: null,
    threshold: null,
    falseFlags: null,
    says: found.says,
    reasons: roundedAll(
      alignedReasons(counted && found, {
        given: given.ancestors,
        unread: counted?.runs.ancestorsUnread ?? given.ancestors,
      }),
    ) as unknown as Reason[],
  };
}

const nothingRead: CountedRuns = {
  pairs: [],
  runs: {
    pairs: [],
    layerMaps: [],
    unpaired: { original: 0, suspect: 0 },
    unreadable: 0,
    codes: 0,
    expertsLeftOut: 0,
    ancestorsUnread: 0,
    resized: [],
    seed: "",
    weights: null,
  },
};

/** Every number as a result carries it. */
function roundedAll(value: unknown): Json {
  if (typeof value === "number") return rounded(value);
  if (Array.isArray(value)) return value.map(roundedAll);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, roundedAll(inner)]));
  return value as Json;
}
