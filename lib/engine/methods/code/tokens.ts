import type { Parser, TreeCursor } from "web-tree-sitter";
import { type Language, structureOf, type Treatment, treatments } from "./languages";

/** Kinds of tokens; each but structure is a channel of its own. */
export const kind = { structure: 0, identifier: 1, number: 2, string: 3, operator: 4 } as const;

/**
 * A program as a preorder walk of its syntax tree without layout, comments, types and imports. `symbols` is what is
 * matched: node types, with every identifier, number, string and operator written as its kind. `texts` is what the
 * channels compare: an index into the source's own texts, 0 for none.
 */
export interface TokenRun {
  readonly symbols: Uint32Array;
  readonly kinds: Uint8Array;
  readonly texts: Uint32Array;
  /** Line of each token, from 1. */
  readonly lines: Uint32Array;
  /** Where each token starts: UTF-16 code units from the beginning of the file. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

export interface CodeUnit {
  /** Name of the function with those it stands in ("Model.forward"), or null for what a file does outside of functions. */
  readonly name: string | null;
  readonly start: number;
  readonly end: number;
  readonly tokens: number;
}

export interface ParsedFile {
  /** In the order in which their tokens stand in `run`. */
  readonly units: readonly CodeUnit[];
  readonly run: TokenRun;
  /** Words of comments and docstrings: text index and line, in order. */
  readonly remarks: readonly { readonly text: string; readonly line: number }[];
  readonly syntaxErrors: boolean;
}

export type ParseProblem = "too-deep" | "too-many-tokens" | "unreadable";

/** FNV-1a over UTF-16 code units, 32 bits. Not a secret, not a commitment: a symbol's number on every machine. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

const limits = { depth: 1_000, tokens: 200_000, units: 20_000, remark: 2_000, text: 200 } as const;

class Builder {
  symbols: number[] = [];
  kinds: number[] = [];
  texts: number[] = [];
  lines: number[] = [];
  starts: number[] = [];
  ends: number[] = [];
  constructor(
    readonly name: string | null,
    readonly start: number,
  ) {}
  add(symbol: number, tokenKind: number, text: number, line: number, at: number, to = at): void {
    this.symbols.push(symbol);
    this.kinds.push(tokenKind);
    this.texts.push(text);
    this.lines.push(line);
    this.starts.push(at);
    this.ends.push(to);
  }
}

/** The units of one file and their tokens in two blocks of memory: cheap to keep, and to hand from thread to thread. */
function packed(
  built: readonly { readonly builder: Builder; readonly end: number }[],
): Pick<ParsedFile, "units" | "run"> {
  const total = built.reduce((sum, { builder }) => sum + builder.symbols.length, 0);
  const wide = new Uint32Array(total * 5);
  const column = (at: number) => wide.subarray(at * total, (at + 1) * total);
  const run: TokenRun = {
    symbols: column(0),
    kinds: new Uint8Array(total),
    texts: column(1),
    lines: column(2),
    starts: column(3),
    ends: column(4),
  };
  let from = 0;
  for (const { builder } of built) {
    run.symbols.set(builder.symbols, from);
    run.kinds.set(builder.kinds, from);
    run.texts.set(builder.texts, from);
    run.lines.set(builder.lines, from);
    run.starts.set(builder.starts, from);
    run.ends.set(builder.ends, from);
    from += builder.symbols.length;
  }
  const units = built.map(({ builder: { name, start, symbols }, end }): CodeUnit => {
    return { name, start, end, tokens: symbols.length };
  });
  return { units, run };
}

interface NodeClass {
  readonly treatment: Treatment | "structure" | "operator" | "constant";
  readonly symbol: number;
  readonly statement?: true;
}

/** What each node type of a grammar becomes, by type id: decided once a grammar, not once a node. */
export function classify(language: Language, types: readonly string[], isNamed: (id: number) => boolean) {
  const given = treatments(language);
  const tag = (text: string) => hashText(`${language}\n${text}`);
  return types.map((type, id): NodeClass => {
    if (type === undefined || type === null) return { treatment: "open", symbol: 0 };
    if (!isNamed(id)) {
      const isOperator =
        !/^[\w\s$]*$/.test(type) &&
        !/^[()[\]{},;:.@"'`?]+$/.test(type) &&
        !["=>", "->", "=", "?."].includes(type);
      const isWord = ["and", "or", "not", "in", "is", "not in", "is not", "instanceof", "typeof"].includes(
        type,
      );
      return isOperator || isWord
        ? { treatment: "operator", symbol: tag("operator") }
        : { treatment: "skip", symbol: 0 };
    }
    const treatment = given.get(type);
    if (type === "expression_statement" && language !== "java")
      return { treatment: "open", symbol: 0, statement: true };
    if (treatment !== undefined)
      return { treatment, symbol: tag(treatment === "function" ? "function" : treatment) };
    if (
      /^(true|false|none|null|null_literal|undefined|this|super|void_type|integral_type|floating_point_type|boolean_type|predefined_type)$/.test(
        type,
      )
    ) {
      return { treatment: "constant", symbol: tag(/_type$/.test(type) ? "identifier" : type) };
    }
    return { treatment: "structure", symbol: tag(structureOf(type)) };
  });
}

export type NodeClasses = ReturnType<typeof classify>;

/** Numbers a source's texts; 0 is no text. */
export class TextTable {
  readonly texts: string[] = [""];
  readonly #numbers = new Map<string, number>([["", 0]]);
  number(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.texts.length;
      this.texts.push(text);
      this.#numbers.set(text, number);
    }
    return number;
  }
}

