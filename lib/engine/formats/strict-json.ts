import { EngineError } from "../errors";
import type { Json } from "../methods/method";

export interface StrictJsonOptions {
  /** Nesting allowed; 64 unless told. */
  readonly maxDepth?: number;
  /**
   * What to do with an integer that a double cannot hold (beyond ±(2^53 − 1)): "refuse", or "keep" it exactly as
   * { "$integer": "digits" }. Tokenizer files need "keep": a published habit is model_max_length = int(1e30).
   */
  readonly hugeIntegers?: "refuse" | "keep";
}

const number = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 forbids exactly these inside a text.
const plainString = /"[^"\\\u0000-\u001f]*"/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const run = /[^"\\\u0000-\u001f]+/y;
const space = /[\t\n\r ]*/y;

/**
 * JSON as RFC 8259 with what I-JSON (RFC 7493) forbids refused: duplicate keys, lone surrogates, numbers that a
 * double cannot hold, bytes that are not UTF-8. Objects have no prototype, so "__proto__" is a key like any other.
 * Throws EngineError "malformed-file" naming the file.
 */
export function parseStrictJson(bytes: Uint8Array, file: string, options: StrictJsonOptions = {}): Json {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw malformed(file, "it is not UTF-8 text");
  }
  return new Reader(text, file, options).document();
}

export function malformed(file: string, problem: string): EngineError {
  return new EngineError("malformed-file", `${file}: ${problem}`, { path: file, problem });
}

class Reader {
  #at = 0;
  readonly #maxDepth: number;
  readonly #keepHuge: boolean;

  constructor(
    readonly text: string,
    readonly file: string,
    options: StrictJsonOptions,
  ) {
    this.#maxDepth = options.maxDepth ?? 64;
    this.#keepHuge = options.hugeIntegers === "keep";
  }

  document(): Json {
    const value = this.#value(0);
    this.#skip();
    if (this.#at !== this.text.length) throw this.#wrong("something follows the JSON value");
    return value;
  }

  #value(depth: number): Json {
    this.#skip();
    const first = this.text[this.#at];
    if (first === "{" || first === "[") {
      if (depth >= this.#maxDepth) throw malformed(this.file, `nested deeper than ${this.#maxDepth} levels`);
      this.#at += 1;
      return first === "{" ? this.#object(depth) : this.#array(depth);
    }
    if (first === '"') return this.#string();
    if (first === "t") return this.#word("true", true);
    if (first === "f") return this.#word("false", false);
    if (first === "n") return this.#word("null", null);
    return this.#number();
  }

  #object(depth: number): Json {
    const result: Record<string, Json> = Object.create(null);
    if (this.#close("}")) return result;
    for (;;) {
      this.#skip();
      if (this.text[this.#at] !== '"') throw this.#wrong("a key was expected");
      const key = this.#string();
      if (key in result) throw malformed(this.file, `the key ${show(key)} occurs twice in one object`);
      this.#skip();
      if (this.text[this.#at] !== ":") throw this.#wrong('":" was expected');
      this.#at += 1;
      result[key] = this.#value(depth + 1);
      if (!this.#more("}")) return result;
    }
  }

  #array(depth: number): Json {
    const result: Json[] = [];
    if (this.#close("]")) return result;
    for (;;) {
      result.push(this.#value(depth + 1));
      if (!this.#more("]")) return result;
    }
  }

  #string(): string {
    const simple = this.#match(plainString);
    if (simple !== null) return this.#whole(simple.slice(1, -1));
    // Piece by piece: one pattern over a text of a million escapes would exhaust the pattern engine's stack.
    const start = this.#at;
    this.#at += 1;
    while (this.#match(run) !== null || this.#match(escapeSequence) !== null);
    if (this.text[this.#at] !== '"') throw this.#wrong("a text is not closed or holds a forbidden character");
    this.#at += 1;
    return this.#whole(JSON.parse(this.text.slice(start, this.#at)) as string);
  }

  #whole(value: string): string {
    if (!value.isWellFormed()) throw malformed(this.file, `the text ${show(value)} is not valid Unicode`);
    return value;
  }

  #number(): Json {
    number.lastIndex = this.#at;
    const found = number.exec(this.text);
    if (found === null) {
      throw /^(NaN|-?Infinity)/.test(this.text.slice(this.#at, this.#at + 9))
        ? malformed(this.file, "NaN and Infinity are not numbers in JSON")
        : this.#wrong("a value was expected");
    }
    this.#at = number.lastIndex;
    const value = Number(found[0]);
    const isInteger = found[1] === undefined && found[2] === undefined;
    if (isInteger && !Number.isSafeInteger(value)) {
      if (this.#keepHuge && found[0].length <= 400) return { $integer: found[0] };
      throw malformed(this.file, `the integer ${show(found[0])} is beyond 2^53`);
    }
    if (!Number.isFinite(value)) throw malformed(this.file, `the number ${show(found[0])} is out of range`);
    return value;
  }

  #word<T extends Json>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.#at)) throw this.#wrong("a value was expected");
    this.#at += word.length;
    return value;
  }

  #close(bracket: string): boolean {
    this.#skip();
    if (this.text[this.#at] !== bracket) return false;
    this.#at += 1;
    return true;
  }

  #more(bracket: string): boolean {
    this.#skip();
    const next = this.text[this.#at];
    this.#at += 1;
    if (next === ",") return true;
    if (next === bracket) return false;
    this.#at -= 1;
    throw this.#wrong(`"," or "${bracket}" was expected`);
  }

  #skip(): void {
    space.lastIndex = this.#at;
    space.exec(this.text);
    this.#at = space.lastIndex;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #wrong(problem: string): EngineError {
    return malformed(this.file, `not valid JSON: ${problem} at character ${this.#at}`);
  }
}

/**
 * A short, safe quotation for a message: well-formed, at most 60 characters, and nothing that a terminal obeys or that
 * turns the writing round: control characters (C1 too), line separators, marks of direction.
 */
export function show(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return JSON.stringify(short.toWellFormed().replace(unprintable, "\ufffd"));
}

const unprintable = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Whether a name may be printed as it is. */
export function isPrintable(text: string): boolean {
  return text.search(unprintable) === -1;
}
