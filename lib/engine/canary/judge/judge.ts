import { canonical, hex, utf8 } from "../../log";
import { sha256 } from "../../log/hashing";
import { exp, log10 } from "../../statistics/elementary";
import { rounded } from "../../statistics/round";
import { normaliserVersion } from "../normalise";
import { simplifiedFold } from "../simplified";
import { canaryJudgeAbout } from "./about";
import type { Coded } from "./agreement";
import { Coder, type Column, folds } from "./coding";
import { type Decision, decide } from "./decide";
import { editDistance } from "./edit-distance";
import { explain } from "./explain";
import { type AnswerSet, isClaimed, type JudgedItem, type JudgeInput } from "./input";
import { type Measured, measure } from "./measure";
import { canaryResultSchemaName, type Judgement, type Mark } from "./schema";

/**
 * Judges one suspect's answers to one set: a pure function of its input, the same on every machine to the last digit of
 * its digest. Throws CanaryError for inputs that contradict themselves: other normalisers, unknown or repeated ids, items
 * without truth, sizes that differ, impossible statistics.
 */
export function judge(input: JudgeInput): Judgement {
  const measured = measure(input);
  const decision = decide(input, measured);
  const document = documentOf(input, measured, decision);
  return {
    ...document,
    digest: canaryDigest(document),
    explanation: explain(document),
  };
}

type UndigestedJudgement = Omit<Judgement, "digest" | "explanation">;

/** "sha256:" + SHA-256 of the canonical JSON of all but the sentences. */
function canaryDigest(document: UndigestedJudgement): string {
  const { digest: _digest, explanation: _explanation, ...digested } = document as Judgement;
  return `sha256:${hex(sha256(utf8(canonical(JSON.parse(JSON.stringify(digested))))))}`;
}

function documentOf(input: JudgeInput, measured: Measured, decision: Decision): UndigestedJudgement {
  const { terms } = input;
  const { original, suspect, references, hits } = measured;
  const shown = decision.says !== "illustration" && decision.says !== "void";
  return {
    schema: canaryResultSchemaName,
    method: canaryJudgeAbout.id,
    version: canaryJudgeAbout.version,
    terms: {
      kind: terms.kind,
      items: terms.items,
      options: terms.options,
      primary: terms.primary,
      threshold: terms.threshold,
      normaliser: normaliserVersion,
      fold: terms.fold,
      needsReferences: terms.needsReferences,
      beacon: terms.beacon.kind,
    },
    nonce: input.nonce,
    draw: input.draw ?? "independent",
    answersAre: input.answersAre ?? "raw",
    order: { ok: input.order.ok, withheld: [...input.order.withheld] },
    declaredShared: measured.shared,
    original: answered(input.original, original),
    suspect: answered(input.suspect, suspect),
    revealed: input.items.length,
    unrevealed: measured.unrevealed,
    invalid: measured.invalid.length,
    nBothWrong: measured.nBothWrong,
    sameWrong: measured.sameWrong,
    hits: hits && { ...hits, expected: rounded(hits.expected) },
    p: shown ? pValues(input, measured) : {},
    primary: decision.primary && {
      ...decision.primary,
      ...logged(decision.primary.log10),
      floor: roundedOrNull(decision.primary.floor),
    },
    assumption: assumptionOf(terms.primary, input),
    authenticity: decision.authenticity,
    movesFinding: decision.movesFinding,
    references: references.map(
      ({ set, column, bothWrong, sameWrong, hits: own, matched, left, speaks, fixed }) => ({
        ...answered(set, column),
        family: set.family,
        origin: { ...set.origin },
        bothWrong,
        sameWrong,
        hits: own,
        matched,
        speaks,
        fixed,
        excluded: left?.excluded ?? null,
        excludedBy: left?.by ?? null,
      }),
    ),
    rows: rowsOf(input, measured),
    editDistance: meanDistance(measured),
    says: decision.says,
    reasons: [...decision.reasons],
    whatWouldHelp: [...decision.whatWouldHelp],
    table: tableOf(input, measured),
  };
}

