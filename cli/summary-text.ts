import type { InputRelease, ResultDocument } from "../lib/engine/result/document";
import { readableBytes } from "./progress";

/** A result for people at a terminal: who, what was found by which method, what was renamed, the digest. */
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
    ...wrapped(summary.text.en, "          "),
  ];
  for (const method of methods) {
    lines.push("", `${method.method}@${method.version}  ${method.says}`);
    lines.push(...wrapped(method.explanation.en, "  "));
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

function wrapped(text: string, indent: string, width = 100): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = indent;
    for (const word of paragraph.split(/\s+/).filter(Boolean)) {
      if (line.length > indent.length && line.length + 1 + word.length > width) {
        lines.push(line);
        line = indent;
      }
      line += line.length === indent.length ? word : ` ${word}`;
    }
    if (line.length > indent.length) lines.push(line);
  }
  return lines;
}
