import type { OnnxTensor, OnnxUse } from "./onnx-graph";

/** Names that an exporter made up: they change with every export and say nothing. */
const madeUp = /^(?:onnx::[A-Za-z]+_[0-9]+|[0-9]+|(?:_v_|const_|fold_|constant_?)[0-9]+|.*_output_[0-9]+)$/i;

/** The branch that an inlined function came from, which its exporter glued to every name in it. */
const inlined = /^(.+_(?:then|else)_branch)__Inline_[0-9]+__\.?/;

/**
 * What an initialiser is called in pairs. A made-up name gives way to the path of the one node that uses it
 * ("/model/layers.0/mlp/up_proj/MatMul" → "model.layers.0.mlp.up_proj.weight"), or to its rank among the initialisers
 * that such nodes use; a branch glued to a name becomes a word of its own ("If_0_then_branch__Inline_0__encoder.0" →
 * "If_0_then_branch.encoder.0"); every other name stays as it is.
 */
export function initialiserNames(
  tensors: readonly OnnxTensor[],
  uses: ReadonlyMap<string, readonly OnnxUse[]>,
): string[] {
  const ranks = new Map<string, number>();
  const taken = new Set<string>();
  return tensors.map(({ name }) => {
    const [use, ...more] = uses.get(name) ?? [];
    let chosen = name;
    if (use !== undefined && madeUp.test(name)) {
      const rank = ranks.get(use.op) ?? 0;
      ranks.set(use.op, rank + 1);
      const path = more.length === 0 ? pathOf(use) : null;
      chosen = path ?? `${use.op || "value"}_${rank}`;
    }
    return distinct(chosen.replace(inlined, "$1."), taken);
  });
}

function pathOf({ node, input, op }: OnnxUse): string | null {
  const words = node.split("/").filter((word) => word !== "");
  if (words.length < 2) return null;
  const parameter = input === 2 || (op === "Add" && input <= 1) ? "bias" : "weight";
  return `${words.slice(0, -1).join(".")}.${parameter}`;
}

/** Branches of a model may hold their values under the same names. */
function distinct(name: string, taken: Set<string>): string {
  let chosen = name;
  for (let copy = 2; taken.has(chosen); copy++) chosen = `${name}~${copy}`;
  taken.add(chosen);
  return chosen;
}

/**
 * Is the matrix stored [in, out]? MatMul takes its second input so, and Gemm without transB; null where the uses do
 * not say, or do not agree.
 */
export function storedTurned(uses: readonly OnnxUse[] | undefined): boolean | null {
  const answers = new Set(
    (uses ?? []).map(({ op, input, transposed }) => {
      if (input !== 1) return null;
      if (op === "MatMul") return true;
      return op === "Gemm" ? !transposed : null;
    }),
  );
  const [answer] = answers;
  return answers.size === 1 && answer !== undefined ? answer : null;
}
