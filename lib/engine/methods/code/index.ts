import { ParseThreads } from "../../io/grammars/parse-parallel";
import { contentDigest } from "../../weights/sample-seed";
import { statisticsOf } from "../facts";
import type { Method, MethodInput, MethodOutcome } from "../method";
import { loadBackground } from "./background";
import { explainCode } from "./explain";
import { leftoversOf } from "./leftovers";
import { type Ancestor, loadAncestor } from "./load-ancestor";
import { type Loading, loadCode, type ReleaseCode } from "./load-code";
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

/** Releases loaded at a time: while one is put together, threads parse the next. */
const together = 2;

async function loadAll(input: MethodInput) {
  const { original, suspect, ancestors, controls } = input;
  const stop = new AbortController();
  const signal = input.signal ? AbortSignal.any([input.signal, stop.signal]) : stop.signal;
  const threads = new ParseThreads();
  const parts = new Array<number>(2 + ancestors.length + controls.length).fill(0);
  const loading = (release: number): Loading => ({
    signal,
    threads,
    onProgress(part) {
      parts[release] = part;
      input.onProgress?.((0.9 * parts.reduce((sum, one) => sum + one)) / parts.length);
    },
  });
  const [older, whole]: [Ancestor[], ReleaseCode[]] = [[], []];
  const loads = [
    ...ancestors.map((reader, at) => async () => {
      older[at] = await loadAncestor(reader, loading(at));
    }),
    ...[original, suspect, ...controls].map((reader, at) => async () => {
      whole[at] = await loadCode(reader, loading(ancestors.length + at));
    }),
  ].values();
  const loadSome = async () => {
    for (const load of loads) await load();
  };
  try {
    await Promise.all(Array.from({ length: together }, loadSome));
  } finally {
    stop.abort();
    await threads.close();
  }
  const [first, second, ...others] = whole as [ReleaseCode, ReleaseCode, ...ReleaseCode[]];
  return { original: first, suspect: second, ancestors: older, controls: others };
}

/** Controls that resemble a side as much as the two sides resemble each other. */
function falseFlags({ score, controls }: CodeStatistics): { observed: number; of: number } | null {
  if (score === null || controls.length === 0) return null;
  const scores = controls.flatMap(({ original, suspect }) => [original, suspect].filter((s) => s !== null));
  return { observed: scores.filter((s) => s >= score).length, of: scores.length };
}
