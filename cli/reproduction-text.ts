import { canonicalJson, sameJson } from "../lib/engine/formats/canonical-json";
import type { ResultDocument } from "../lib/engine/result/document";

interface Outcome {
  readonly same: boolean;
  readonly intact: boolean;
  readonly from: string;
  readonly recorded: { readonly digest: string; readonly build: string | null };
  readonly computed: { readonly digest: string; readonly build: string | null };
}

/** Both digests, and where they differ the parts of the document that differ. */
export function reproductionText(
  outcome: Outcome,
  recorded: ResultDocument,
  computed: ResultDocument,
): string {
  const lines = [
    "",
    `recorded  ${outcome.recorded.digest}`,
    `computed  ${outcome.computed.digest}  (from the ${outcome.from})`,
  ];
  if (outcome.same) lines.push("", "The same computation gives the same result.");
  else if (!outcome.intact)
    lines.push("", "The recorded digest is not that of the document: it was altered.");
  else lines.push("", `The digests differ, in: ${differences(recorded, computed).join(", ")}.`);
  const builds = [outcome.recorded.build, outcome.computed.build];
  if (builds[0] !== builds[1]) {
    lines.push(`Recorded by build ${builds[0] ?? "unknown"}, computed by build ${builds[1] ?? "unknown"}.`);
  }
  return `${lines.join("\n")}\n`;
}

function differences(a: ResultDocument, b: ResultDocument): string[] {
  const names: string[] = [];
  const note = (name: string, one: unknown, other: unknown) => {
    if (!sameJson(one ?? null, other ?? null)) names.push(name);
  };
  const content = (document: ResultDocument) => {
    const { original, suspect, ancestors, controls } = document.inputs;
    return [original, suspect, ...ancestors, ...controls].map(({ commit, files }) => ({ commit, files }));
  };
  note("inputs", content(a), content(b));
  note("parameters", a.parameters, b.parameters);
  note("bytes read", a.ranges, b.ranges);
  const ids = new Set([...a.methods, ...b.methods].map(({ method }) => method));
  for (const id of ids) {
    const measured = (document: ResultDocument) => {
      const found = document.methods.find(({ method }) => method === id);
      return found ? canonicalJson({ ...found, explanation: null }) : null;
    };
    note(`method ${id}`, measured(a), measured(b));
  }
  note("summary", { ...a.summary, text: null, dates: null }, { ...b.summary, text: null, dates: null });
  return names;
}
