import { CanaryError } from "../../lib/engine/canary";
import { EngineError } from "../../lib/engine/errors";
import { UsageError } from "../usage";
import { canaryAskCommand } from "./canary-ask";
import { canaryNewCommand } from "./canary-new";
import { canaryRevealCommand } from "./canary-reveal";
import { canaryScoreCommand } from "./canary-score";
import { canaryTargetsCommand } from "./canary-targets";

type Command = (args: readonly string[], signal: AbortSignal) => Promise<number>;

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["new", canaryNewCommand],
  ["targets", canaryTargetsCommand],
  ["ask", canaryAskCommand],
  ["score", canaryScoreCommand],
  ["reveal", canaryRevealCommand],
]);

/** `slipmark canary new|targets|ask|score|reveal`. */
export async function canaryCommand(args: readonly string[], signal: AbortSignal): Promise<number> {
  const [name, ...rest] = args;
  const command = commands.get(name ?? "");
  if (command === undefined) throw new UsageError(`canary takes one of: ${[...commands.keys()].join(", ")}`);
  try {
    return await command(rest, signal);
  } catch (error) {
    if (!(error instanceof CanaryError)) throw error;
    // A round that is not published yet is like a source that does not answer: asked later, it will.
    const code = error.code === "round-not-yet" ? "source-unreachable" : "bad-input";
    throw new EngineError(code, error.message, {}, { cause: error });
  }
}
