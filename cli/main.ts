import { EngineError, exitCodeOf } from "../lib/engine/errors";
import { version } from "./build-id";
import { compareCommand } from "./commands/compare";
import { fingerprintCommand } from "./commands/fingerprint";
import { logCommand } from "./commands/log-verify";
import { monitorCommand } from "./commands/monitor";
import { reproduceCommand } from "./commands/reproduce";
import { keyCommand, signCommand } from "./commands/sign";
import { forTerminal, writeOutput } from "./output";
import { runJobChild } from "./run-job-child";
import { UsageError, usage } from "./usage";

// Named in the interface, built by later versions.
const commandsToCome = new Set(["login", "register", "capture", "check"]);

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === "run-job") return runJobChild();
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  try {
    if (command === undefined)
      throw new UsageError("Say what to do: compare, fingerprint or reproduce (see slipmark --help)");
    if (command === "--version" || command === "-v") return await print(`slipmark ${version}\n`);
    const options = rest.includes("--") ? rest.slice(0, rest.indexOf("--")) : rest;
    if (command === "--help" || command === "-h" || command === "help" || options.includes("--help")) {
      return await print(usage);
    }
    if (command === "compare") return await compareCommand(rest, stop.signal);
    if (command === "fingerprint") return await fingerprintCommand(rest, stop.signal);
    if (command === "reproduce") return await reproduceCommand(rest, stop.signal);
    if (command === "monitor") return await monitorCommand(rest, stop.signal);
    if (command === "log") return await logCommand(rest, stop.signal);
    if (command === "key") return await keyCommand(rest);
    if (command === "sign") return await signCommand(rest);
    if (command === "canary") {
      // Loaded when it is needed: its curve takes longer to set up than most commands take in all.
      const { canaryCommand } = await import("./commands/canary");
      return await canaryCommand(rest, stop.signal);
    }
    if (commandsToCome.has(command)) throw new UsageError(`"slipmark ${command}" is not in this version`);
    throw new UsageError(`There is no command "${command}" (see slipmark --help)`);
  } catch (error) {
    await writeOutput(process.stderr, forTerminal(`slipmark: ${messageOf(error)}\n`));
    return exitCodeOf(error);
  }
}

async function print(text: string): Promise<number> {
  await writeOutput(process.stdout, text);
  return 0;
}

/** One line. A defect of ours keeps its stack, so that it can be reported. */
function messageOf(error: unknown): string {
  const wrongArguments =
    error instanceof TypeError && String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS");
  const fileError = error instanceof Error && "syscall" in error;
  if (error instanceof EngineError || error instanceof UsageError || wrongArguments || fileError) {
    return (error as Error).message.replace(/\s*\n\s*/g, " ");
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

process.stdout.on("error", () => {});
process.exit(await main(process.argv.slice(2)));
