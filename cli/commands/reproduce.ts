import { stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type CompareInput, compare } from "../../lib/engine/compare";
import { EngineError } from "../../lib/engine/errors";
import { canonicalJson, sameJson } from "../../lib/engine/formats/canonical-json";
import { openCapsule } from "../../lib/engine/io/capsule/open-capsule";
import type { ReleaseReader } from "../../lib/engine/io/source/release";
import type { SourceIo } from "../../lib/engine/io/source/source-io";
import { parseSourceSpec, type SourceSpec } from "../../lib/engine/io/source/spec";
import type { InputRelease, ResultDocument } from "../../lib/engine/result/document";
import { ownBuild } from "../build-id";
import { loadResult } from "../load-result";
import { openInputs } from "../open-inputs";
import { forTerminal, writeOutput } from "../output";
import { createProgress, type Progress } from "../progress";
import { reproductionText } from "../reproduction-text";
import { sourceIoFrom } from "../settings";
import { UsageError } from "../usage";

interface Overrides {
  readonly original?: string | undefined;
  readonly suspect?: string | undefined;
  readonly ancestor?: string[] | undefined;
  readonly control?: string[] | undefined;
}

/** `slipmark reproduce`: 0 only if the digest came out the same. */
export async function reproduceCommand(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: true,
    options: {
      capsule: { type: "string" },
      original: { type: "string" },
      suspect: { type: "string" },
      ancestor: { type: "string", multiple: true },
      control: { type: "string", multiple: true },
      json: { type: "boolean" },
    },
  });
  const [source, ...more] = positionals;
  if (source === undefined || more.length > 0) throw new UsageError("reproduce takes one RESULT.json or URL");
  const progress = createProgress(process.stderr);
  const io = { ...sourceIoFrom(process.env), signal, onBytes: progress.bytes };
  try {
    const { document, ownDigest } = await loadResult(source, io);
    const input =
      values.capsule === undefined
        ? await fromRepositories(document, values, io, progress)
        : await fromCapsule(document, values.capsule);
    const build = ownBuild();
    const { result } = await compare(input, document.parameters, {
      signal,
      onProgress: progress.phase,
      build,
    });
    progress.clear();
    // A document whose digest is not that of its own content was altered, whatever a second run gives.
    const intact = ownDigest === document.digest;
    const same = intact && result.digest === document.digest;
    const outcome = {
      schema: "slipmark.reproduction/v1",
      same,
      intact,
      from: values.capsule === undefined ? "repositories" : "capsule",
      recorded: { digest: document.digest, build: document.build },
      computed: { digest: result.digest, build },
    };
    if (values.json) await writeOutput(process.stdout, `${canonicalJson(outcome)}\n`);
    else await writeOutput(process.stderr, forTerminal(reproductionText(outcome, document, result)));
    return same ? 0 : 1;
  } finally {
    progress.clear();
  }
}

async function fromCapsule(document: ResultDocument, path: string): Promise<CompareInput> {
  const capsule = await openCapsule(path);
  if (!sameJson(capsule.parameters, document.parameters)) {
    throw new EngineError("bad-input", "The capsule belongs to a run with other parameters", {});
  }
  if (capsule.readWhole > 0) {
    throw new EngineError(
      "bad-input",
      `The run read every byte of ${capsule.readWhole} files, which no capsule holds: reproduce it from the repositories, without --capsule`,
      { files: capsule.readWhole },
    );
  }
  return capsule;
}

async function fromRepositories(
  document: ResultDocument,
  overrides: Overrides,
  io: SourceIo,
  progress: Progress,
): Promise<CompareInput> {
  const { original, suspect, ancestors, controls } = document.inputs;
  const locate = (input: InputRelease, given: string | undefined, option: string) =>
    locateInput(input, given, option, io);
  const specs = {
    original: await locate(original, overrides.original, "--original"),
    suspect: await locate(suspect, overrides.suspect, "--suspect"),
    ancestors: await Promise.all(
      ancestors.map((input, index) => locate(input, overrides.ancestor?.[index], "--ancestor")),
    ),
    controls: await Promise.all(
      controls.map((input, index) => locate(input, overrides.control?.[index], "--control")),
    ),
  };
  const opened = await openInputs(specs, io, progress);
  return {
    original: underRecordedName(opened.original, original),
    suspect: underRecordedName(opened.suspect, suspect),
    ancestors: opened.ancestors.map((reader, index) => underRecordedName(reader, ancestors[index])),
    controls: opened.controls.map((reader, index) => underRecordedName(reader, controls[index])),
  };
}

/**
 * What a card declares is judged by the names that the repositories had at the recorded run; a copy in a folder or
 * under a new name is still the same release, by its commit and files.
 */
function underRecordedName(reader: ReleaseReader, input: InputRelease | undefined): ReleaseReader {
  if (input === undefined) return reader;
  const release = { ...reader.release, repository: input.repository };
  return {
    release,
    read: (...args) => reader.read(...args),
    readWhole: (...args) => reader.readWhole(...args),
  };
}

/** Where the user says, else where the result says; always at the recorded commit. */
async function locateInput(
  input: InputRelease,
  given: string | undefined,
  option: string,
  io: SourceIo,
): Promise<SourceSpec> {
  if (given !== undefined) {
    const spec = parseSourceSpec(given, { hubOrigin: io.hf.endpoint });
    return spec.kind === "folder" || spec.kind === "fingerprint"
      ? spec
      : { ...spec, revision: spec.revision ?? input.commit };
  }
  if (input.kind === "hf" || input.kind === "github") {
    if (input.repository !== null)
      return { kind: input.kind, repository: input.repository, revision: input.commit };
  }
  const isFile = input.kind === "fingerprint";
  const place = input.folder;
  const facts = place === undefined ? null : await stat(place).catch(() => null);
  if (place === undefined || !(isFile ? facts?.isFile() : facts?.isDirectory())) {
    const what = isFile ? "fingerprint" : "folder";
    throw new UsageError(
      `The ${what}${place ? ` ${place}` : ""} is not here: say where it lies with ${option} PATH`,
    );
  }
  return { kind: isFile ? "fingerprint" : "folder", repository: place, revision: null };
}
