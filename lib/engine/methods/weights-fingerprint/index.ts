import type { FullFingerprint } from "../../fingerprint/schema";
import { log10 } from "../../statistics/elementary";
import { pairSeed } from "../../weights/sample-seed";
import { reason, statisticsOf } from "../facts";
import type { Method, MethodInput, MethodOutcome, Reason } from "../method";
import { compareEmbeddings, compareRowNorms, describeSides } from "./descriptive";
import { explainFingerprint } from "./explain";
import { reasonsOf } from "./reasons";
import { compareRoots } from "./roots";
import { searchRows } from "./row-search";
import { compareRows, hasRows } from "./rows";
import { type FingerprintStatistics, fingerprintStatisticsSchema } from "./schema";
import { type Side, sideOf, unreadable } from "./sides";
import { compareSketches } from "./sketches";
import { saysOf } from "./verdict";

/** p ≤ 1e-6 after the correction for models screened. */
const thresholdLog10 = -6;

export const nullHypothesis =
  "Given that each fingerprint was computed from the weights it names: the two sides come from independent random initialisations, and at least one training is permutation-equivariant, so that rows are locally exchangeable.";

/** A fingerprint on either side or as ancestor: what it says of the other, and how far that may be relied on. */
export const weightsFingerprint: Method<"weights/fingerprint"> = {
  id: "weights/fingerprint",
  version: "1",
  level: 1,
  appliesTo: (releases) => releases.some(({ kind }) => kind === "fingerprint"),
  run,
  explain: explainFingerprint,
};

type Whole = Side & { readonly full: FullFingerprint };
const isWhole = (side: Side | null): side is Whole => side?.full != null;

async function run(input: MethodInput): Promise<MethodOutcome<"weights/fingerprint">> {
  const given = [input.original, input.suspect, ...input.ancestors].some(
    ({ release }) => release.kind === "fingerprint",
  );
  if (!given) return untestable(reason("no-fingerprint"));
  const level = input.parameters.level;
  const open = async (readers: MethodInput["ancestors"], whole: boolean) => {
    const sides: (Side | null)[] = [];
    for (const reader of readers) sides.push(await sideOf(input, reader, { whole }));
    return sides;
  };
  const pair = await open([input.original, input.suspect], true);
  const [original, suspect] = pair as [Side | null, Side | null];
  if (original === null || suspect === null) {
    const side = original === null ? "original" : "suspect";
    return untestable(reason("side-unreadable", { side }));
  }
  const [ancestors, controls] = [await open(input.ancestors, true), await open(input.controls, false)];
  input.onProgress?.(0.2);

  // In an order that does not depend on who is called original, so that swapping finds the same.
  const swapped = suspect.content < original.content;
  const [a, b] = swapped ? [suspect, original] : [original, suspect];
  const seed = pairSeed(original.content, suspect.content, input.parameters.nonce);
  const options = { seed, swapped, signal: input.signal };
  const oneGiven = original.live === null || suspect.live === null;
  const rows =
    oneGiven && hasRows(a, level) && hasRows(b, level)
      ? await compareRows(
          a,
          b,
          controls.filter((side) => side === null || hasRows(side, level)),
          options,
        )
      : null;
  input.onProgress?.(0.6);
  const log10P = rows?.pooled ? corrected(rows.pooled.log10P, input.parameters.screened) : null;
  const found = log10P !== null && log10P <= thresholdLog10;
  const rowSearch =
    rows !== null && !found && level >= 2 ? await searchRows(a, b, controls, input.signal) : null;

  const older = ancestors.filter(isWhole);
  const whole = isWhole(original) && isWhole(suspect) ? ([original, suspect] as const) : null;
  const statistics: FingerprintStatistics = {
    sides: { original: original.about, suspect: suspect.about },
    ancestors: ancestors.map((side) => side?.about ?? unreadable),
    controls: controls.map((side) => side?.about ?? unreadable),
    ...describeSides(original, suspect),
    roots:
      whole &&
      compareRoots(
        whole[0].full,
        whole[1].full,
        older.map(({ full }) => full),
      ),
    sketches: whole && compareSketches(whole[0], whole[1], older),
    rowNorms: whole && compareRowNorms(whole[0], whole[1]),
    embeddings: whole && compareEmbeddings(whole[0].full, whole[1].full),
    rows,
    rowSearch,
  };
  const says = saysOf(statistics, found);
  return {
    method: "weights/fingerprint",
    version: "1",
    kind: log10P === null ? "descriptive" : "exact",
    null: log10P === null ? null : nullHypothesis,
    statistics: statisticsOf(fingerprintStatisticsSchema, statistics),
    pValueLog10: log10P,
    threshold: log10P === null ? null : thresholdLog10,
    falseFlags: null,
    says,
    reasons: reasonsOf(statistics, log10P),
  };
}

/** p times the number of models screened, rounded up as the tail is. */
function corrected(log10P: number, screened: number): number {
  const value = Math.ceil((log10P + log10(screened)) * 1e6) / 1e6;
  return value >= 0 ? 0 : value;
}

function untestable(why: Reason): MethodOutcome<"weights/fingerprint"> {
  return {
    method: "weights/fingerprint",
    version: "1",
    kind: "descriptive",
    null: null,
    statistics: {},
    pValueLog10: null,
    threshold: null,
    falseFlags: null,
    says: "not-testable",
    reasons: [why],
  };
}
