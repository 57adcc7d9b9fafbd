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
