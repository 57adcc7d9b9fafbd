import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type AskedItem, fillArguments, largestResponse, requestText } from "../../canary/transcript";
import { EngineError } from "../../errors";
import { sha256Hex } from "../../formats/canonical-json";
import type { AskAdapter, Attempt, Outcome, Patience } from "./adapter";
import { runCommand } from "./run-command";
import { splitCommand } from "./split-command";

export interface CommandOptions {
  /** A command line for one item: {image} is a file with the item's image, {prompt} the text, which also is its input. */
  readonly command: string;
  readonly model?: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  readonly outputBytes?: number;
}

const patience: Patience = { maxRetries: 0, retryBaseMs: 0, maxWaitMs: 0 };
const extensions: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/webp": "webp",
};
const secretOption = /^--?[\w-]*(?:api-?key|key|token|secret|password)(?:=|$)/i;
const secretVariable = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i;

/**
 * A program that prints its answer. It is started once a call, without a shell; what it prints on standard output is the
 * response. Throws EngineError "bad-input" for a command line that cannot be split, or that holds a key.
 */
export function commandAdapter(options: CommandOptions): AskAdapter {
  const [program = "", ...template] = splitCommand(options.command);
  refuseSecrets(template, options.environment);
  const environment = Object.fromEntries(
    // Keys of endpoints are no business of a program's.
    Object.entries(options.environment).filter(([name]) => !name.startsWith("SLIPMARK_ASK_KEY")),
  ) as NodeJS.ProcessEnv;
  const limits = {
    milliseconds: options.timeoutMs ?? 300_000,
    outputBytes: options.outputBytes ?? largestResponse,
  };
  const takesImage = template.some((argument) => argument.includes("{image}"));

  return {
    adapter: "command",
    endpoint: basename(program),
    model: options.model ?? basename(program),
    parameters: { arguments: template },
    patience,
    async send(terms, item, image, signal) {
      if (takesImage && image === null)
        throw new EngineError("bad-input", `The command takes an {image}, item ${name(item)} has none`);
      if (image !== null && !takesImage)
        throw new EngineError("bad-input", `Item ${name(item)} has an image, the command takes no {image}`);
      const request = requestText(terms, item);
      const { input } = JSON.parse(request) as { input: string };
      refusePrompt(template, input, item);
      const folder = image === null ? null : await mkdtemp(join(tmpdir(), "slipmark-ask-"));
      try {
        const file = folder && join(folder, `image.${extensions[item.image?.type ?? ""] ?? "bin"}`);
        if (file && image) await writeFile(file, image);
        const args = fillArguments(template, input, file);
        const run = await runCommand(program, args, input, environment, limits, signal);
        return attemptOf(sha256Hex(request), run);
      } catch (error) {
        throw startFailure(program, error);
      } finally {
        if (folder !== null) await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

function attemptOf(requestSha256: string, run: Awaited<ReturnType<typeof runCommand>>): Attempt {
  const kept: Outcome = {
    requestSha256,
    status: run.code !== null && run.code >= 0 && run.code <= 999 ? run.code : null,
    date: null,
    response: run.output,
    problem: null,
    message: null,
  };
  if (run.ended === "too-long") return { outcome: { ...kept, response: null, problem: "timeout" } };
  if (run.ended === "too-large") return { outcome: { ...kept, response: null, problem: "too-large" } };
  if (run.code === 0) return { outcome: kept };
  const said = run.errors.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  const how = run.code === null ? "it was killed" : `it ended with code ${run.code}`;
  const message = said === "" ? how : `${how}: ${said.slice(-200).toWellFormed()}`;
  return { outcome: { ...kept, problem: "failed", message } };
}

/** Arguments are part of the transcript, and every other user of the machine can read them. */
function refuseSecrets(template: readonly string[], environment: NodeJS.ProcessEnv): void {
  const values = Object.entries(environment)
    .filter(([name, value]) => secretVariable.test(name) && value !== undefined && value.length >= 12)
    .map(([, value]) => value as string);
  const secret = template.some((argument) => {
    return secretOption.test(argument) || values.some((value) => argument.includes(value));
  });
  if (secret) {
    throw new EngineError(
      "bad-input",
      "An argument of the command looks like a key; arguments are kept in the transcript. Hand it over in the environment",
    );
  }
}

/** A prompt is data: it must not become an option of the program. */
function refusePrompt(template: readonly string[], text: string, item: AskedItem): void {
  if (!template.some((argument) => argument.includes("{prompt}"))) return;
  if (text.includes("\0"))
    throw new EngineError(
      "bad-input",
      `The prompt of item ${name(item)} holds a zero byte, arguments cannot`,
    );
  const at = template.findIndex((argument) => argument.startsWith("{prompt}"));
  const afterOptions = template.indexOf("--");
  if (at >= 0 && text.startsWith("-") && (afterOptions < 0 || afterOptions > at)) {
    throw new EngineError(
      "bad-input",
      `The prompt of item ${name(item)} begins with "-" and would be read as an option; put -- before {prompt}`,
    );
  }
}

function startFailure(program: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === "ENOENT")
    return new EngineError("bad-input", `There is no program ${JSON.stringify(program)}`);
  if (code === "EACCES") return new EngineError("bad-input", `${JSON.stringify(program)} may not be run`);
  if (code === "E2BIG") return new EngineError("bad-input", "The arguments of the command are too long");
  return error;
}

const name = (item: AskedItem): string => JSON.stringify(item.id);
