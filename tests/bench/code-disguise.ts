import type { Node } from "web-tree-sitter";
import { loadParser } from "@/lib/engine/io/grammars/load-grammar";
import { SeededStream } from "@/lib/engine/weights/sample-seed";

/**
 * A Python file as somebody who hides its source would leave it: every identifier that the file binds is renamed
 * alike everywhere, functions and classes at the top level stand in another order, comments and docstrings are gone,
 * numbers above 1 are others, and indentation is two columns. Deterministic in `seed`.
 */
export async function disguisedPython(source: string, seed: number): Promise<string> {
  const parser = await loadParser("python");
  const tree = parser.parse(source);
  if (tree === null) throw new Error("not parsed");
  const stream = new SeededStream("slipmark/bench/disguise", String(seed));
  const names = new Map<string, string>();
  const leaves: Node[] = [];
  collect(tree.rootNode, leaves);
  for (const leaf of leaves) {
    if (leaf.type === "identifier" && binds(leaf) && !leaf.text.startsWith("__") && !names.has(leaf.text)) {
      names.set(leaf.text, `v${names.size}_${stream.uint32().toString(36)}`);
    }
  }
  const parts: { text: string; movable: boolean }[] = [];
  for (const statement of tree.rootNode.namedChildren) {
    const movable = ["function_definition", "class_definition", "decorated_definition"].includes(
      statement.type,
    );
    parts.push({ text: rewritten(source, statement, names, stream), movable });
  }
  tree.delete();
  const moved = parts.filter(({ movable }) => movable);
  const order = stream.permutation(Math.max(1, moved.length));
  let next = 0;
  return `${parts.map((part) => (part.movable ? moved[order[next++] as number] : part)?.text ?? "").join("\n\n")}\n`;
}

function collect(node: Node, leaves: Node[]): void {
  if (node.childCount === 0 || node.type === "string" || node.type === "comment") leaves.push(node);
  else for (const child of node.children) collect(child, leaves);
}

/** Whether an identifier stands where Python binds a name: definition, parameter, assignment, loop, with, except. */
function binds(node: Node): boolean {
  const parent = node.parent;
  if (parent === null) return false;
  if (["function_definition", "class_definition"].includes(parent.type))
    return parent.childForFieldName("name")?.id === node.id;
  if (
    ["parameters", "default_parameter", "typed_parameter", "lambda_parameters", "as_pattern_target"].includes(
      parent.type,
    )
  ) {
    return parent.childForFieldName("value")?.id !== node.id;
  }
  if (["assignment", "for_statement", "for_in_clause"].includes(parent.type))
    return parent.childForFieldName("left")?.id === node.id;
  return parent.type === "pattern_list" || parent.type === "tuple_pattern";
}

function rewritten(
  source: string,
  node: Node,
  names: ReadonlyMap<string, string>,
  stream: SeededStream,
): string {
  const leaves: Node[] = [];
  collect(node, leaves);
  let [text, at] = ["", node.startIndex];
  for (const leaf of leaves) {
    if (leaf.startIndex < at) continue;
    text += source.slice(at, leaf.startIndex);
    at = leaf.endIndex;
    const isRemark = leaf.type === "string" && leaf.parent?.type === "expression_statement";
    if (leaf.type === "comment") continue;
    if (isRemark) text += "pass";
    else if (leaf.type === "identifier") text += names.get(leaf.text) ?? leaf.text;
    else if (leaf.type === "integer" && /^[2-9]\d*$/.test(leaf.text)) text += String(2 + stream.below(500));
    else text += leaf.text;
  }
  return text.replace(/^( {4})+/gm, (indent) => " ".repeat(indent.length / 2));
}
