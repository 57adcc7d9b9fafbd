import { loadStructure } from "../../formats/structure-table";
import type { TensorTable } from "../../formats/tensor-table";
import { statisticsOf } from "../facts";
import type { Method, MethodInput, MethodOutcome } from "../method";
import { configStatistics, readConfig } from "./config-edits";
import { explainArchitecture } from "./explain";
import { leftoverNames, totals } from "./leftovers";
import { architectureReasons } from "./reasons";
import { type ArchitectureStatistics, architectureStatisticsSchema } from "./schema";
import { compareStructures } from "./structure";
import { transformations } from "./transformations";

/** The same structure under other names? From headers, index and config alone. No power about weights. */
export const architecture: Method<"architecture"> = {
  id: "architecture",
  version: "1",
  run,
  explain: explainArchitecture,
};

async function run(input: MethodInput): Promise<MethodOutcome<"architecture">> {
  const { signal } = input;
  const original = await loadStructure(input.original, signal);
  const suspect = await loadStructure(input.suspect, signal);
  const configs = [
    await readConfig(input.original, signal),
    await readConfig(input.suspect, signal),
  ] as const;
  const structure = original && suspect ? compareStructures(original, suspect) : null;
  const says = structure === null ? "not-testable" : verdict(structure);
  const alike = says === "same-structure" || says === "comparable";
  const { match, ...compared } = structure ?? { ...nothingCompared, match: null };
  const statistics: ArchitectureStatistics = {
    tensors: sides(original, suspect, (table) => table.tensors.size),
    shapesKnown: { original: original?.shapesKnown ?? false, suspect: suspect?.shapesKnown ?? false },
    shards: sides(original, suspect, (table) => table.shards),
    ...compared,
    transformations:
      original && suspect && match && alike ? transformations(original, suspect, match, configs) : [],
    totals: totals(original, suspect),
    config: await configStatistics(configs[0], configs[1], input),
    leftoverNames: await leftoverNames(input),
  };
  return {
    method: "architecture",
    version: "1",
    kind: "descriptive",
    null: null,
    statistics: statisticsOf(architectureStatisticsSchema, statistics),
    pValueLog10: null,
    threshold: null,
    falseFlags: null,
    says,
    reasons: architectureReasons(statistics, input.ancestors.length),
  };
}

/**
 * same-structure: every tensor of both sides has its partner and no known shape contradicts. comparable: half or more
 * of the larger side has a partner whose known shape agrees. The threshold only chooses a word.
 */
function verdict({ paired, unpairedCount, shapes }: ReturnType<typeof compareStructures>): string {
  const unpaired = Math.max(unpairedCount.original, unpairedCount.suspect);
  if (unpaired === 0 && shapes.different === 0) return "same-structure";
  return paired - shapes.different >= (paired + unpaired) / 2 ? "comparable" : "different";
}

function sides(
  original: TensorTable | null,
  suspect: TensorTable | null,
  of: (table: TensorTable) => number,
): { original: number | null; suspect: number | null } {
  return { original: original && of(original), suspect: suspect && of(suspect) };
}

const nothingCompared = {
  paired: 0,
  unchanged: [],
  renames: [],
  unpaired: { original: [], suspect: [] },
  unpairedCount: { original: 0, suspect: 0 },
  shapes: { equal: 0, different: 0, unknown: 0 },
  dtypesDifferent: 0,
  matrixShapeJaccard: null,
  layers: [],
  groups: [],
} satisfies Omit<ReturnType<typeof compareStructures>, "match">;