function pValues(input: JudgeInput, { secretLog10, robust, rank, panel }: Measured): Judgement["p"] {
  const claimed = isClaimed(input.original) || isClaimed(input.suspect);
  return {
    ...(secretLog10 !== null && {
      secret: {
        ...logged(secretLog10),
        kind: kindOfSecret(input),
        assumption: assumptionOf("secret", input),
        claimed,
      },
    }),
    ...(robust !== null && {
      robust: {
        ...logged(robust.log10),
        kind: "calibrated" as const,
        assumption: assumptionOf("robust", input),
        claimed,
        floor: rounded(1 / (robust.families * robust.families)),
        families: robust.families,
        pairs: robust.pairs,
        mean: rounded(robust.mean),
        sd: rounded(robust.sd),
        tau: rounded(robust.tau),
        df: robust.df,
        expected: rounded(robust.expected),
      },
    }),
    ...(rank !== null && {
      rank: {
        ...logged(log10(rank.p)),
        kind: "exact" as const,
        assumption: assumptionOf("rank", input),
        claimed,
        floor: rounded(rank.floor),
        references: rank.references,
        atLeastAsClose: rank.atLeastAsClose,
      },
    }),
    ...(panel !== null && {
      panel: {
        ...logged(panel.log10),
        kind: "descriptive" as const,
        assumption: "panel",
        claimed,
        expected: rounded(panel.expected),
      },
    }),
  };
}

/** As exact as its draw: nobody vouches for a number that was handed over, or for a chain whose key may be anybody's. */
function kindOfSecret({ terms, nonceIs = "verified" }: JudgeInput): "exact" | "calibrated" | "conditional" {
  if (nonceIs !== "verified") return "conditional";
  return terms.beacon.kind === "drand" ? "exact" : "calibrated";
}

/** Which sentence stands beside a p. */
function assumptionOf(
  statistic: "secret" | "robust" | "rank",
  { terms, draw, nonceIs = "verified" }: JudgeInput,
): string {
  if (statistic !== "secret") return statistic;
  if (nonceIs !== "verified") return nonceIs === "given" ? "secret-given" : "secret-unknown-chain";
  if (draw === "permutation") return "secret-permuted";
  return terms.beacon.kind === "drand" ? "secret" : "secret-checkpoint";
}

/** Both ways of writing a p; the plain one is 0 where a double cannot hold it. */
function logged(log: number): { log10: number; value: number } {
  return { log10: rounded(log), value: rounded(Math.min(exp(log * Math.LN10), 1)) };
}

const roundedOrNull = (value: number | null) => (value === null ? null : rounded(value));

function answered({ name, weights, authenticity, transcript, answers }: AnswerSet, { marks }: Column) {
  const of = (wanted: Mark) => marks.reduce((sum, mark) => sum + (mark === wanted ? 1 : 0), 0);
  return {
    name,
    weights,
    authenticity,
    transcript,
    answersSha256: answersDigest(answers),
    right: of("right"),
    wrong: of("wrong"),
    blank: of("blank"),
    unstable: of("unstable"),
  };
}

/** SHA-256 of the answers as canonical JSON Lines, in the order of their ids, whatever order they came in. */
function answersDigest(answers: AnswerSet["answers"]): string {
  const lines = [...answers]
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    .map(({ id, answer, unstable }) => JSON.stringify(unstable ? { answer, id, unstable } : { answer, id }));
  return hex(sha256(utf8(lines.map((line) => `${line}\n`).join(""))));
}

