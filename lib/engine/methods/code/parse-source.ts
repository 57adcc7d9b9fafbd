import type { Parser } from "web-tree-sitter";
import type { TreeSteps } from "../../io/grammars/tree-steps";
import type { NodeClasses } from "./node-classes";
import { type ClosedUnit, type OpenUnit, TokenColumns } from "./token-columns";
import { kind, type ParsedFile, type ParseProblem, type TextTable } from "./tokens";

const limits = { depth: 1_000, tokens: 200_000, units: 20_000, remark: 2_000, text: 200 } as const;

/** How one grammar's trees are read. */
export interface Reading {
  readonly parser: Parser;
  readonly steps: TreeSteps;
  readonly classes: NodeClasses;
  /** Number of the field that a function's name stands in. */
  readonly nameField: number | null;
}

/**
 * Parses one source text. Syntax errors are no failure: tree-sitter recovers, and what it understood is kept.
 * Bounded: nesting, tokens and units; beyond them the whole file is refused with a code.
 */
export function parseSource(
  { parser, steps, classes, nameField }: Reading,
  source: string,
  table: TextTable,
): ParsedFile | ParseProblem {
  let tree: ReturnType<Parser["parse"]> = null;
  try {
    tree = parser.parse(source);
  } catch {
    parser.reset();
    return "unreadable";
  }
  if (tree === null) return "unreadable";
  steps.begin(tree);
  try {
    return walk(steps, classes, nameField, source, table);
  } finally {
    steps.leave();
    tree.delete();
  }
}

/** One for all files of a thread: no file is walked while another is. */
const columns = new TokenColumns();

function walk(
  steps: TreeSteps,
  classes: NodeClasses,
  nameField: number | null,
  source: string,
  table: TextTable,
): ParsedFile | ParseProblem {
  const lineOf = lineCounter(source);
  const outer: OpenUnit = { number: 0, name: null, start: 1 };
  const stack: { unit: OpenUnit; depth: number; names: string }[] = [];
  const units: ClosedUnit[] = [];
  const remarks: { text: string; line: number }[] = [];
  let unit = outer;
  let begun = 1;
  let names = "";
  let depth = 0;
  let syntaxErrors = false;
  let lastStatement = -1;
  columns.count = 0;
  const remark = (text: string, line: number) => {
    if (remarks.length < 20_000) remarks.push({ text: text.slice(0, limits.remark), line });
  };
  for (;;) {
    const nodeClass = classes[steps.typeId];
    const treatment = nodeClass?.treatment;
    // Every question is a call into WebAssembly: where a node starts is asked only where it matters.
    let start = -1;
    let descend = true;
    const statementStart = lastStatement;
    lastStatement = -1;
    if (nodeClass === undefined) {
      // ERROR nodes have an id beyond the table.
      syntaxErrors = true;
    } else if (treatment === "skip") {
      descend = false;
    } else if (treatment === "open") {
      if (nodeClass.statement) lastStatement = steps.start;
    } else {
      start = steps.start;
      const line = lineOf(start);
      switch (treatment) {
        case "comment":
          remark(source.slice(start, steps.end), line);
          descend = false;
          break;
        case "identifier":
        case "number":
        case "operator":
        case "string": {
          const end = steps.end;
          const isString = treatment === "string";
          descend = false;
          // A string that is a whole statement does nothing: it is a remark.
          if (isString && statementStart === start) {
            remark(source.slice(start, end), line);
            break;
          }
          const text = source.slice(start, Math.min(end, start + limits.text));
          const number = table.number(isString ? unquoted(text) : text);
          columns.add(unit, nodeClass.symbol, kind[treatment], number, line, start, end);
          break;
        }
        case "function": {
          columns.add(unit, nodeClass.symbol, kind.structure, 0, line, start, start);
          const own = functionName(steps, nameField, source);
          stack.push({ unit, depth, names });
          names = names === "" ? own : `${names}.${own}`;
          unit = { number: begun++, name: names, start: line };
          break;
        }
        default:
          columns.add(unit, nodeClass.symbol, kind.structure, 0, line, start, start);
      }
    }
    if (columns.count > limits.tokens || units.length > limits.units) return "too-many-tokens";
    if (descend && steps.firstChild()) {
      depth += 1;
      if (depth > limits.depth) return "too-deep";
      continue;
    }
    for (;;) {
      const top = stack.at(-1);
      if (top !== undefined && top.depth === depth) {
        units.push({ unit, end: lineOf(Math.max(start, steps.end - 1)) });
        unit = top.unit;
        names = top.names;
        stack.pop();
      }
      if (steps.nextSibling()) break;
      if (start === -1 && stack.length > 0) start = steps.start;
      if (!steps.parent()) {
        units.push({ unit: outer, end: lineOf(source.length) });
        return { ...columns.packed(units), remarks, syntaxErrors };
      }
      depth -= 1;
    }
  }
}

function functionName(steps: TreeSteps, nameField: number | null, source: string): string {
  if (nameField === null || !steps.firstChild()) return "?";
  let name = "?";
  do {
    if (steps.fieldId === nameField) {
      const start = steps.start;
      name = source.slice(start, Math.min(steps.end, start + 100));
      break;
    }
  } while (steps.nextSibling());
  steps.parent();
  return name;
}

function unquoted(text: string): string {
  return text.replace(/^[rbfuRBFU]{0,2}(?:"""|'''|["'`])/, "").replace(/(?:"""|'''|["'`])$/, "");
}

/** Line (from 1) of a growing sequence of positions; going back is allowed, and rare. */
function lineCounter(source: string): (index: number) => number {
  const starts: number[] = [0];
  for (let at = source.indexOf("\n"); at !== -1; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  let current = 0;
  return (index) => {
    while (current + 1 < starts.length && (starts[current + 1] as number) <= index) current += 1;
    while ((starts[current] as number) > index) current -= 1;
    return current + 1;
  };
}
