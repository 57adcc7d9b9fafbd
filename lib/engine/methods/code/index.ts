import { contentDigest } from "../../weights/sample-seed";
import { statisticsOf } from "../facts";
import type { Method, MethodInput, MethodOutcome } from "../method";
import { loadBackground } from "./background";
import { explainCode } from "./explain";
import { leftoversOf, namesOf } from "./leftovers";
import { loadCode, type ReleaseCode } from "./load-code";
import { codeReasons } from "./reasons";
import { type CodeStatistics, codeStatisticsSchema } from "./schema";
import { compareSides } from "./statistics";
import { verdict } from "./verdict";

/** The same program under other names? Function by function, with real grammars. */
export const code: Method<"code"> = {
  id: "code",
  version: "1",
  run,
  explain: explainCode,
};

async function run(input: MethodInput): Promise<MethodOutcome<"code">> {
  const releases = [input.original, input.suspect, ...input.ancestors, ...input.controls];
  const loaded: ReleaseCode[] = [];
  for (const [at, reader] of releases.entries()) {
    const progress = (part: number) => input.onProgress?.((0.9 * (at + part)) / releases.length);
    loaded.push(await loadCode(reader, input.signal, progress));
  }
  const [original, suspect] = [loaded[0] as ReleaseCode, loaded[1] as ReleaseCode];
  const ancestors = loaded.slice(2, 2 + input.ancestors.length);
  const controls = loaded.slice(2 + input.ancestors.length);
  const background = await loadBackground();
  const known = ancestors.map(namesOf);
  const isKnown = (name: string) => background.names(name) > 0 || known.some((names) => names.has(name));
  // Everything is computed in one fixed order of the two sides and named afterwards: swapping them changes no number.
  const swapped = contentDigest(input.original.release) > contentDigest(input.suspect.release);
  const statistics: CodeStatistics = await compareSides({
    original: { code: original, reader: input.original },
    suspect: { code: suspect, reader: input.suspect },
    ancestors,
    controls,
    background,
    swapped,
    leftovers: {
      original: leftoversOf(original, suspect, isKnown),
      suspect: leftoversOf(suspect, original, isKnown),
    },
    ...(input.signal ? { signal: input.signal } : {}),
  });
  const says = verdict(statistics);
  return {
    method: "code",
    version: "1",
    kind: controls.length > 0 ? "calibrated" : "descriptive",
    null: null,
    statistics: statisticsOf(codeStatisticsSchema, statistics),
    pValueLog10: null,
    threshold: null,
    falseFlags: falseFlags(statistics),
    says,
    reasons: codeReasons(statistics, says),
  };
}

/** Controls that resemble a side as much as the two sides resemble each other. */
function falseFlags({ score, controls }: CodeStatistics): { observed: number; of: number } | null {
  if (score === null || controls.length === 0) return null;
  const scores = controls.flatMap(({ original, suspect }) => [original, suspect].filter((s) => s !== null));
  return { observed: scores.filter((s) => s >= score).length, of: scores.length };
}
