import { ParseThreads } from "../../io/grammars/parse-parallel";
import type { ReleaseReader } from "../../io/source/release";
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
import { runSet } from "./subtract";
import { verdict } from "./verdict";

/** The same program under other names? Function by function, with real grammars. */
export const code: Method<"code"> = {
  id: "code",
  version: "1",
  run,
  explain: explainCode,
};

async function run(input: MethodInput): Promise<MethodOutcome<"code">> {
  const { original, suspect, ancestors, controls } = await loadAll(input);
  const background = await loadBackground();
  const isKnown = (name: string) =>
    background.names(name) > 0 || ancestors.some(({ names }) => names.has(name));
  // Everything is computed in one fixed order of the two sides and named afterwards: swapping them changes no number.
  const swapped = contentDigest(input.original.release) > contentDigest(input.suspect.release);
  const statistics: CodeStatistics = await compareSides({
    original: { code: original, reader: input.original },
    suspect: { code: suspect, reader: input.suspect },
    ancestors: ancestors.map(({ runs }) => runs),
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

/** Of an ancestor only its runs and its names are kept: what it explains needs no more. */
async function loadAll(input: MethodInput) {
  const { ancestors, controls, signal } = input;
  const threads = new ParseThreads();
  const all = 2 + ancestors.length + controls.length;
  let at = 0;
  const load = async (reader: ReleaseReader) => {
    const before = at++;
    const progress = (part: number) => input.onProgress?.((0.9 * (before + part)) / all);
    return loadCode(reader, signal, progress, threads);
  };
  try {
    const older: { runs: Uint32Array; names: ReadonlySet<string> }[] = [];
    for (const reader of ancestors) {
      const loaded = await load(reader);
      older.push({ runs: runSet(loaded.index), names: namesOf(loaded) });
    }
    const [original, suspect] = [await load(input.original), await load(input.suspect)];
    const others: ReleaseCode[] = [];
    for (const reader of controls) others.push(await load(reader));
    return { original, suspect, ancestors: older, controls: others };
  } finally {
    await threads.close();
  }
}

/** Controls that resemble a side as much as the two sides resemble each other. */
function falseFlags({ score, controls }: CodeStatistics): { observed: number; of: number } | null {
  if (score === null || controls.length === 0) return null;
  const scores = controls.flatMap(({ original, suspect }) => [original, suspect].filter((s) => s !== null));
  return { observed: scores.filter((s) => s >= score).length, of: scores.length };
}
