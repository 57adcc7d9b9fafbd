import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { EngineError } from "../../lib/engine/errors";
import { publicLog } from "../../lib/engine/io/public-log";
import { base64, LogError, parseVerifierKey, signatureTypes } from "../../lib/engine/log";
import { type BlobChoice, type FollowReport, followLog, MonitorProblem } from "../../lib/engine/log/monitor";
import { forTerminal, writeOutput } from "../output";
import { createProgress, readableBytes } from "../progress";
import { sourceIoFrom } from "../settings";
import { readStateFile, writeStateFile } from "../state-file";
import { UsageError } from "../usage";

const choices: readonly string[] = ["all", "sample", "none"] satisfies BlobChoice[];
/** A redaction's tombstone is in the log within moments. */
const tombstoneMs = 2_000;

/** `slipmark monitor`: 0 when everything is as it has to be, 1 when the log is refused. */
export async function monitorCommand(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: true,
    options: {
      state: { type: "string" },
      blobs: { type: "string", default: "sample" },
      vkey: { type: "string", multiple: true },
      witness: { type: "string", multiple: true },
      json: { type: "boolean" },
    },
  });
  const [address, ...more] = positionals;
  if (address === undefined || more.length > 0 || values.state === undefined)
    throw new UsageError("monitor takes one URL and --state FILE");
  if (!choices.includes(values.blobs)) throw new UsageError("--blobs is all, sample or none");
  const witnesses = values.witness ?? [];
  witnesses.forEach(requireWitness);
  const path = values.state;
  const progress = createProgress(process.stderr);
  const io = { ...logIo(), signal, onBytes: progress.bytes };
  try {
    const state = await readStateFile(path);
    if (state !== null && values.vkey?.every((vkey) => !state.vkeys.includes(vkey)))
      throw new EngineError("bad-input", `${path} knows this log by other keys than the one given`);
    const report = await followLog({
      fetch: publicLog(address, io),
      state,
      save: (state) => writeStateFile(path, state),
      blobs: values.blobs as BlobChoice,
      ...(values.vkey === undefined ? {} : { vkeys: values.vkey }),
      witnesses,
      pause: () => wait(tombstoneMs, undefined, { signal }),
      signal,
      onProgress: progress.phase,
    });
    progress.clear();
    if (values.json) await writeOutput(process.stdout, `${JSON.stringify(document(report))}\n`);
    else await writeOutput(process.stderr, forTerminal(reportText(report, witnesses)));
    return 0;
  } catch (error) {
    progress.clear();
    if (error instanceof LogError) throw new EngineError("bad-input", `${address}: ${error.message}`);
    if (!(error instanceof MonitorProblem)) throw error;
    const { code, message } = error;
    const refused = { schema: "slipmark.log-monitor-report/v1", ok: false, problem: { code, message } };
    if (values.json) await writeOutput(process.stdout, `${JSON.stringify(refused)}\n`);
    else await writeOutput(process.stderr, forTerminal(`slipmark: refused (${code}): ${message}\n`));
    return 1;
  }
}

function requireWitness(vkey: string): void {
  try {
    if (parseVerifierKey(vkey).type === signatureTypes.cosignature) return;
  } catch (error) {
    throw new UsageError(`--witness: ${error instanceof Error ? error.message : "no key"}`);
  }
  throw new UsageError("--witness: this is a key of a log, not of a witness");
}

/** A log is read in many small requests, and a first run reads all of it. */
export function logIo() {
  const io = sourceIoFrom(process.env);
  return { ...io, limits: { ...io.limits, maxRequests: Number.MAX_SAFE_INTEGER } };
}

function document(report: FollowReport) {
  const { root, blobs, ...rest } = report;
  return {
    schema: "slipmark.log-monitor-report/v1",
    ok: true,
    ...rest,
    root: base64(root),
    blobs: { ...blobs },
    problem: null,
  };
}

function reportText(report: FollowReport, witnesses: readonly string[]): string {
  const { origin, before, size, root, blobs, blobsTo, sampled, tombstones, cosignatures } = report;
  const lines = [
    `log         ${origin}`,
    `entries     ${size}, ${size - before} of them new; each is in the signed tree`,
    `root        ${base64(root)}`,
    `statements  ${blobs.statements} checked, ${blobs.signatures} signatures, ${blobs.payloads} payloads, ${readableBytes(blobs.bytes)}; complete up to entry ${blobsTo}`,
    `redacted    ${blobs.redacted} met, each with its tombstone; ${tombstones} tombstones in all`,
  ];
  for (const name of witnesses.map((vkey) => parseVerifierKey(vkey).name)) {
    const time = cosignatures.find((one) => one.name === name)?.time;
    lines.push(
      `witness     ${name} ${time === undefined ? "has not signed this checkpoint yet" : signedAt(time)}`,
    );
  }
  if (blobs.unknownSigners > 0)
    lines.push(`unsigned    ${blobs.unknownSigners} statements name a key that is not public`);
  if (sampled > 0) lines.push(`earlier     ${sampled} entries looked at again`);
  return `${lines.join("\n")}\n`;
}

function signedAt(seconds: number): string {
  const date = new Date(seconds * 1000);
  return `signed it ${Number.isNaN(date.getTime()) ? `in second ${seconds}` : date.toISOString()}`;
}
