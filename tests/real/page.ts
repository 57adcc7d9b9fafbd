import type { ResultDocument } from "@/lib/engine/result/document";
import { type RealModel, type RealName, realModels } from "./models";
import { type RealPair, type RealTruth, type Verdict, verdictOf } from "./pairs";

/** One pair, compared in both orders at levels 2 and 3. */
export interface RealRow {
  readonly pair: RealPair;
  readonly sampled: ResultDocument;
  readonly whole: ResultDocument;
  /** Did the swapped comparison find the same, at both levels? */
  readonly symmetric: boolean;
}

const kinds: Readonly<Record<RealTruth, string>> = {
  "same-file": "The same file from two packages",
  "same-weights": "The same trained numbers in another export",
  versions: "Versions of one model",
  unrelated: "Unrelated models",
};

/** docs/REAL-MODELS.md. `words` says what the figures mean; it is kept beside this file, by hand. */
export function page(rows: readonly RealRow[], missing: readonly string[], words: string): string {
  const used = [...new Set(rows.flatMap(({ pair }) => [pair.original, pair.suspect]))];
  return `# Real models

Made by \`npm run real\` from tests/real: pretrained models as npm packages ship them. Do not edit by hand; the words
between the tables are kept in tests/real/words.md.

${counts(rows)}
${missing.length === 0 ? "" : `\nNot compared, because a package could not be had: ${missing.join("; ")}.\n`}
${words.trim()}

${(Object.keys(kinds) as RealTruth[]).map((kind) => section(kind, rows)).join("\n\n")}

## What each method had to say

Level 3. "Equal" and the cosine are means over the counted matrices of weights/aligned; 2A is the own index, 2B the
aligned embeddings (weights/independence, weights/invariant).

| original · suspect | identity | structure | aligned | matrices | equal | cosine | 2A | 2B, 2C | every byte |
|---|---|---|---|---|---|---|---|---|---|
${rows.map(methodLine).join("\n")}

## The files

| name | package | file | SHA-256 | |
|---|---|---|---|---|
${used.map(fileLine).join("\n")}
`;
}

function counts(rows: readonly RealRow[]): string {
  const of = (truths: readonly RealTruth[]) => rows.filter(({ pair }) => truths.includes(pair.truth));
  const verdicts = (some: readonly RealRow[], wanted: Verdict) =>
    some.filter(({ pair, whole }) => verdictOf(pair, whole.summary.relation) === wanted).length;
  const [same, other] = [of(["same-file", "same-weights"]), of(["unrelated"])];
  const flagged = other.filter(({ whole, sampled }) =>
    [whole, sampled].some(({ summary }) => summary.notIndependent === true),
  );
  return `- Pairs that hold the same trained numbers, found: **${verdicts(same, "right")} of ${same.length}**.
- Unrelated pairs called anything but independent or undecided: **${flagged.length} of ${other.length}**; called independent: ${verdicts(other, "right")}; left undecided: ${verdicts(other, "open")}.
- Versions of one model, where the truth is not published: ${of(["versions"]).length}, of which ${verdicts(of(["versions"]), "open")} are left undecided.
- Swapping the sides changed what was found in ${rows.filter(({ symmetric }) => !symmetric).length} of ${rows.length} pairs.`;
}

function section(kind: RealTruth, all: readonly RealRow[]): string {
  const rows = all.filter(({ pair }) => pair.truth === kind);
  return `## ${kinds[kind]}

| original · suspect | what is known | source | level 2 | level 3 | transformations | |
|---|---|---|---|---|---|---|
${rows.map(pairLine).join("\n")}`;
}

function pairLine({ pair, sampled, whole }: RealRow): string {
  const said = ({ summary }: ResultDocument) => {
    const parts = summary.groups.map(({ group, relation }) => `${group} ${relation}`);
    return parts.length > 1 ? `**${summary.relation}** (${parts.join(", ")})` : `**${summary.relation}**`;
  };
  return row([
    `${pair.original} · ${pair.suspect}`,
    pair.known,
    pair.source,
    said(sampled),
    said(whole),
    whole.summary.transformations.join(", ") || "–",
    verdictOf(pair, whole.summary.relation),
  ]);
}

interface Found {
  readonly tensors?: { readonly matrices?: number } | null;
  readonly equal?: number | null;
  readonly cosine?: number | null;
}

function methodLine({ pair, whole }: RealRow): string {
  const of = (id: string) => whole.methods.find(({ method }) => method === id);
  const aligned = (of("weights/aligned")?.statistics ?? {}) as Found;
  const figure = (value: number | null | undefined) => (value == null ? "–" : value.toFixed(3));
  const says = (id: string) => of(id)?.says ?? "–";
  return row([
    `${pair.original} · ${pair.suspect}`,
    says("identity"),
    says("architecture"),
    says("weights/aligned"),
    String(aligned.tensors?.matrices ?? "–"),
    figure(aligned.equal),
    figure(aligned.cosine),
    says("weights/independence"),
    says("weights/invariant"),
    says("weights/full"),
  ]);
}

function fileLine(name: RealName): string {
  const model: RealModel = realModels[name];
  const from = `${model.package}@${model.version}`;
  return row([name, `\`${from}\``, `\`${model.path}\``, `\`${model.sha256.slice(0, 16)}…\``, model.about]);
}

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
