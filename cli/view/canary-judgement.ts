import {
  assumptionSentence,
  type Judgement,
  reachedSentence,
  reasonSentence,
  saysSentence,
} from "../../lib/engine/canary/judge";
import { fitted } from "./text";

const mostReferences = 20;

/** A judgement on a terminal. */
export function judgementText(result: Judgement): string {
  const reached = reachedSentence(result);
  const lines = [
    "",
    `${result.schema}  ${result.digest}`,
    "",
    saysSentence(result.says).en,
    ...(reached === null ? [] : [reached.en]),
    ...result.reasons.map((reason) => `  ${reasonSentence(reason).en}`),
    "",
    `both wrong on ${result.nBothWrong} of ${result.revealed} items, the same wrong answer on ${result.sameWrong}`,
    ...(result.hits === null
      ? []
      : [
          `drawn labels given: the suspect ${result.hits.suspect}, the original ${result.hits.original}; by chance about ${plain(result.hits.expected)} of ${result.terms.items}`,
        ]),
    ...pLines(result),
    ...references(result),
    ...help(result),
  ];
  return `${lines.join("\n")}\n`;
}

function pLines({ p, primary, terms }: Judgement): string[] {
  const lines: string[] = [];
  for (const name of ["secret", "robust", "rank", "panel"] as const) {
    const found = p[name];
    if (found === undefined) continue;
    const registered = terms.primary === name ? ", the registered statistic" : "";
    const floor = "floor" in found ? `, no claim below ${plain(found.floor)}` : "";
    lines.push(
      "",
      `p_${name}  ${plain(found.value)}  (log10 ${found.log10.toFixed(2)}; ${found.kind}${registered}${floor})`,
    );
    lines.push(`  ${assumptionSentence(found.assumption, found.claimed).en}`);
  }
  if (primary !== null) {
    const compared = primary.threshold === null ? "no threshold" : `threshold ${primary.threshold}`;
    lines.push("", `with everything it is multiplied by: ${plain(primary.value)}, ${compared}`);
  }
  return lines;
}

function references({ references: all }: Judgement): string[] {
  if (all.length === 0) return [];
  const left = all.length - mostReferences;
  return [
    "",
    `${fitted("reference", 32)}both wrong  the same`,
    ...all.slice(0, mostReferences).map((reference) => {
      const why = reference.excluded === null ? "" : `  left out: ${reference.excluded}`;
      const counts = `${String(reference.bothWrong).padStart(10)}${String(reference.sameWrong).padStart(10)}`;
      return `${fitted(reference.name, 32)}${counts}${why}`;
    }),
    ...(left > 0 ? [`and ${left} more`] : []),
  ];
}

function help({ whatWouldHelp }: Judgement): string[] {
  if (whatWouldHelp.length === 0) return [];
  return ["", "What would make it stronger:", ...whatWouldHelp.map((one) => `  ${reasonSentence(one).en}`)];
}

/** Three digits, whatever the size. */
function plain(value: number): string {
  return String(Number(value.toPrecision(3)));
}