/** The comparison under the other foldings beside the primary one. */
function rowsOf(input: JudgeInput, measured: Measured): Judgement["rows"] {
  const random = input.terms.kind === "random-label";
  const rows: Judgement["rows"] = [
    {
      row: "n1",
      by: normaliserVersion,
      nBothWrong: measured.nBothWrong,
      sameWrong: measured.sameWrong,
      hits: measured.hits?.suspect ?? null,
    },
  ];
  if (input.answersAre === "given") return rows;
  const others = [
    { row: "nfc" as const, by: "n1 with NFC", fold: folds.nfc },
    ...(input.terms.fold === "simplified"
      ? [{ row: "simplified" as const, by: simplifiedFold, fold: folds.simplified }]
      : []),
  ];
  for (const { row, by, fold } of others) {
    const coder = new Coder(measured.items, measured.truths, measured.missing, fold);
    const [original, suspect] = [coder.column(input.original).coded, coder.column(input.suspect).coded];
    let [nBothWrong, sameWrong, hits] = [0, 0, 0];
    for (let item = 0; item < original.length; item++) {
      const [a, b] = [original[item] as number, suspect[item] as number];
      if (b === 0) hits += 1;
      if (a <= 0 || b <= 0) continue;
      nBothWrong += 1;
      if (a === b) sameWrong += 1;
    }
    rows.push({ row, by, nBothWrong, sameWrong, hits: random ? hits : null });
  }
  return rows;
}

function meanDistance({ original, suspect, nBothWrong }: Measured): number | null {
  if (nBothWrong === 0) return null;
  let sum = 0;
  for (let item = 0; item < original.coded.length; item++) {
    if (original.marks[item] !== "wrong" || suspect.marks[item] !== "wrong") continue;
    const [a, b] = [original.given[item] as string, suspect.given[item] as string];
    sum += editDistance(folds.n1(a), folds.n1(b));
  }
  return rounded(sum / nBothWrong);
}

/** One row a committed item, in the order of the commitment; of one that counts as a miss there is nothing to show. */
function tableOf(
  { items: revealed, size }: JudgeInput,
  { items, invalid, truths, original, suspect, references }: Measured,
): Judgement["table"] {
  const ids = new Map(revealed.map(({ index, item }) => [index, item.id]));
  const bad = new Set(invalid);
  const positions = new Map(items.map(({ index }, at) => [index, at]));
  return Array.from({ length: size }, (_, index) => {
    const at = positions.get(index);
    if (at === undefined) return missedRow(index, ids.get(index) ?? `#${index}`, bad.has(index));
    const [own, other] = [original.coded[at] as number, suspect.coded[at] as number];
    return {
      index,
      id: (items[at] as JudgedItem).item.id,
      truth: truths[at] ?? null,
      original: shortened(original.given[at] as string),
      suspect: shortened(suspect.given[at] as string),
      marks: {
        original: original.marks[at] as Mark,
        suspect: suspect.marks[at] as Mark,
        same: own >= 0 && own === other,
        sameWrong: own > 0 && own === other,
        references: references.map(({ column }) => letterOf(column, at, original.coded)).join(""),
      },
    };
  });
}

function missedRow(index: number, id: string, invalid: boolean): Judgement["table"][number] {
  const mark: Mark = invalid ? "invalid" : "unrevealed";
  return {
    index,
    id,
    truth: null,
    original: "",
    suspect: "",
    marks: { original: mark, suspect: mark, same: false, sameWrong: false, references: "" },
  };
}

/** Answers are short; of one that is not, the table has the beginning, and the digest of the answers has it all. */
function shortened(answer: string): string {
  if (answer.length <= longestShown) return answer;
  const characters = [...answer];
  return characters.length <= longestShown ? answer : `${characters.slice(0, longestShown - 1).join("")}…`;
}

const longestShown = 200;

function letterOf({ coded, marks }: Column, at: number, original: Coded): string {
  if (marks[at] === "unstable") return "~";
  const code = coded[at] as number;
  if (code < 0) return "-";
  if (code === 0) return "r";
  return code === original[at] ? "s" : "w";
}
