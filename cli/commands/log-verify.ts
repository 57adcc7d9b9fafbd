import { parseArgs } from "node:util";
import { EngineError } from "../../lib/engine/errors";
import { publicLog } from "../../lib/engine/io/public-log";
import { LogError, parseProof, parseVerifierKey, text, verifyBundle } from "../../lib/engine/log";
import { MonitorProblem, verifyLog, verifyStillHolds } from "../../lib/engine/log/monitor";
import { forTerminal, writeOutput } from "../output";
import { createProgress } from "../progress";
import { readBundle } from "../read-bundle";
import { UsageError } from "../usage";
import { logIo } from "./monitor";

interface Step {
  readonly id: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** `slipmark log verify URL|BUNDLE.zip`: 0 when every step holds, 1 when one does not. */
export async function logCommand(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: true,
    options: {
      vkey: { type: "string", multiple: true },
      log: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const [action, source, ...more] = positionals;
  if (action !== "verify" || source === undefined || more.length > 0)
    throw new UsageError("log takes: verify URL or verify BUNDLE.zip");
  for (const vkey of values.vkey ?? []) requireKey(vkey);
  const live = /^https?:\/\//i.test(source);
  if (live && values.log !== undefined) throw new UsageError("--log goes with a bundle");
  const progress = createProgress(process.stderr);
  const io = { ...logIo(), signal, onBytes: progress.bytes };
  let steps: readonly Step[];
  try {
    steps = live
      ? await verifyLog({
          fetch: publicLog(source, io),
          ...(values.vkey === undefined ? {} : { vkeys: values.vkey }),
          signal,
          onProgress: progress.phase,
        })
      : await bundleSteps(source, values.vkey, values.log && publicLog(values.log, io));
  } catch (error) {
    if (error instanceof LogError) throw new EngineError("bad-input", `${source}: ${error.message}`);
    throw error;
  } finally {
    progress.clear();
  }
  const ok = steps.every((step) => step.ok);
  const answer = {
    schema: "slipmark.log-verification/v1",
    source,
    ok,
    keys: values.vkey ? "given" : "own",
    steps,
  };
  if (values.json) await writeOutput(process.stdout, `${JSON.stringify(answer)}\n`);
  else await writeOutput(process.stderr, forTerminal(stepsText(steps, ok, answer.keys)));
  return ok ? 0 : 1;
}

/**
 * All of a bundle, without a network; with a log also that the log of today begins with the bundle's tree. A bundle from
 * before a change of the log's key is signed by the key of its time: the given key then vouches for it by the log of today.
 */
async function bundleSteps(
  path: string,
  vkeys: readonly string[] | undefined,
  log: ReturnType<typeof publicLog> | "" | undefined,
): Promise<readonly Step[]> {
  const files = await readBundle(path);
  const verify = (logKeys: readonly string[] | null): readonly Step[] =>
    verifyBundle(files, { logKeys, witnessKeys: null });
  const steps = verify(vkeys ?? null);
  const own = linesOf(files.get("log.vkey"));
  const last = steps.at(-1);
  const foreign = last?.id === "checkpoint" && !last.ok && vkeys !== undefined && own.length > 0;
  if (foreign && !verify(null).every((step) => step.ok)) return steps;
  if (foreign && !log)
    return [...steps.slice(0, -1), { ...last, detail: `${last.detail}; ${otherKeys(own)}` }];
  if (!log || !(foreign || steps.every((step) => step.ok))) return steps;
  const { checkpoint } = parseProof(files.get("entry.tlog-proof") ?? new Uint8Array(0));
  const held = foreign ? verify(null) : steps;
  const older = foreign ? own : (vkeys ?? own);
  try {
    const detail = await verifyStillHolds(log, checkpoint, { older, trusted: vkeys ?? own });
    return [...held, { id: "consistency", ok: true, detail }];
  } catch (error) {
    if (!(error instanceof LogError) && !(error instanceof MonitorProblem)) throw error;
    const hint = error instanceof LogError && error.code === "unknown-key" ? `; ${passBoth}` : "";
    return [...held, { id: "consistency", ok: false, detail: error.message + hint }];
  }
}

const otherKeys = (own: readonly string[]): string =>
  `the bundle names ${own.join(" and ")}: if that was the log's key too, pass it as well (--vkey), or give --log`;
const passBoth = "if you know that both are the log's, pass --vkey for each";

const linesOf = (file: Uint8Array | undefined): readonly string[] =>
  text(file ?? new Uint8Array(0))
    .split("\n")
    .filter((line) => line !== "");

function requireKey(vkey: string): void {
  try {
    parseVerifierKey(vkey);
  } catch (error) {
    throw new UsageError(`--vkey: ${error instanceof Error ? error.message : "no key"}`);
  }
}

function stepsText(steps: readonly Step[], ok: boolean, keys: string): string {
  const lines = steps.map(
    ({ id, ok: good, detail }) => `${good ? "ok    " : "FAILED"}  ${id.padEnd(12)}${detail}`,
  );
  if (ok && keys === "own")
    lines.push(
      "",
      "Checked with the key that came with it: compare it with one that you have from elsewhere (--vkey).",
    );
  return `${lines.join("\n")}\n`;
}
