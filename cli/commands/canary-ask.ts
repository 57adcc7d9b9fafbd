import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { CanaryError, parseTerms } from "../../lib/engine/canary";
import {
  type Answer,
  fewestRepeats,
  formatAnswers,
  parseHeaderLine,
  readTranscript,
  sentDigest,
  type TranscriptHeader,
  type TranscriptSummary,
} from "../../lib/engine/canary/transcript";
import { EngineError } from "../../lib/engine/errors";
import { ask, type ItemsFile, openJournal, readItemsFile, transcriptHeader } from "../../lib/engine/io/ask";
import { hashLogsByOpenssl } from "../../lib/engine/io/fast-log";
import { type AskValues, adapterOf, extractorOf, parseAskArguments, whole } from "../ask-options";
import { forTerminal, writeOutput } from "../output";
import { createProgress } from "../progress";
import { UsageError } from "../usage";

/** `slipmark canary ask ITEMS.jsonl`: answers to --out, the transcript beside them; 0 when every item was asked. */
export async function canaryAskCommand(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parseAskArguments(args);
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0 || values.out === undefined)
    throw new UsageError("canary ask takes one ITEMS.jsonl and --out answers.jsonl");
  const sources = [values.endpoint, values.command, values.transcript].filter((one) => one !== undefined);
  if (sources.length !== 1)
    throw new UsageError(
      "Say whom to ask: --endpoint URL with --model NAME, --command, or --transcript FILE",
    );
  if (values.root !== undefined && values.transcript === undefined)
    throw new UsageError("--root belongs to --transcript");
  hashLogsByOpenssl();
  try {
    const items = await readItemsFile(path);
    const summary =
      values.transcript === undefined
        ? await askItems(items, values, signal)
        : await fromTranscript(items, values.transcript, values.root);
    await writeWhole(values.out, formatAnswers(answersOf(summary)));
    const report = reportOf(summary, values);
    if (values.json) await writeOutput(process.stdout, `${JSON.stringify(report)}\n`);
    else await writeOutput(process.stderr, forTerminal(textOf(report)));
    return 0;
  } catch (error) {
    if (error instanceof CanaryError) throw new EngineError("bad-input", error.message);
    throw error;
  }
}

async function askItems(
  { items, image }: ItemsFile,
  values: AskValues,
  signal: AbortSignal,
): Promise<TranscriptSummary> {
  const terms = values.terms === undefined ? null : parseTerms(await readJson(values.terms));
  if (terms && (values.prompt ?? values.extract ?? values.repeats) !== undefined)
    throw new UsageError("--terms fix the prompt, the extractor and the repeats");
  const adapter = adapterOf(values);
  const header = transcriptHeader(adapter, items, {
    setId: values.set ?? null,
    weights: values.weights ?? null,
    engine: values.engine ?? null,
    engineVersion: values["engine-version"] ?? null,
    quantisation: values.quantisation ?? null,
    prompt: terms?.prompt ?? values.prompt ?? "{prompt}",
    extractor: terms?.extractor ?? extractorOf(values.extract),
    repeats: terms?.repeats ?? whole(values.repeats, "--repeats", fewestRepeats),
    startedAt: new Date(),
  });
  const progress = createProgress(process.stderr);
  const record = recordPath(values);
  const journal = await openJournal(record, header, values.resume ?? false);
  try {
    return await ask({
      header: journal.header,
      items,
      image,
      adapter,
      done: journal.done,
      budget: values.budget === undefined ? null : whole(values.budget, "--budget", 0),
      signal,
      async onCall(_, line) {
        await journal.append(line);
        progress.bytes(line.length);
      },
      onProgress: ({ done, total, waitingMs }) => {
        const waiting = waitingMs === undefined ? "" : `, waiting ${Math.ceil(waitingMs / 1000)} s as asked`;
        progress.phase({ phase: `${done} of ${total} calls${waiting}`, done, total });
      },
    });
  } catch (error) {
    throw goesOn(error, record);
  } finally {
    progress.clear();
    await journal.close();
  }
}

/** What was answered is kept: the message of a stop says how to go on. */
function goesOn(error: unknown, record: string): unknown {
  if (!(error instanceof EngineError) || error.code === "bad-input") return error;
  const { code, message, detail } = error;
  return new EngineError(code, `${message}. ${record} has all calls until here; --resume goes on`, detail);
}

async function fromTranscript(
  { items, image }: ItemsFile,
  path: string,
  root: string | undefined,
): Promise<TranscriptSummary> {
  const { size } = await stat(path);
  if (size > 1024 ** 3) throw new EngineError("too-large", `${path} is larger than 1 GiB`);
  try {
    const bytes = await readFile(path);
    const header = transcriptHeaderOf(bytes);
    const sent = new Map<string, string>();
    for (const item of items)
      if (item.image !== undefined) sent.set(item.id, sentDigest(header, item, await image(item)));
    return readTranscript(bytes, { items, sent, ...(root === undefined ? {} : { root }) });
  } catch (error) {
    if (error instanceof CanaryError) throw new EngineError("bad-input", `${path}: ${error.message}`);
    throw error;
  }
}

function transcriptHeaderOf(bytes: Uint8Array): TranscriptHeader {
  const end = bytes.indexOf(0x0a);
  return parseHeaderLine(end < 0 ? bytes : bytes.subarray(0, end));
}

function answersOf({ answers }: TranscriptSummary): Answer[] {
  return answers.map(({ id, answer, stable }) => (stable ? { id, answer } : { id, answer, unstable: true }));
}

function recordPath(values: AskValues): string {
  return values.record ?? `${(values.out ?? "").replace(/\.jsonl$/, "")}.transcript.jsonl`;
}

function reportOf(summary: TranscriptSummary, values: AskValues) {
  const { answers, root, calls, problems, served, header } = summary;
  const unstable = answers.filter(({ stable }) => !stable).length;
  const blank = answers.filter(({ stable, answer }) => stable && answer === "").length;
  return {
    schema: "slipmark.canary-ask/v1",
    model: header.model,
    items: answers.length,
    answered: answers.length - unstable - blank,
    blank,
    unstable,
    calls,
    problems,
    served,
    transcript: { root, calls, file: values.transcript ?? recordPath(values) },
    out: values.out,
  };
}

function textOf(report: ReturnType<typeof reportOf>): string {
  const { items, answered, blank, unstable, calls, problems, served, transcript } = report;
  const lines = [
    `items       ${items}: ${answered} answered, ${blank} blank, ${unstable} unstable`,
    `calls       ${calls}`,
    `transcript  ${transcript.file}`,
    `root        ${transcript.root}  (register it before anything is revealed)`,
  ];
  const counted = Object.entries(problems).map(([name, count]) => `${count} ${name}`);
  if (counted.length > 0) lines.push(`no answer   ${counted.join(", ")}`);
  if (served.length > 1)
    lines.push(`served by   ${served.join(" · ").slice(0, 400)}  (not one model in all calls)`);
  return `${lines.join("\n")}\n`;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new EngineError("bad-input", `${path} is not JSON`);
    throw error;
  }
}

/** In the place of an old one at once, or not at all. */
async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  try {
    await writeFile(part, text);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
