import { EngineError } from "../../errors";

const operators = /[|&;<>()`$*?[\]#~!\n\r]/;

/**
 * The words of a command line, as a POSIX shell splits them: spaces between words, '…' and "…" around what has spaces,
 * a backslash before a single character. Nothing is expanded and no shell is started; where a shell would do something
 * of its own (pipes, variables, patterns, redirections) outside of quotes, EngineError "bad-input" says so.
 */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (char === "\0") throw refused("it holds a zero byte");
    if (char === "'" || char === '"') {
      const [inside, end] = quotedPart(text, at);
      word = (word ?? "") + inside;
      at = end;
    } else if (char === "\\") {
      at += 1;
      if (at >= text.length) throw refused("it ends with a backslash");
      word = (word ?? "") + text[at];
    } else if (char === " " || char === "\t") {
      if (word !== null) words.push(word);
      word = null;
    } else if (operators.test(char)) {
      throw refused(
        `${JSON.stringify(char)} would be for a shell, and none is started; quote it, or use a script`,
      );
    } else {
      word = (word ?? "") + char;
    }
  }
  if (word !== null) words.push(word);
  if (words[0] === undefined || words[0] === "") throw refused("it names no program");
  return words;
}

/** What stands between the quotes that open at `start`, and where they close. */
function quotedPart(text: string, start: number): [string, number] {
  const quote = text[start];
  let inside = "";
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text[at] as string;
    if (char === quote) return [inside, at];
    if (char === "\0") throw refused("it holds a zero byte");
    const next = text[at + 1];
    if (quote === '"' && char === "\\" && (next === '"' || next === "\\")) {
      inside += next;
      at += 1;
    } else {
      inside += char;
    }
  }
  throw refused("a quote is not closed");
}

function refused(why: string): EngineError {
  return new EngineError("bad-input", `The command cannot be used: ${why}`);
}
