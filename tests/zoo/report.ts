import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ResultDocument } from "@/lib/engine/result/document";
import { calibration } from "@/lib/engine/statistics/calibration";
import { zooPairs } from "./pairs";
import { comparePair, transformationErrors } from "./table/compare-pair";
import type { TruthKind, ZooPair } from "./truth";

/**
 * npm run zoo:report: compares every pair of the zoo (each once; the table test covers the other order) and writes
 * docs/CALIBRATION.md. About three minutes.
 */
const target = fileURLToPath(new URL("../../docs/CALIBRATION.md", import.meta.url));

interface Row {
  readonly pair: ZooPair;
  readonly result: ResultDocument;
}

const rows: Row[] = [];
for (const [index, pair] of zooPairs.entries()) {
  if (index % 2 === 0) rows.push({ pair, result: await comparePair(pair) });
}
writeFileSync(target, page(rows));

function page(all: readonly Row[]): string {
  const kinds: readonly TruthKind[] = ["same", "copy", "tuned", "siblings", "same-start", "independent"];
  const innocent = all.filter(({ pair }) =>
    ["siblings", "same-start", "independent"].includes(pair.truth.kind),
  );
  const flagged = innocent.filter(({ result }) => /^(?:derived|identical)$/.test(result.summary.relation));
  const related = all.filter(({ pair }) => ["same", "copy", "tuned"].includes(pair.truth.kind));
  const found = related.filter(({ result }) =>
    /^(?:derived|identical|related)$/.test(result.summary.relation),
  );
  const judged = related.filter(({ pair }) => pair.truth.transformations !== null);
  const right = judged.filter(({ pair, result }) => transformationErrors(pair, result).length === 0);
  return `# Calibration

Made by \`npm run zoo:report\` from the lineage zoo (tests/zoo): small Llama-shaped models, really trained, whose descent
is known by construction. Do not edit by hand.

- Innocent pairs called derived or identical: **${flagged.length} of ${innocent.length}** (95 % bound by the rule of three: ${bound(flagged.length, innocent.length)}).
- Pairs of which one comes from the other, found as related or more: **${found.length} of ${related.length}**.
- Their transformations named right, none missed and none added: **${right.length} of ${judged.length}**. Not judged: ${related.length - judged.length}
  (${related
    .filter(({ pair }) => pair.truth.transformations === null)
    .map(({ pair }) => pair.truth.note)
    .join("; ")}), because no word of the closed list fits or because nothing given can tell.
- Null of weights/independence, disjoint pairs of independently trained micro models: ${flags(calibration.independence)}.
- Null of weights/invariant (2B), the same pairs: ${flags(calibration.invariant)}.

The zoo's corpora share one made-up language, so its honest siblings have more in common (ρ about .4) than siblings of
large models do; that makes the table harder, not easier.

${kinds.map((kind) => section(kind, all)).join("\n\n")}
`;
}

function section(kind: TruthKind, all: readonly Row[]): string {
  const head = `## ${kind}

| original · suspect | ancestors | relation | transformations | own index (2A) | cosine | α | ρ |
|---|---|---|---|---|---|---|---|`;
  return [head, ...all.filter(({ pair }) => pair.truth.kind === kind).map(line)].join("\n");
}

function line({ pair, result }: Row): string {
  const of = (id: string) => (result.methods.find(({ method }) => method === id)?.statistics ?? {}) as Found;
  const own = of("weights/independence").identity;
  const aligned = of("weights/aligned");
  const found = aligned.ancestry?.symmetric;
  const cells = [
    `${pair.original} · ${pair.suspect}: ${pair.truth.note}`,
    String(pair.ancestors.length),
    result.summary.relation,
    result.summary.transformations.join(", ") || "–",
    own ? `${own.matched}/${own.of}` : "–",
    figure(aligned.cosine),
    figure(found?.alpha?.value),
    figure(found?.rho?.value),
  ];
  return `| ${cells.join(" | ")} |`;
}

interface Found {
  readonly identity?: { readonly matched: number; readonly of: number } | null;
  readonly cosine?: number | null;
  readonly ancestry?: {
    readonly symmetric: { readonly alpha: Interval | null; readonly rho: Interval | null };
  } | null;
}
interface Interval {
  readonly value: number;
}

function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(3);
}

function flags({ observed, of }: { readonly observed: number; readonly of: number }): string {
  return `false flags ${observed} of ${of}, 95 % bound ${bound(observed, of)}`;
}

/** The rule of three where nothing was observed; the plain share otherwise. */
function bound(observed: number, of: number): string {
  if (of === 0) return "–";
  return observed === 0 ? (3 / of).toFixed(4) : `(observed share ${(observed / of).toFixed(4)})`;
}