/**
 * Parses one source text. Syntax errors are no failure: tree-sitter recovers, and what it understood is kept.
 * Bounded: nesting, tokens and units; beyond them the whole file is refused with a code.
 */
export function parseSource(
  parser: Parser,
  classes: NodeClasses,
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
  const cursor = tree.walk();
  try {
    return walk(cursor, classes, source, table);
  } finally {
    cursor.delete();
    tree.delete();
  }
}

function walk(
  cursor: TreeCursor,
  classes: NodeClasses,
  source: string,
  table: TextTable,
): ParsedFile | ParseProblem {
  const lineOf = lineCounter(source);
  const outer = new Builder(null, 1);
  const stack: { builder: Builder; depth: number; names: string }[] = [];
  const units: { builder: Builder; end: number }[] = [];
  const remarks: { text: string; line: number }[] = [];
  let builder = outer;
  let names = "";
  let depth = 0;
  let tokens = 0;
  let syntaxErrors = false;
  let lastStatement = -1;
  const remark = (text: string, line: number) => {
    if (remarks.length < 20_000) remarks.push({ text: text.slice(0, limits.remark), line });
  };
  for (;;) {
    const nodeClass = classes[cursor.nodeTypeId];
    const treatment = nodeClass?.treatment;
    // Every question to the cursor is a call into WebAssembly: where a node starts is asked only where it matters.
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
      if (nodeClass.statement) lastStatement = cursor.startIndex;
    } else {
      start = cursor.startIndex;
      const line = lineOf(start);
      switch (treatment) {
        case "comment":
          remark(source.slice(start, cursor.endIndex), line);
          descend = false;
          break;
        case "identifier":
        case "number":
        case "operator":
        case "string": {
          const end = cursor.endIndex;
          const isString = treatment === "string";
          descend = false;
          // A string that is a whole statement does nothing: it is a remark.
          if (isString && statementStart === start) {
            remark(source.slice(start, end), line);
            break;
          }
          const text = source.slice(start, Math.min(end, start + limits.text));
          const number = table.number(isString ? unquoted(text) : text);
          builder.add(nodeClass.symbol, kind[treatment], number, line, start, end);
          tokens += 1;
          break;
        }
        case "function": {
          builder.add(nodeClass.symbol, kind.structure, 0, line, start);
          tokens += 1;
          const own = functionName(cursor, source);
          stack.push({ builder, depth, names });
          names = names === "" ? own : `${names}.${own}`;
          builder = new Builder(names, line);
          break;
        }
        default:
          builder.add(nodeClass.symbol, kind.structure, 0, line, start);
          tokens += 1;
      }
    }
    if (tokens > limits.tokens || units.length > limits.units) return "too-many-tokens";
    if (descend && cursor.gotoFirstChild()) {
      depth += 1;
      if (depth > limits.depth) return "too-deep";
      continue;
    }
    for (;;) {
      const top = stack.at(-1);
      if (top !== undefined && top.depth === depth) {
        units.push({ builder, end: lineOf(Math.max(start, cursor.endIndex - 1)) });
        builder = top.builder;
        names = top.names;
        stack.pop();
      }
      if (cursor.gotoNextSibling()) break;
      if (start === -1 && stack.length > 0) start = cursor.startIndex;
      if (!cursor.gotoParent()) {
        units.push({ builder: outer, end: lineOf(source.length) });
        return { ...packed(units), remarks, syntaxErrors };
      }
      depth -= 1;
    }
  }
}

function functionName(cursor: TreeCursor, source: string): string {
  if (!cursor.gotoFirstChild()) return "?";
  let name = "?";
  do {
    if (cursor.currentFieldName === "name") {
      name = source.slice(cursor.startIndex, Math.min(cursor.endIndex, cursor.startIndex + 100));
      break;
    }
  } while (cursor.gotoNextSibling());
  cursor.gotoParent();
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
