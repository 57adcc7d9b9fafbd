import type { ReadStream } from "node:tty";
import { UsageError } from "./usage";

const variable = "SLIPMARK_CANARY_PASSPHRASE";

/** What a passphrase is asked on: a terminal, or a test's stand-in for one. */
export interface Terminal {
  readonly input: Pick<ReadStream, "isTTY" | "setRawMode" | "on" | "off" | "resume" | "pause">;
  readonly output: { write(text: string): unknown };
}

const own: Terminal = { input: process.stdin, output: process.stderr };

/**
 * A passphrase from the environment or from the terminal, where it is not shown; a new one is asked for twice. Neither
 * an argument nor a file of ours ever holds it. Throws UsageError.
 */
export async function passphraseFor(
  purpose: "new" | "open",
  environment: Readonly<Record<string, string | undefined>>,
  terminal: Terminal = own,
): Promise<string> {
  const given = environment[variable];
  if (given) return given;
  if (!terminal.input.isTTY)
    throw new UsageError(`There is no terminal to ask for the passphrase: set ${variable}`);
  const first = await askHidden(terminal, "Passphrase of the secrets: ");
  if (purpose === "new" && (await askHidden(terminal, "The same again: ")) !== first)
    throw new UsageError("The two passphrases differ");
  return first;
}

function askHidden({ input, output }: Terminal, question: string): Promise<string> {
  output.write(question);
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const decoder = new TextDecoder();
    const finish = (settle: () => void) => {
      input.off("data", onData);
      input.setRawMode(false);
      input.pause();
      output.write("\n");
      settle();
    };
    const onData = (chunk: Buffer) => {
      for (const character of decoder.decode(chunk, { stream: true })) {
        if (character === "\r" || character === "\n") return finish(() => resolve(typed.join("")));
        // Ctrl-C and Ctrl-D.
        if (character === "\u0003" || character === "\u0004")
          return finish(() => reject(new UsageError("Stopped before a passphrase was given")));
        if (character === "\u007f" || character === "\b") typed = typed.slice(0, -1);
        else if (character >= " ") typed.push(character);
      }
    };
    input.setRawMode(true);
    input.on("data", onData);
    input.resume();
  });
}
