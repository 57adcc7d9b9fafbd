import { groupName } from "../lib/engine/methods/sentences";
import type {
  InputRelease,
  MethodResult,
  ResultDocument,
  ResultSummary,
} from "../lib/engine/result/document";
import { readableBytes } from "./progress";
import { alignedView } from "./view/aligned";
import { codeView } from "./view/code";
import { independenceView, invariantView } from "./view/own-index";
import { boundOnP, figure, interval, wrapped } from "./view/text";

/** What a method's statistics look like; a method without a view has its sentences. */
const views: Readonly<Record<string, (statistics: unknown) => string[]>> = {
  "weights/aligned": alignedView,
  "weights/independence": independenceView,
  "weights/invariant": invariantView,
  code: codeView,
};

/** A result for people at a terminal: who, what was found by which method and what it looks like, the digest. */
export function summaryText(document: ResultDocument): string {
  const { inputs, methods, summary } = document;
  const lines = [
    "",
    `original  ${inputLine(inputs.original)}`,
    `suspect   ${inputLine(inputs.suspect)}`,
    ...inputs.ancestors.map((input) => `ancestor  ${inputLine(input)}`),
    ...inputs.controls.map((input) => `control   ${inputLine(input)}`),
    "",
    `relation  ${summary.relation}${notIndependent(summary.notIndependent)}`,
    ...measured(summary),
    ...wrapped(summary.text.en, "          "),
  ];
  for (const method of methods) {
    lines.push("", `${method.method}@${method.version}  ${method.says}`, ...pOf(method));
    lines.push(...wrapped(method.explanation.en, "  "));
    lines.push(...(views[method.method]?.(method.statistics) ?? []));
  }
  const renames = Object.entries(summary.renameMap);
  if (renames.length > 0) {
    lines.push("", "renamed (original → suspect)", ...renames.map(([from, to]) => `  ${from} → ${to}`));
  }
  const read = readableBytes(document.bytesRead.original + document.bytesRead.suspect);
  const total = readableBytes(document.bytesTotal.original + document.bytesTotal.suspect);
  lines.push("", `read      ${read} of ${total}`, `digest    ${document.digest}`);
  if (document.build !== null) lines.push(`build     ${document.build}`);
  return `${lines.join("\n")}\n`;
}

function inputLine(input: InputRelease): string {
  const name = input.repository ?? input.folder ?? "(a folder)";
  const commit = input.commit === null ? "no commit" : input.commit;
  return `${input.kind === "folder" || input.kind === "fingerprint" ? "" : `${input.kind}:`}${name} @ ${commit}, ${input.files.length} files`;
}

function notIndependent(value: boolean | null): string {
  if (value === null) return "";
  return value ? " (not independent)" : " (nothing speaks against independence)";
}

/** Figures of the summary, where there are any, and each part of the model with its own relation. */
function measured({ alpha, noiseSigma, closest, groups }: ResultSummary): string[] {
  return [
    ...(closest === "unknown" ? [] : [`closest   ${closest === "original" ? "each other" : closest}`]),
    ...(alpha ? [`alpha     ${interval(alpha)}`] : []),
    ...(noiseSigma === null ? [] : [`noise     σ ${figure(noiseSigma)}`]),
    ...(groups.length < 2
      ? []
      : wrapped(
          groups
            .map(({ group, tensors, relation }) => `${groupName(group).en} (${tensors}): ${relation}`)
            .join("; "),
          "          ",
        ).map((line, index) => (index === 0 ? `parts     ${line.trimStart()}` : line))),
  ];
}

/** p under its null, and the flags observed among pairs known to be unrelated: two numbers, never one. */
function pOf({ pValueLog10, threshold, falseFlags }: MethodResult): string[] {
  if (pValueLog10 === null) return [];
  const flags =
    falseFlags === null
      ? "no panel of unrelated pairs has been run"
      : `${falseFlags.observed} of ${falseFlags.of} pairs known to be unrelated flagged`;
  return [
    `  p ≤ ${boundOnP(pValueLog10)}${threshold === null ? "" : ` (threshold ${boundOnP(threshold)})`}; ${flags}`,
  ];
}
